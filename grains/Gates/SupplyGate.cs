using System.Collections.Immutable;
using ProdSprint.Plans;
using ProdSprint.Supply;

namespace ProdSprint.Gates;

/// <summary>Pure: what of a bill of materials needs a waiver, and whether it has one.</summary>
public static class SupplyGate
{
    /// <summary>Critical and high weaknesses, and licences the policy does not allow, in what is shipped.</summary>
    public static SupplyResult Judge(BillOfMaterials bill, ImmutableArray<Finding> findings, int advisories, bool imported, LicencePolicy? licences)
    {
        var shipped = bill.Components.Where(c => !c.Development).ToList();
        var found = findings.Where(f => !f.Development && f.Level is "critical" or "high" && !f.Development)
            .Select(f => new GateFinding(WaiverKind.Vulnerability, f.Advisory, f.Aliases, f.Purl, f.Level, f.FixedIn, Short(f.Summary)))
            .Concat(licences is null ? [] : shipped.Where(c => c.Licence is { Length: > 0 } said && !LicenceRule.Allows(licences, said))
                .Select(c => new GateFinding(WaiverKind.Licence, c.Licence!, [], c.Purl, "denied", null, $"the policy does not allow {c.Licence}")))
            .ToList();
        var less = findings.Length - found.Count(f => f.Kind == WaiverKind.Vulnerability);
        var detail = $"{bill.Components.Length} packages; " + (imported ? $"{found.Count(f => f.Kind == WaiverKind.Vulnerability)} critical or high weaknesses, {less} lesser ones or in development only" : "no advisories are imported, so nothing was compared")
            + (licences is null ? "" : $"; {found.Count(f => f.Kind == WaiverKind.Licence)} licences that are not allowed") + (bill.Unread.IsEmpty ? "" : $"; {bill.Unread.Length} lock files could not be read");
        return new(bill.Components.Length, advisories, [.. found.Take(SupplyResult.Most)], Math.Max(0, found.Count - SupplyResult.Most), detail + ".");
    }

    /// <param name="authors">Whose waivers do not count, because the policy wants another pair of eyes than theirs.</param>
    public static IEnumerable<GateFinding> Uncovered(ImmutableArray<GateFinding> findings, IEnumerable<GateWaiver> waivers, IReadOnlyCollection<string> authors, DateTimeOffset now)
    {
        var holding = waivers.Where(w => w.HoldsAt(now) && !authors.Contains(w.By)).ToList();
        return findings.Where(f => !holding.Any(w => Covers(w, f)));
    }

    /// <summary>When the first of the findings loses the last of its waivers; null when nothing is waived.</summary>
    public static DateTimeOffset? LapsesAt(ImmutableArray<GateFinding> findings, IEnumerable<GateWaiver> waivers, IReadOnlyCollection<string> authors)
    {
        var valid = waivers.Where(w => w.State == WaiverState.Valid && !authors.Contains(w.By)).ToList();
        return findings.Select(f => valid.Where(w => Covers(w, f)).Max(w => (DateTimeOffset?)w.Expires)).Min();
    }

    public static bool Covers(GateWaiver w, GateFinding f) =>
        w.Covers == f.Kind && (Same(w.Subject, f.Id) || f.Aliases.Any(a => Same(w.Subject, a)))
        && (w.Package is not { } package || package == f.Package || (f.Package.LastIndexOf('@') is > 0 and var version && f.Package[..version] == package));

    /// <summary>What people read: the worst first, and what to do.</summary>
    public static string Say(IReadOnlyList<GateFinding> open, int more, string project) =>
        string.Join("; ", open.Take(5).Select(One))
        + (open.Count + more > 5 ? $"; and {open.Count + more - 5} more" : "")
        + $". {(open[0].Kind == WaiverKind.Control ? "Mend it" : "Use a version without it")}, or have it waived: prodsprint waivers create {open[0].Kind.ToString().ToLowerInvariant()} \"{open[0].Id}\"{(open[0].Package.Length == 0 ? "" : $" --package {open[0].Package}")} --project {project}";

    private static string One(GateFinding f) => f.Kind switch
    {
        WaiverKind.Control => f.Summary ?? f.Id,
        _ => $"{f.Level} {f.Id} in {f.Package}{(f.FixedIn is { } v ? $", mended in {v}" : f.Kind == WaiverKind.Licence ? "" : ", no fixed version is known")}",
    };

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string? Short(string? text) => text is { Length: > 200 } ? text[..200] + "…" : text;
}
