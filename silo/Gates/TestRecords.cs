using System.Text;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>Puts what the tests of a build reported where gates and people find it. May be repeated.</summary>
internal interface ITestRecords
{
    Task RecordAsync(BuildRequest request, BuildResult built, Action<string> log, CancellationToken cancellation);
}

/// <summary>On the target, which has the report on its disk.</summary>
internal sealed class TestRecords(ArtifactStore artifacts, DocumentStore documents, TestRunStore runs, ICommitSource commits, TimeProvider time) : ITestRecords
{
    private static readonly GitOptions Git = new();

    public async Task RecordAsync(BuildRequest r, BuildResult built, Action<string> log, CancellationToken cancellation)
    {
        if (built.TestReport is not { } digest) return;
        var json = artifacts.Report(ArtifactIdentity.Key(r.Workspace, r.Project, r.Commit, [r.Service, .. r.Companions]), digest)
            ?? await documents.GetAsync(r.Workspace, digest, cancellation)
            ?? throw new DeployException("What the tests reported is gone from this machine. Retry: the tests then run anew.", retry: true);
        var report = KernelJson.Read<TestReport>(json);
        // the document first: a row whose report is not there would be worse than a report without a row
        await documents.PutAsync(r.Workspace, "tests", json, cancellation);
        await runs.AddAsync(r.Workspace, r.Project, r.Commit, digest, await CodeAsync(r, cancellation), report, time.GetUtcNow(), cancellation);
        log($"Tests by their reports: {report.Passed} passed, {report.Failed} failed, {report.Skipped} skipped{(report.CoveragePercent is { } c ? $"; {c:0.##} % of lines covered" : "")}.");
    }

    private async Task<string> CodeAsync(BuildRequest r, CancellationToken cancellation)
    {
        var git = await commits.GitDirectoryAsync(r.Workspace, r.Project, cancellation);
        // "100644 blob <id>\t<path>"
        var listing = await GitCommand.RunAsync(git, ["ls-tree", "-r", "-z", "--full-tree", r.Commit], Git.LookTimeout, cancellation);
        return TestIdentity.Code(Encoding.UTF8.GetString(listing).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t', 2)).Select(f => (f[1], f[0])));
    }
}
