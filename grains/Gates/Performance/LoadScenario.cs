using System.Collections.Immutable;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>A round of load: which routes, how often, and what they may not exceed. The k6 script is written from it, and the built-in generator reads it as it is.</summary>
/// <param name="Source">Where the routes were found.</param>
/// <param name="Seconds">How long requests are sent.</param>
/// <param name="TimeoutMs">Of one request.</param>
public sealed record LoadScenario(int Schema, string Source, double Seconds, int TimeoutMs, ImmutableArray<LoadRoute> Routes, ImmutableArray<LeftOutRoute> LeftOut)
{
    /// <summary>A 95th percentile of fewer is their slowest one: chance.</summary>
    public const int LeastRequests = 20;

    public const int Timeout = 5000;

    /// <summary>A shorter round meets one garbage collection or none, by chance.</summary>
    private const double Shortest = 3;

    /// <summary>Of one route: what a single process answers without effort.</summary>
    private const double MostPerSecond = 20;

    /// <summary>Routes with a budget come first, then those that a baseline is known of: where only some fit, it is the same ones in every release.</summary>
    /// <param name="limits">By the route's name.</param>
    public static LoadScenario Of(RouteList list, PerformancePolicy policy, IReadOnlyDictionary<string, RouteLimit> limits)
    {
        var fit = (int)Math.Clamp(policy.Seconds * policy.RequestsPerSecond / LeastRequests, 1, 100);
        var chosen = list.Routes.OrderBy(r => limits.GetValueOrDefault(r.Name)?.Rank ?? RouteLimit.LastRank).Take(fit).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var routes = list.Routes.Where(r => chosen.Contains(r.Name)).ToList();
        var seconds = Math.Round(Math.Clamp(routes.Count * LeastRequests / policy.RequestsPerSecond, Math.Min(Shortest, policy.Seconds), policy.Seconds), 3);
        var each = (int)Math.Max(1, Math.Min(seconds * MostPerSecond, Math.Floor(seconds * policy.RequestsPerSecond / Math.Max(1, routes.Count) + 1e-6)));
        return new(1, list.Source, seconds, Timeout,
            [.. routes.Select(r => new LoadRoute(r.Name, r.Method, r.Path, r.Headers, each, limits.GetValueOrDefault(r.Name)))],
            [.. list.LeftOut, .. list.Routes.Where(r => !chosen.Contains(r.Name)).Select(r => new LeftOutRoute(r.Name, $"{fit} routes fit into {policy.Seconds:0.##} s at {policy.RequestsPerSecond:0.##} requests/s; those with a budget come first"))]);
    }

    /// <summary>Another round with some of its routes.</summary>
    public LoadScenario Only(IEnumerable<string> routes) => this with { Routes = [.. Routes.Where(r => routes.Contains(r.Name))], LeftOut = [] };
}

/// <param name="Requests">In the whole round, at a constant rate.</param>
public sealed record LoadRoute(string Name, string Method, string Path, ImmutableSortedDictionary<string, string> Headers, int Requests, RouteLimit? Limit)
{
    /// <summary>When a request is due, from the round's beginning: routes take turns, so that they do not all come at once.</summary>
    /// <param name="index">Of the route in its scenario.</param>
    public TimeSpan Due(int request, int index, LoadScenario scenario) => TimeSpan.FromSeconds((request + (double)index / scenario.Routes.Length) * scenario.Seconds / Requests);
}
