using System.Collections.Immutable;
using System.ComponentModel;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>What the tests of a project's builds reported, and which of them are in quarantine.</summary>
public static class TestsApi
{
    /// <param name="Test">As it is shown: <c>suite › name</c>, or the name alone where only one test has it.</param>
    public sealed record QuarantineBody(string Test, string Ticket, DateTimeOffset Expires, string? Reason = null) : IReasoned;
    public sealed record ReleaseTestBody(string Test, string? Reason = null) : IReasoned;

    /// <param name="Report"><c>sha256:…</c> of the whole report.</param>
    /// <param name="Unnamed">Failures that no report names.</param>
    /// <param name="Cases">Those that failed or wavered, at most 200.</param>
    /// <param name="LeastCovered">The files with the most lines that no test runs, at most 50.</param>
    public sealed record TestsView(
        string Commit, string Report, DateTimeOffset At, int Passed, int Failed, int Skipped, int Unnamed, double? CoveragePercent, ImmutableArray<TestCase> Cases, ImmutableArray<FileCoverage> LeastCovered,
        ImmutableArray<string> Read, ImmutableArray<string> Unread);

    /// <summary>What stays longer aside is removed, not quarantined.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    public static void MapTestsApi(this IEndpointRouteBuilder routes)
    {
        var tests = routes.MapGroup("/v1/projects/{project}/tests").WithTags("Gates");
        tests.MapGet("", Get).WithName("GetTests").WithSummary("What the tests of a commit reported: the newest one, where none is named").Refuses(404, "project.not-found", "tests.not-found");
        tests.MapGet("runs", Runs).WithName("ListTestRuns").WithSummary("The last 50 builds whose tests wrote reports, newest first").Refuses(404, "project.not-found");
        tests.MapGet("history", History).WithName("GetTestHistory").WithSummary("One test's outcomes, newest first").Refuses(404, "project.not-found", "test.not-found").Refuses(409, "test.ambiguous");
        tests.MapGet("quarantine", Quarantined).WithName("ListQuarantinedTests").WithSummary("Tests that are in quarantine or were, newest first").Refuses(404, "project.not-found");
        tests.MapPost("quarantine", Quarantine).WithName("QuarantineTest").WithSummary("Puts a test that wavers aside until a day; it still blocks what it passes on the stable version and fails on the new one")
            .Refuses(404, "project.not-found", "test.not-found").Refuses(403, "test.by-machine").Refuses(409, "test.ambiguous").Refuses(422, "test.no-reason", "test.no-ticket", "test.bad-expiry", "test.too-long");
        tests.MapPost("quarantine/release", Release).WithName("ReleaseTest").WithSummary("Takes a test out of quarantine before its day").Refuses(404, "project.not-found", "test.not-found").Refuses(409, "test.ambiguous", "test.not-quarantined");
    }

    private static async Task<JsonBody<TestsView>> Get(string project, [Description("A full commit id")] string? commit, Caller caller, TestRunStore runs, DocumentStore documents, ViewReads views, CancellationToken cancellation)
    {
        await Known(project, caller, views, cancellation);
        if (await runs.RunsAsync(caller.Workspace, project, commit, 1, cancellation) is not [var run] || await documents.GetAsync(caller.Workspace, run.Digest, cancellation) is not { } json)
            throw new ProblemException(404, "tests.not-found", "No tests", commit is null ? "No build's tests have written a report yet." : $"No report of tests of {commit} is kept.", "Have the tests write one (docs/gates.md says how), and release");
        var r = KernelJson.Read<TestReport>(json);
        return JsonBody<TestsView>.Of(new TestsView(
            run.Commit, run.Digest, run.At, r.Passed, r.Failed, r.Skipped, r.Unnamed, r.CoveragePercent, [.. r.Cases.Where(c => c.Outcome == TestOutcome.Failed || c.Wavered).Take(200)],
            [.. r.Files.Where(f => f.Missed.Length > 0).OrderByDescending(f => LineRanges.Count(f.Missed)).ThenBy(f => f.Path, StringComparer.Ordinal).Take(50)], r.Read, r.Unread));
    }

    private static async Task<JsonPage<TestRunRow>> Runs(string project, Caller caller, TestRunStore runs, ViewReads views, CancellationToken cancellation)
    {
        await Known(project, caller, views, cancellation);
        return JsonPage<TestRunRow>.Of(await runs.RunsAsync(caller.Workspace, project, null, 50, cancellation));
    }

