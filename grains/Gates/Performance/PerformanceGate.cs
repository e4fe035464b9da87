using System.Collections.Immutable;
using System.Globalization;

namespace ProdSprint.Gates;

/// <summary>What one route showed in a round of load.</summary>
/// <param name="Failed">Answers of 400 and more, and requests without a whole answer in time.</param>
/// <param name="Problem">What failed most: <c>12 × 500</c>; null when nothing did.</param>
public sealed record RouteMeasure(string Route, int Requests, int Failed, double P50Ms, double P95Ms, double P99Ms, string? Problem = null)
{
    public double ErrorPercent => Requests == 0 ? 0 : Math.Round(100.0 * Failed / Requests, 2);
}

/// <param name="Breach">What it exceeds, in words; null when nothing, or when there is nothing to hold it against.</param>
public sealed record RouteVerdict(RouteMeasure Measure, RouteLimit? Limit, string? Breach);

/// <summary>Pure: whether what was measured is within the limits.</summary>
public static class PerformanceGate
{
    public static ImmutableArray<RouteVerdict> Judge(LoadScenario scenario, IEnumerable<RouteMeasure> measured)
    {
        var limits = scenario.Routes.ToDictionary(r => r.Name, r => r.Limit, StringComparer.Ordinal);
        return [.. measured.Select(m => new RouteVerdict(m, limits.GetValueOrDefault(m.Route), limits.GetValueOrDefault(m.Route) is { } limit ? Breach(m, limit) : null))];
    }

    /// <summary>What was out of bounds once may have been the machine; twice it is the version. The second round takes the first one's place.</summary>
    public static ImmutableArray<RouteVerdict> Again(ImmutableArray<RouteVerdict> first, ImmutableArray<RouteVerdict> second) =>
        [.. first.Select(v => second.FirstOrDefault(s => s.Measure.Route == v.Measure.Route) ?? v)];

    public static PerformanceResult Result(LoadScenario scenario, ImmutableArray<RouteVerdict> verdicts, string by)
    {
        var breaches = verdicts.Where(v => v.Breach is not null).ToList();
        var requests = verdicts.Sum(v => v.Measure.Requests);
        var compared = verdicts.Count(v => v.Limit is { P95Ms: not null } or { ErrorPercent: not null });
        var slowest = verdicts.Where(v => v.Measure.Requests > 0).MaxBy(v => v.Measure.P95Ms);
        return new(verdicts.Length, requests, verdicts.Sum(v => v.Measure.Failed), slowest?.Measure.P95Ms ?? 0, [.. breaches.Select(Finding)],
            $"{requests} requests to {Count(verdicts.Length, "route")} of {scenario.Source} by {by}: "
            + (slowest is null ? "nothing was measured" : $"slowest p95 {N(slowest.Measure.P95Ms)} ms ({slowest.Measure.Route})")
            + $", {verdicts.Sum(v => v.Measure.Failed)} failed; "
            + (compared == 0 ? "there is neither budget nor baseline yet, so nothing was compared" : breaches.Count == 0 ? $"all {compared} that have a budget or a baseline keep it" : $"{breaches.Count} of {compared} exceed theirs")
            + (scenario.LeftOut.IsEmpty ? "." : $"; {scenario.LeftOut.Length} left out."));
    }

    private static string? Breach(RouteMeasure m, RouteLimit limit)
    {
        if (m.Requests == 0) return null;
        if (limit.ErrorPercent is { } errors && m.ErrorPercent > errors) return $"{m.Route}: {N(m.ErrorPercent)} % of {m.Requests} requests failed{(m.Problem is null ? "" : $" ({m.Problem})")}, and at most {N(errors)} % may ({limit.ErrorFrom})";
        return limit.P95Ms is { } p95 && m.P95Ms > p95 ? $"{m.Route}: p95 is {N(m.P95Ms)} ms, and at most {N(p95)} ms may be ({limit.P95From})" : null;
    }

    private static GateFinding Finding(RouteVerdict v) => new(WaiverKind.Control, PerformanceControls.Of(v.Measure.Route), [], "", "policy", null, v.Breach);

    private static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";

    private static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
