using System.Collections.Immutable;
using ProdSprint.Plans;
using ProdSprint.Supply;

namespace ProdSprint.Gates;

/// <summary>A weakness of a package or a licence that is not allowed, as it is listed; also those that stop nothing.</summary>
/// <param name="Level">critical, high, medium, low or unknown; <c>denied</c> for a licence.</param>
/// <param name="Id">The advisory's id, or the licence's SPDX expression.</param>
/// <param name="Purl">Package URL with its version.</param>
/// <param name="FixedIn">The next version without it; null when none is named.</param>
/// <param name="Development">It is used in development only, and is not shipped.</param>
/// <param name="Files">The lock files that name it, at most five.</param>
public sealed record FoundItem(
    WaiverKind Kind, string Level, string Id, ImmutableArray<string> Aliases, string Ecosystem, string Name, string Version, string Purl, string? FixedIn, string? Summary, bool Development, ImmutableArray<string> Files)
{
    /// <summary>The gate stops for it unless somebody waived it.</summary>
    public bool Stops => !Development && (Kind == WaiverKind.Licence || Level is "critical" or "high");

    public GateFinding AsGateFinding => new(Kind, Id, Aliases, Purl, Level, FixedIn, Summary);
}

/// <summary>What a release's bill of materials showed when its gate looked. Pure: the same bill and advisories give the same bytes.</summary>
/// <param name="Advisories">That were looked at because they are about one of these packages.</param>
/// <param name="Compared">Advisories were imported, so that "none" says something.</param>
/// <param name="Levels">How many there are of each level, of all.</param>
/// <param name="Items">Worst first, at most <see cref="Most"/>.</param>
/// <param name="More">Left out of <paramref name="Items"/>.</param>
/// <param name="Unread">Lock files that could not be read, at most fifty.</param>
public sealed record FindingsReport(
    int Components, int Advisories, bool Compared, ImmutableSortedDictionary<string, int> Levels, ImmutableArray<FoundItem> Items, int More, ImmutableArray<string> Unread)
{
    public const int Most = 2000;

    private const int MostAliases = 20, MostFiles = 5, MostUnread = 50;

    public static FindingsReport Of(BillOfMaterials bill, ImmutableArray<Finding> findings, int advisories, bool compared, LicencePolicy? licences)
    {
        var components = bill.Components.GroupBy(c => c.Purl, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var all = findings.Select(f => Item(components[f.Purl], WaiverKind.Vulnerability, f.Level, f.Advisory, f.Aliases, f.FixedIn, f.Summary) with { Development = f.Development })
            .Concat(licences is null ? [] : components.Values.Where(c => c is { Development: false, Licence.Length: > 0 } && !LicenceRule.Allows(licences, c.Licence))
                .Select(c => Item(c, WaiverKind.Licence, "denied", c.Licence!, [], null, $"the policy does not allow {c.Licence}")))
            .OrderByDescending(i => i.Stops).ThenBy(i => Array.IndexOf(Order, i.Level)).ThenBy(i => i.Purl, StringComparer.Ordinal).ThenBy(i => i.Id, StringComparer.Ordinal)
            .ToList();
        return new(bill.Components.Length, advisories, compared, all.GroupBy(i => i.Level).ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
            [.. all.Take(Most)], Math.Max(0, all.Count - Most), [.. bill.Unread.Take(MostUnread).Select(u => $"{u.Path}: {u.Why}")]);
    }

    private static readonly string[] Order = ["critical", "denied", "high", "medium", "low", "unknown"];

    /// <summary>Of what a release kept itself, before lists were kept: only what needed a waiver.</summary>
    public static FindingsReport Of(ImmutableArray<GateFinding> known) => new(
        0, 0, true, known.GroupBy(f => f.Level).ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
        [.. known.Select(f => new FoundItem(f.Kind, f.Level, f.Id, f.Aliases, "", NameOf(f.Package).Name, NameOf(f.Package).Version, f.Package, f.FixedIn, f.Summary, false, []))], 0, []);

    /// <summary><c>pkg:npm/%40scope/name@1.2</c> is @scope/name at 1.2.</summary>
    private static (string Name, string Version) NameOf(string purl)
    {
        var bare = purl[(purl.IndexOf('/', StringComparison.Ordinal) + 1)..].Split('?', '#')[0];
        var at = bare.LastIndexOf('@');
        return at <= 0 ? (Uri.UnescapeDataString(bare), "") : (Uri.UnescapeDataString(bare[..at]), Uri.UnescapeDataString(bare[(at + 1)..]));
    }

    private static FoundItem Item(Component c, WaiverKind kind, string level, string id, ImmutableArray<string> aliases, string? fixedIn, string? summary) => new(
        kind, level, id, [.. aliases.Take(MostAliases)], c.Ecosystem, c.Name, c.Version, c.Purl, fixedIn, summary is { Length: > 300 } ? summary[..300] + "…" : summary, c.Development, [.. c.Files.Take(MostFiles)]);
}

/// <summary>Whether a finding stops a release that asks now.</summary>
public enum FindingStanding
{
    /// <summary>Nothing covers it: the gate stops for it.</summary>
    Open,

    /// <summary>Somebody answers for it until a day.</summary>
    Waived,

    /// <summary>The gate does not stop for it.</summary>
    Lesser,
}

/// <summary>What people are told of a finding beside what was found.</summary>
public static class FindingStandings
{
    /// <param name="authors">Whose waivers do not count for this release.</param>
    /// <returns>The waiver that holds; where none does, the one that ended last, so that it is seen why it is open again.</returns>
    public static (FindingStanding Standing, GateWaiver? Waiver) Of(FoundItem item, IReadOnlyList<GateWaiver> waivers, IReadOnlyCollection<string> authors, DateTimeOffset now)
    {
        var finding = item.AsGateFinding;
        var about = waivers.Where(w => SupplyGate.Covers(w, finding)).ToList();
        var holding = about.Where(w => w.HoldsAt(now) && !authors.Contains(w.By)).MaxBy(w => w.Expires);
        var shown = holding ?? about.MaxBy(w => (w.HoldsAt(now), w.RevokedAt ?? w.Expires));
        return (!item.Stops ? FindingStanding.Lesser : holding is null ? FindingStanding.Open : FindingStanding.Waived, shown);
    }
}
