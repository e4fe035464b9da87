using System.Collections.Immutable;
using ProdSprint.Data;
using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;

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
            var mirror = await GitRepository.ImportAsync(request.Source, mirrors.Path(request.Workspace, request.Project), cancellation: cancellation);
            var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var digest in request.Bundles)
                foreach (var (path, text) in FileBundle.Read(await TextAsync(request.Workspace, digest, cancellation)).Files) files[path] = text;
            // Who has made a generated test their own keeps it.
            if (files.Keys.Any(GeneratedTests.IsFile))
            {
                using var tree = await mirror.TreeAsync(request.Commit, cancellation);
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

    private async Task<string> TextAsync(string workspace, string digest, CancellationToken cancellation) =>
        await documents.GetAsync(workspace, digest, cancellation) ?? throw new JobFailedException($"The files {digest} are not kept here.", "prodsprint blueprint --branch NAME");
}
