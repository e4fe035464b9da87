using System.Collections.Immutable;

namespace ProdSprint.Gates;

/// <summary>What is known of an application's routes: which can be put under load without harm, and which cannot, and why.</summary>
/// <param name="Source">Where it was found: <c>openapi.yaml</c>, <c>http GET /openapi.json</c>, <c>observed</c>.</param>
/// <param name="Scripts">k6 scripts that lie in the repository. They are named, and never run by us.</param>
public sealed record RouteList(string Source, ImmutableArray<KnownRoute> Routes, ImmutableArray<LeftOutRoute> LeftOut, ImmutableArray<string> Scripts)
{
    /// <summary>Of one document: what has more is no interface that anybody reads.</summary>
    public const int Most = 500;

    public static RouteList Nothing { get; } = new("", [], [], []);
}

/// <param name="Name"><c>GET /items/{id}</c>, the same from version to version: budgets and baselines go by it.</param>
/// <param name="Path">What is asked for, with values in place of parameters.</param>
public sealed record KnownRoute(string Name, string Method, string Path, ImmutableSortedDictionary<string, string> Headers);

/// <param name="Name">Of the route, or of the file.</param>
public sealed record LeftOutRoute(string Name, string Why);
