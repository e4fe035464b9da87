using System.Collections.Immutable;
using ProdSprint.Data;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>Judges what the tests of a build reported, and puts aside the tests that waver. Runs nothing.</summary>
public sealed class TestsHandler(ProjectMirrors mirrors, DocumentStore documents, TestRunStore runs, TimeProvider time) : IJobHandler
{
    public string Kind => GateJobs.Tests;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var r = context.Read<TestsRequest>();
        var now = time.GetUtcNow();
        var report = r.Report is { } digest ? await ReportAsync(r, digest, cancellation) ?? throw new JobFailedException("What the tests reported is not in the database any more.", $"release the commit again: prodsprint release --project {r.Project}") : TestReport.Nothing;
        context.Progress(30, $"{report.Passed + report.Failed + report.Skipped} tests");
        var history = await runs.HistoryAsync(r.Workspace, r.Project, now - FlakyTests.Window, cancellation);
        var aside = FlakyTests.Find(history, report.Passed + report.Failed + report.Skipped, now);
        await runs.QuarantineAsync(r.Workspace, r.Project, aside, cancellation);
        foreach (var q in aside) context.Log($"Quarantined until {q.Until:yyyy-MM-dd}: {q} {q.Reason}");
        history = history with { Quarantines = [.. history.Quarantines.Where(q => aside.All(a => a.Identity() != q.Identity())), .. aside] };
        var failures = FlakyTests.Judge(report, history, r.Stable, now);
        context.Progress(60, "coverage");
        var changes = report.Files.IsEmpty ? null : await ChangesAsync(r, cancellation);
        var stable = changes is null ? null : await StableAsync(r, cancellation);
        var result = TestsGate.Judge(report, failures, CoverageGate.Judge(report, stable, changes, r.Coverage ?? CoveragePolicy.Usual));
        foreach (var line in result.Blocking.Concat(result.Findings.Select(f => $"{f.Id}: {f.Summary}"))) context.Log(line);
        return JobContext.Write(result);
    }

    private async Task<TestReport?> ReportAsync(TestsRequest r, string digest, CancellationToken cancellation) =>
        await documents.GetAsync(r.Workspace, digest, cancellation) is { } json ? KernelJson.Read<TestReport>(json) : null;

    private async Task<TestReport?> StableAsync(TestsRequest r, CancellationToken cancellation) =>
        await runs.RunsAsync(r.Workspace, r.Project, r.Stable, 1, cancellation) is [var last] ? await ReportAsync(r, last.Digest, cancellation) : null;

    /// <summary>Null: nothing serves yet, it is this very commit, or the history was rewritten and the stable commit is gone.</summary>
    private async Task<ImmutableArray<LineChange>?> ChangesAsync(TestsRequest r, CancellationToken cancellation)
    {
        if (r.Stable is null || r.Stable == r.Commit) return null;
        try
        {
            return LineChange.Read(await GitRepository.Open(await mirrors.GitDirectoryAsync(r.Workspace, r.Project, cancellation), new()).LinesAsync(r.Stable, r.Commit, cancellation));
        }
        catch (GitProblem e) when (e.Code is "commit.unknown" or "source.too-large")
        {
            return null;
        }
        catch (GitProblem e)
        {
            throw new JobFailedException(e.Message, "import the project again: prodsprint import", retry: e.Code == "git.timeout", inner: e);
        }
        catch (Deploy.DeployException e)
        {
            throw new JobFailedException(e.Message, "import the project again: prodsprint import", inner: e);
        }
    }
}
