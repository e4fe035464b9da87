using System.Diagnostics;
using ProdSprint.Data;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Postgres;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>History in a real database, changes from a real repository, and the job that judges by both.</summary>
public sealed class TestsGateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IJobWatch, IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("prodsprint-tests-gate-").FullName;
    private readonly TestRunStore _runs = new(postgres.Database);
    private readonly DocumentStore _documents = new(postgres.Database);
    private readonly List<string> _log = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TestReport Report(params TestCase[] cases) =>
        TestReport.Nothing with { Passed = cases.Count(c => c.Outcome == TestOutcome.Passed), Failed = cases.Count(c => c.Outcome == TestOutcome.Failed), Cases = [.. cases], Read = ["junit r.xml"] };

    private static TestCase Case(string name, TestOutcome outcome, bool wavered = false) => new("s", name, outcome, 0) { Wavered = wavered };

    private async Task<string> RanAsync(string workspace, string commit, string code, TestReport report, DateTimeOffset? at = null)
    {
        var digest = await _documents.PutAsync(workspace, "tests", KernelJson.Write(report), Cancellation);
        await _runs.AddAsync(workspace, "shop", commit, digest, code, report, at ?? TimeProvider.System.GetUtcNow(), Cancellation);
        return digest;
    }

    private async Task<TestsResult> JudgeAsync(string workspace, string commit, string? report, string? stable)
    {
        var handler = new TestsHandler(new ProjectMirrors(Path.Combine(_home, "mirrors"), new(new(), _home, signedIn: false)), _documents, _runs, TimeProvider.System);
        var job = new Job(Guid.NewGuid().ToString("n"), workspace, "shop", handler.Kind, null, KernelJson.Write(new TestsRequest(workspace, "shop", commit, report, stable, null)), 1, 1, TimeSpan.FromMinutes(1), 0);
        return KernelJson.Read<TestsResult>((await handler.RunAsync(new(job, this), Cancellation))!);
    }

    [Fact]
    public async Task ATestThatWavers_IsQuarantined_AndItsFailureBlocksAgainWhenStablePassesIt()
    {
        const string ws = "wavers";
        var first = await RanAsync(ws, "c1", "x", Report(Case("a", TestOutcome.Passed, wavered: true), Case("b", TestOutcome.Passed)));

        (await JudgeAsync(ws, "c1", first, null)).ShouldSatisfyAllConditions(r => r.Blocking.ShouldBeEmpty(), r => r.Tolerated.ShouldBe(1));

        var q = (await _runs.QuarantinesAsync(ws, "shop", Cancellation)).ShouldHaveSingleItem();
        (q.Name, q.By).ShouldBe(("a", FlakyTests.By));
        _log.ShouldContain(l => l.StartsWith("Quarantined until"));
        var second = await RanAsync(ws, "c2", "y", Report(Case("a", TestOutcome.Failed), Case("b", TestOutcome.Passed)));
        // stable wavers as well: the failure stops nothing
        (await JudgeAsync(ws, "c2", second, "c1")).Blocking.ShouldBeEmpty();
        await RanAsync(ws, "c3", "z", Report(Case("a", TestOutcome.Passed)));
        (await JudgeAsync(ws, "c2", second, "c3")).Blocking.Single().ShouldContain("passes on the stable version");
        (await _runs.ReleaseAsync(ws, "shop", "s", "a", "user:bo", TimeProvider.System.GetUtcNow(), Cancellation)).ShouldBeTrue();
        (await _runs.ReleaseAsync(ws, "shop", "s", "a", "user:bo", TimeProvider.System.GetUtcNow(), Cancellation)).ShouldBeFalse();
        (await JudgeAsync(ws, "c2", second, "c1")).Blocking.ShouldHaveSingleItem();
        (await _runs.QuarantinesAsync(ws, "shop", Cancellation)).Single().EndedBy.ShouldBe("user:bo");
    }

    [Fact]
    public async Task AddAsync_Twice_IsOnce_AndAnotherWorkspaceSeesNothing()
    {
        var report = Report(Case("a", TestOutcome.Failed));
        await RanAsync("twice", "c1", "x", report);
        await RanAsync("twice", "c1", "x", report);
        (await _runs.RunsAsync("twice", "shop", null, 10, Cancellation)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(r => r.Failed.ShouldBe(1), r => r.Coverage.ShouldBeNull());
        (await _runs.OfTestAsync("twice", "shop", "s", "a", 10, Cancellation)).ShouldHaveSingleItem().Outcome.ShouldBe(TestOutcome.Failed);
        (await _runs.RunsAsync("other", "shop", null, 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task OldRuns_BeyondTheKept_AreGone_WithTheirOutcomes()
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < 55; i++) await RanAsync("old", $"c{i:00}", "x", Report(Case("a", TestOutcome.Passed)), now.AddDays(-100 + i));
        (await _runs.RunsAsync("old", "shop", null, 100, Cancellation)).Length.ShouldBe(50);
        (await _runs.OfTestAsync("old", "shop", "s", "a", 100, Cancellation)).Length.ShouldBe(50);
        (await _runs.RunsAsync("old", "shop", "c00", 1, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Coverage_OfChangedLines_ByTheRepositorysOwnDifference()
    {
        const string ws = "lines";
        var repository = Directory.CreateDirectory(Path.Combine(_home, "repository")).FullName;
        Git(repository, "init", "-q");
        var stable = Commit(repository, "one\ntwo\nthree\n");
        var commit = Commit(repository, "one\nchanged\nthree\nfour\n");
        Directory.CreateDirectory(Path.Combine(_home, "mirrors", ws));
        Git(_home, "clone", "-q", "--mirror", repository, new ProjectMirrors(Path.Combine(_home, "mirrors"), new(new(), _home, signedIn: false)).Path(ws, "shop"));
        TestReport Covering(string covered, string missed) => Report(Case("a", TestOutcome.Passed)) with { Files = [new("a.js", covered, missed), new("b.js", "1-100", "")] };
        await RanAsync(ws, stable, "x", Covering("1-3", ""));
        var report = await RanAsync(ws, commit, "y", Covering("1,3-4", "2"));

        var result = await JudgeAsync(ws, commit, report, stable);

        result.CoveragePercent.ShouldBe(99.04);
        var finding = result.Findings.ShouldHaveSingleItem();
        finding.Id.ShouldBe(TestControls.ChangedLines);
        finding.Summary!.ShouldBe("50 % of the 2 changed lines are covered, and 90 % are to be (what they replace: 100 %; 1 more: at least 80 %); not run: a.js:2");
        // the history was rewritten: there is nothing to compare with
        (await JudgeAsync(ws, commit, report, new string('d', 40))).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReportIsGone_TheJobFailsWithTheNextStep() =>
        (await Should.ThrowAsync<JobFailedException>(() => JudgeAsync("gone", "c1", "sha256:" + new string('0', 64), null))).Next.ShouldContain("prodsprint release");

    void IJobWatch.Log(Job job, string line) => _log.Add(line);

    void IJobWatch.Progress(Job job, double percent, string text) { }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static string Commit(string repository, string content)
    {
        File.WriteAllText(Path.Combine(repository, "a.js"), content);
        Git(repository, "add", "-A");
        Git(repository, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "x");
        return Git(repository, "rev-parse", "HEAD").Trim();
    }

    private static string Git(string directory, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (git.StandardOutput.ReadToEnd(), git.StandardError.ReadToEnd());
        git.WaitForExit();
        git.ExitCode.ShouldBe(0, complained);
        return said;
    }
}
