using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>A component with a known weakness.</summary>
/// <param name="FixedIn">The next version without it; null when none is named.</param>
/// <param name="Level">critical, high, medium, low or unknown.</param>
public sealed record Finding(string Advisory, string Level, string? Summary, string Purl, string? FixedIn, ImmutableArray<string> Aliases, bool Development, ImmutableArray<string> Files);

/// <summary>Holds a bill of materials against advisories. Pure; worst first.</summary>
public static class Findings
{
    private static readonly string[] Levels = ["critical", "high", "medium", "low", "unknown"];

    /// <param name="about">Advisories by package; see <see cref="Key"/>.</param>
    public static ImmutableArray<Finding> Find(BillOfMaterials bill, ILookup<string, Advisory> about) =>
    [
        .. bill.Components.SelectMany(c => about[Key(c.Ecosystem, c.Name)].Where(a => AdvisoryMatch.Affects(a, c.Ecosystem, c.Name, Bare(c)))
                .Select(a => new Finding(a.Id, a.Level, a.Summary, c.Purl, AdvisoryMatch.FixedIn(a, c.Ecosystem, c.Name, Bare(c)), a.Aliases, c.Development, c.Files)))
            .DistinctBy(f => (f.Advisory, f.Purl))
            .OrderBy(f => Array.IndexOf(Levels, f.Level)).ThenBy(f => f.Purl, StringComparer.Ordinal).ThenBy(f => f.Advisory, StringComparer.Ordinal),
    ];

    public static string Key(string ecosystem, string name) =>
        $"{ecosystem.Split(':')[0].ToLowerInvariant()}/{(ecosystem == "PyPI" ? Requirements.Normal(name) : name.ToLowerInvariant())}";

    /// <summary>OSV writes Go's versions without the v.</summary>
    private static string Bare(Component c) => c.Ecosystem == "Go" ? c.Version.TrimStart('v') : c.Version;
}
