using System.Collections.Immutable;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>How long and how fast the load is, what is held against what, and what counts as too much.</summary>
public sealed class PerformanceGateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static RouteList Routes(int n) => new("openapi.yaml", [.. Enumerable.Range(0, n).Select(i => new KnownRoute($"GET /r{i:00}", "GET", $"/r{i:00}", ImmutableSortedDictionary<string, string>.Empty))], [], []);

    private static LoadScenario Scenario(int n, IReadOnlyCollection<RouteBudget>? budgets = null, IReadOnlyCollection<RouteBaseline>? baselines = null, PerformancePolicy? policy = null) =>
        LoadScenario.Of(Routes(n), policy ?? PerformancePolicy.Usual, RouteLimit.All(budgets ?? [], baselines ?? []));

    private static RouteBudget Budget(string route, double? p95, double? errors = null) => new(route, p95, errors, "user:bo", Now);

    private static RouteMeasure Seen(string route, double p95, int failed = 0, int requests = 40) => new(route, requests, failed, p95 / 2, p95, p95 * 1.1, failed == 0 ? null : $"{failed} × 500");

    [Theory]
    [InlineData(1, 3, 60)]
    [InlineData(3, 3, 40)]
    [InlineData(6, 3, 20)]
    [InlineData(12, 6, 20)]
    [InlineData(90, 6, 20)]
    public void Scenario_EveryRouteHasEnoughRequests_WithinTheTimeAndTheRate(int routes, double seconds, int each)
    {
        var s = Scenario(routes);
        (s.Seconds, s.Routes[0].Requests, s.Routes.Length).ShouldBe((seconds, each, Math.Min(routes, 12)));
        (s.Routes.Sum(r => r.Requests) / s.Seconds).ShouldBeLessThanOrEqualTo(PerformancePolicy.Usual.RequestsPerSecond);
        s.LeftOut.Length.ShouldBe(Math.Max(0, routes - 12));
        s.Routes.ShouldAllBe(r => r.Requests >= LoadScenario.LeastRequests);
    }

    [Fact]
    public void Scenario_RoutesTakeTurns_AndEndInTime()
    {
        var s = Scenario(3);
        var due = s.Routes.SelectMany((r, i) => Enumerable.Range(0, r.Requests).Select(n => r.Due(n, i, s))).Order().ToList();
        due.Zip(due.Skip(1), (a, b) => b - a).ShouldAllBe(gap => gap > TimeSpan.FromMilliseconds(20));
        due[^1].ShouldBeLessThan(TimeSpan.FromSeconds(s.Seconds));
    }

    [Fact]
    public void Scenario_OnlySomeFit_ThoseWithABudgetComeFirst_ThenThoseWithABaseline()
    {
        var s = Scenario(40, [Budget("GET /r39", 100)], [new("GET /r38", 1, 40, 5, 0)], new(1, 40));
        s.Routes.Select(r => r.Name).ShouldBe(["GET /r38", "GET /r39"]);
        s.LeftOut[0].Why.ShouldBe("2 routes fit into 1 s at 40 requests/s; those with a budget come first");
    }

    [Theory]
    [InlineData(10, 30, null)] // 1.5 times, but no more than 20 ms more
    [InlineData(10, 31, "GET /r00: p95 is 31 ms, and at most 30 ms may be (the stable version's 10 ms)")]
    [InlineData(200, 300, null)] // 20 ms more, but no more than 1.5 times
    [InlineData(200, 301, "GET /r00: p95 is 301 ms, and at most 300 ms may be (the stable version's 200 ms)")]
    public void Baseline_WorseByHalf_AndByWhatPeopleNotice(double stable, double now, string? breach) =>
        PerformanceGate.Judge(Scenario(1, baselines: [new("GET /r00", 3, 120, stable, 0)]), [Seen("GET /r00", now)]).ShouldHaveSingleItem().Breach.ShouldBe(breach);

    [Theory]
    [InlineData(0, 1, 100, null)]
    [InlineData(0, 2, 100, "GET /r00: 2 % of 100 requests failed (2 × 500), and at most 1 % may (the stable version's 0 %)")]
    [InlineData(100, 100, 100, null)] // it never answered well under this load: nothing is new
    public void Baseline_MoreErrors(double stable, int failed, int requests, string? breach) =>
        PerformanceGate.Judge(Scenario(1, baselines: [new("GET /r00", 3, 120, 10, stable)]), [Seen("GET /r00", 10, failed, requests)]).ShouldHaveSingleItem().Breach.ShouldBe(breach);

    [Fact]
    public void Budget_TakesTheBaselinesPlace_EachFigureByItself()
    {
        var s = Scenario(1, [Budget("GET /r00", 500)], [new("GET /r00", 3, 120, 10, 2)]);
        s.Routes[0].Limit.ShouldBe(new("GET /r00", 500, "its budget", 3, "the stable version's 2 %"));
        PerformanceGate.Judge(s, [Seen("GET /r00", 400)])[0].Breach.ShouldBeNull();
        PerformanceGate.Judge(s, [Seen("GET /r00", 501)])[0].Breach!.ShouldContain("at most 500 ms may be (its budget)");
        PerformanceGate.Judge(Scenario(1, [Budget("GET /r00", null, 0)]), [Seen("GET /r00", 9000, 1)])[0].Breach!.ShouldContain("at most 0 % may");
    }

    [Fact]
    public void NothingToHoldItAgainst_OrTooFewRequests_BlocksNothing()
    {
        var none = PerformanceGate.Result(Scenario(1), PerformanceGate.Judge(Scenario(1), [Seen("GET /r00", 4000, 40)]), "built-in");
        none.Findings.ShouldBeEmpty();
        none.Detail.ShouldContain("neither budget nor baseline yet");
        Scenario(1, baselines: [new("GET /r00", 1, 19, 1, 0)]).Routes[0].Limit.ShouldBeNull();
    }

    [Fact]
    public void Breach_SeenOnce_IsForgiven_SeenTwice_NeedsAWaiverOfItsRoute()
    {
        var s = Scenario(2, [Budget("GET /r00", 100), Budget("GET /r01", 100)]);
        var first = PerformanceGate.Judge(s, [Seen("GET /r00", 150), Seen("GET /r01", 150)]);
        var again = s.Only(["GET /r00", "GET /r01"]);
        var verdicts = PerformanceGate.Again(first, PerformanceGate.Judge(again, [Seen("GET /r00", 90), Seen("GET /r01", 160)]));
        var result = PerformanceGate.Result(s, verdicts, "built-in");
        var finding = result.Findings.ShouldHaveSingleItem();
        (finding.Kind, finding.Id).ShouldBe((WaiverKind.Control, "performance.GET /r01"));
        result.Detail.ShouldBe("80 requests to 2 routes of openapi.yaml by built-in: slowest p95 160 ms (GET /r01), 0 failed; 1 of 2 exceed theirs.");
        SupplyGate.Say(result.Findings, 0, "shop").ShouldEndWith("prodsprint waivers create control \"performance.GET /r01\" --project shop");
        SupplyGate.Covers(new(1, WaiverKind.Control, "performance.GET /r01", null, "x", "T", Now.AddDays(1), "user:bo", Now), finding).ShouldBeTrue();
        SupplyGate.Covers(new(1, WaiverKind.Control, "performance.GET /r00", null, "x", "T", Now.AddDays(1), "user:bo", Now), finding).ShouldBeFalse();
    }
}