    private static async Task<JsonPage<TestSeen>> History(string project, [Description("suite › name, or the name alone")] string test, Caller caller, TestRunStore runs, ViewReads views, CancellationToken cancellation)
    {
        var (suite, name) = await One(project, test, caller, runs, views, cancellation);
        return JsonPage<TestSeen>.Of(await runs.OfTestAsync(caller.Workspace, project, suite, name, 100, cancellation));
    }

    private static async Task<JsonPage<TestQuarantine>> Quarantined(string project, Caller caller, TestRunStore runs, ViewReads views, CancellationToken cancellation)
    {
        await Known(project, caller, views, cancellation);
        return JsonPage<TestQuarantine>.Of(await runs.QuarantinesAsync(caller.Workspace, project, cancellation));
    }

    private static async Task<JsonBody<TestQuarantine>> Quarantine(string project, QuarantineBody body, Caller caller, TestRunStore runs, ViewReads views, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (!caller.Actor.IsUser) throw new ProblemException(403, "test.by-machine", "A person has to answer for it", $"{caller.Actor} is not a person.", "Quarantine it with your own identity");
        if (string.IsNullOrWhiteSpace(body.Reason)) throw ProblemException.Invalid("test.no-reason", "It says no reason.", "Say in one sentence why it wavers");
        if (string.IsNullOrWhiteSpace(body.Ticket)) throw ProblemException.Invalid("test.no-ticket", "It names no ticket.", "Name the ticket in which it is being mended");
        if (body.Reason.Length > 2000 || body.Ticket.Length > 300) throw ProblemException.Invalid("test.too-long", "The reason or the ticket is too long.", "At most 2000 characters for the reason and 300 for the ticket");
        if (body.Expires <= now || body.Expires > now + Longest) throw ProblemException.Invalid("test.bad-expiry", $"It would end at {body.Expires:yyyy-MM-dd HH:mm} UTC.", $"Give a time to come, within {Longest.TotalDays:0} days");
        var (suite, name) = await One(project, body.Test, caller, runs, views, cancellation);
        var aside = new TestQuarantine(suite, name, body.Reason, body.Ticket, caller.Actor.Id, now, body.Expires);
        await runs.QuarantineAsync(caller.Workspace, project, [aside], cancellation);
        return JsonBody<TestQuarantine>.Of(aside);
    }

    private static async Task<JsonPage<TestQuarantine>> Release(string project, ReleaseTestBody body, Caller caller, TestRunStore runs, ViewReads views, TimeProvider time, CancellationToken cancellation)
    {
        var (suite, name) = await One(project, body.Test, caller, runs, views, cancellation);
        if (!await runs.ReleaseAsync(caller.Workspace, project, suite, name, caller.Actor.Id, time.GetUtcNow(), cancellation))
            throw new ProblemException(409, "test.not-quarantined", "Not in quarantine", $"'{body.Test}' is in no quarantine that holds.", $"prodsprint tests quarantine list --project {project}");
        return JsonPage<TestQuarantine>.Of(await runs.QuarantinesAsync(caller.Workspace, project, cancellation));
    }

    private static async Task Known(string project, Caller caller, ViewReads views, CancellationToken cancellation) =>
        _ = await views.GetAsync(caller.Workspace, GrainKeys.Project(caller.Workspace, project), cancellation) ?? throw ProjectNames.Missing(project);

    private static async Task<(string Suite, string Name)> One(string project, string test, Caller caller, TestRunStore runs, ViewReads views, CancellationToken cancellation)
    {
        await Known(project, caller, views, cancellation);
        return await runs.NamedAsync(caller.Workspace, project, test, cancellation) switch
        {
            [var one] => one,
            [] => throw new ProblemException(404, "test.not-found", "No such test", $"No report names a test '{test}'.", $"Names as they are shown: prodsprint tests show --project {project}"),
            var several => throw new ProblemException(409, "test.ambiguous", "Several tests", $"'{test}' is the name of several: {string.Join("; ", several.Take(5).Select(t => $"{t.Suite} › {t.Name}"))}.", "Name one with its suite: 'suite › name'"),
        };
    }
}
