using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary><c>prodsprint sbom</c>: what a repository is built from, by its lock files, without a server and without running anything of it.</summary>
public static class SbomCommand
{
    private static readonly Argument<string> Folder = new("path") { Description = "A folder or a git repository on this machine", DefaultValueFactory = _ => "." };
    private static readonly Option<string?> Ref = new("--ref") { Description = "Branch, tag or commit (default: HEAD)" };
    private static readonly Option<string> Format = new("--format") { Description = "cyclonedx (1.6) or spdx (2.3)", DefaultValueFactory = _ => "cyclonedx" };

    public static Command Create() => new Command("sbom", "Bill of materials of a repository; needs no server") { Folder, Ref, Format }.Runs(async (run, cancellation) =>
    {
        var format = run.Get(Format)!;
        if (format is not ("cyclonedx" or "spdx")) throw new CliException(ExitCode.Usage, "sbom.bad-format", "No such format", $"'{format}' is not a format.", "--format cyclonedx or --format spdx");
        try
        {
            using var local = await LocalTree.OpenAsync(run.Get(Folder)!, run.Get(Ref), cancellation: cancellation);
            var bill = SbomReader.Read(local.Tree);
            var (name, version) = (Path.GetFileName(Path.GetFullPath(run.Get(Folder)!).TrimEnd('/')), bill.Commit.Length == 0 ? "0" : bill.Commit);
            var document = format == "spdx" ? Spdx.Write(name, version, bill, local.Commit?.AuthoredAt ?? DateTimeOffset.UnixEpoch) : CycloneDx.Write(name, version, bill);
            foreach (var lost in bill.Unread) Screen.Note($"not read: {lost.Path}: {lost.Why}");
            if (bill.LockFiles.IsEmpty) Screen.Note("There is no lock file, so nothing is known. Commit one.");
            run.Line(document.TrimEnd('\n'));
            return JsonNode.Parse(document);
        }
        catch (GitProblem e)
        {
            throw new CliException(ExitCode.Usage, e.Code, "Cannot be read", e.Message);
        }
    });
}
