using System.Collections.Immutable;
using System.Text;
using ProdSprint.Data;
using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Costs;

namespace ProdSprint.Projects;

/// <summary>Writes the files of an approved plan as a branch; see <see cref="IChangeRemote"/>.</summary>
public sealed class BranchHandler(ProjectMirrors mirrors, DocumentStore documents, IChangeRemote remote) : IJobHandler
{
    public string Kind => ProjectJobs.Branch;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<BranchRequest>();
        try
        {
            context.Progress(10, $"fetching {request.Source}");
            var mirror = await mirrors.ImportAsync(request.Workspace, request.Project, request.Source, cancellation);
            var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            var limits = new List<LimitsChange>();
            foreach (var digest in request.Bundles)
            {
                var bundle = FileBundle.Read(await TextAsync(request.Workspace, digest, cancellation));
                foreach (var (path, text) in bundle.Files) files[path] = text;
                limits.AddRange(bundle.Limits ?? []);
            }
            // Who has made a generated test their own keeps it.
            if (limits.Count > 0 || files.Keys.Any(GeneratedTests.IsFile))
            {
                using var tree = await mirror.TreeAsync(request.Commit, cancellation);
                if (limits.Count > 0) Limit(tree, limits, files);
                foreach (var entry in tree.Entries.Where(e => GeneratedTests.IsFile(e.Path))) files.Remove(entry.Path);
            }
            context.Progress(50, $"writing {files.Count} files as {request.Branch}");
            var proposal = new ChangeProposal(request.Source, request.Commit, request.Branch, new(files.ToImmutable()), request.Title, await TextAsync(request.Workspace, request.Text, cancellation), request.At);
            var change = await remote.ProposeAsync(mirror, proposal, cancellation);
            return JobContext.Write(new BranchResult(change.Commit, await documents.PutAsync(request.Workspace, "branch-diff", change.Diff, cancellation), change.Compare));
        }
        catch (GitProblem e)
        {
            throw new JobFailedException(e.Message, "prodsprint blueprint --branch NAME", retry: e.Code == "git.timeout", inner: e);
        }
    }

    /// <summary>Limits stand in the repository's own file, which is known here alone.</summary>
    private static void Limit(GitTree tree, List<LimitsChange> limits, ImmutableSortedDictionary<string, string>.Builder files)
    {
        var entry = tree.Entries.FirstOrDefault(e => ConfigurationReader.FileNames.Contains(e.Path));
        files[entry?.Path ?? ConfigurationReader.FileNames[0]] = (entry is null ? LimitsEditor.Edit(null, limits) : Text(tree, entry) is { } text ? LimitsEditor.Edit(text, limits) : null)
            ?? throw new JobFailedException($"{entry!.Path} is not written line by line, so it cannot be edited without changing more than is asked for.",
                $"edit it by hand: {string.Join("; ", limits.Select(l => $"services.{l.Service}: {(l.MemoryMiB is { } m ? $"memory: {m} " : "")}{(l.Cpus is { } c ? $"cpus: {c}" : "")}".TrimEnd()))}");
    }

    private static string? Text(GitTree tree, TreeEntry entry)
    {
        if (entry.Kind is not (TreeEntryKind.File or TreeEntryKind.Executable) || entry.Size > RepositoryFiles.ManifestLimit) return null;
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(tree.Read(entry, RepositoryFiles.ManifestLimit).Span);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private async Task<string> TextAsync(string workspace, string digest, CancellationToken cancellation) =>
        await documents.GetAsync(workspace, digest, cancellation) ?? throw new JobFailedException($"The files {digest} are not kept here.", "prodsprint blueprint --branch NAME");
}
