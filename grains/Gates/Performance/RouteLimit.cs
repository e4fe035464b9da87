using System.Globalization;

namespace ProdSprint.Gates;

/// <summary>Set by a person: a route may not exceed it, whatever it was before.</summary>
/// <param name="P95Ms">Null: only the baseline counts.</param>
/// <param name="ErrorPercent">Null: only the baseline counts.</param>
public sealed record RouteBudget(string Route, double? P95Ms, double? ErrorPercent, string By, DateTimeOffset At);

/// <summary>What the stable version showed under the same load: the median of its last rounds.</summary>
/// <param name="Requests">In all of those rounds.</param>
public sealed record RouteBaseline(string Route, int Runs, int Requests, double P95Ms, double ErrorPercent);

/// <summary>What a route may not exceed, and why.</summary>
/// <param name="P95From">Null when <paramref name="P95Ms"/> is; the same for errors.</param>
public sealed record RouteLimit(string Route, double? P95Ms, string? P95From, double? ErrorPercent, string? ErrorFrom)
{
    /// <summary>
    /// Two rounds of one version on one machine differ by a third at most times: 20 requests say no more. What is half as slow again is no chance, when it is seen twice.
    /// </summary>
    public const double Slower = 1.5;

    /// <summary>A garbage collection, a busy neighbour: below this nobody notices, and 1 ms that becomes 3 ms is three times as much.</summary>
    public const double SlowerMs = 20;

    /// <summary>Of 100: one stray request in a round is no regression.</summary>
    public const double MoreErrors = 1;

    internal const int LastRank = 2;

    /// <summary>0: it has a budget; 1: a baseline is known.</summary>
    internal int Rank => P95From == Budget || ErrorFrom == Budget ? 0 : P95Ms is null && ErrorPercent is null ? LastRank : 1;

    private const string Budget = "its budget";

    /// <summary>A budget takes the baseline's place, each figure by itself.</summary>
    public static IReadOnlyDictionary<string, RouteLimit> All(IReadOnlyCollection<RouteBudget> budgets, IReadOnlyCollection<RouteBaseline> baselines)
    {
        var known = baselines.Where(b => b.Requests >= LoadScenario.LeastRequests).ToDictionary(b => b.Route, StringComparer.Ordinal);
        return budgets.Select(b => b.Route).Concat(known.Keys).Distinct(StringComparer.Ordinal)
            .ToDictionary(route => route, route => Of(route, budgets.FirstOrDefault(b => b.Route == route), known.GetValueOrDefault(route)), StringComparer.Ordinal);
    }

    private static RouteLimit Of(string route, RouteBudget? budget, RouteBaseline? stable) => new(
        route,
        budget?.P95Ms ?? (stable is null ? null : Math.Round(Math.Max(stable.P95Ms * Slower, stable.P95Ms + SlowerMs), 2)),
        budget?.P95Ms is not null ? Budget : stable is null ? null : string.Create(CultureInfo.InvariantCulture, $"the stable version's {stable.P95Ms:0.##} ms"),
        budget?.ErrorPercent ?? (stable is null ? null : Math.Min(100, Math.Round(stable.ErrorPercent + MoreErrors, 2))),
        budget?.ErrorPercent is not null ? Budget : stable is null ? null : string.Create(CultureInfo.InvariantCulture, $"the stable version's {stable.ErrorPercent:0.##} %"));
}
