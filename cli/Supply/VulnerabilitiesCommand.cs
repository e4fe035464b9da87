using System.CommandLine;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary><c>prodsprint vulnerabilities</c>: the bill of materials against advisories on disk. Exit code 3 when something critical or high is found.</summary>
public static class VulnerabilitiesCommand
{
    private static readonly Argument<string> Folder = new("path") { Description = "A folder or a git repository on this machine", DefaultValueFactory = _ => "." };
    private static readonly Option<string?> Ref = new("--ref") { Description = "Branch, tag or commit (default: HEAD)" };
    private static readonly Option<string?> Report = new("--report") { Description = "What Trivy, Grype or Snyk found (JSON), or a SARIF file, instead of looking oneself" };
    private static readonly Option<string?> Database = new("--database", "-d") { Description = "Advisories in OSV's format: a folder, a file, or a zip as OSV exports them" };

    public static Command Create() => new Command("vulnerabilities", "Known weaknesses of what a repository is built from; needs no server") { AdvisoriesImport.Create(), FindingsList.Create(), Folder, Ref, Database, Report }.Runs(async (run, cancellation) =>
    {
        if (run.Get(Report) is { } report) return ReportOfScanner.Read(run, report);
        if (run.Get(Database) is not { } database) throw new CliException(ExitCode.Usage, "vulnerabilities.no-database", "Held against what?", "Neither advisories nor a report are named.", "Give --database PATH (advisories in OSV's format) or --report FILE (of Trivy, Grype, Snyk or SARIF)");
        try
        {
            using var local = await LocalTree.OpenAsync(run.Get(Folder)!, run.Get(Ref), cancellation: cancellation);
            var bill = SbomReader.Read(local.Tree);
            var (about, read, broken) = AdvisoryFiles.Load(database, bill.Components.Select(c => Findings.Key(c.Ecosystem, c.Name)).ToHashSet(StringComparer.Ordinal), cancellation);
            var findings = Findings.Find(bill, about);
            foreach (var f in findings) Say(run, f);
            run.Line($"{findings.Length} findings in {bill.Components.Length} components, {read} advisories read{(broken > 0 ? $", {broken} files were none" : "")}");
            if (findings.Any(f => f.Level is "critical" or "high" && !f.Development)) run.ExitCode = ExitCode.Rejected;
            return System.Text.Json.Nodes.JsonNode.Parse(CanonicalJson.Write(new { local.Tree.Commit, Components = bill.Components.Length, Advisories = read, Broken = broken, Findings = findings, bill.Unread }));
        }
        catch (GitProblem e)
        {
            throw new CliException(ExitCode.Usage, e.Code, "Cannot be read", e.Message);
        }
        catch (IOException e)
        {
            throw new CliException(ExitCode.Usage, "vulnerabilities.bad-database", "No database", e.Message, "Give a folder of OSV advisories, or a zip of them: --database PATH");
        }
    });

    internal static void Say(CommandRun run, Finding f) =>
        run.Line($"{(f.Level is "critical" or "high" ? Screen.Bad(f.Level.PadRight(8)) : f.Level.PadRight(8))} {f.Advisory}  {f.Purl}{(f.FixedIn is { } v ? $" → {v}" : "")}  {Screen.Dim(f.Summary ?? "")}");
}
