using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>Whether an advisory is about a version: the evaluation that OSV's schema prescribes.</summary>
public static class AdvisoryMatch
{
    public static bool Affects(Advisory advisory, string ecosystem, string name, string version) =>
        advisory.Withdrawn is null && advisory.Affected.Any(a => a.Package is { } p && Same(p, ecosystem, name) && Affects(a, ecosystem, version));

    /// <summary>The first version after this one that is no longer affected; null when none is named.</summary>
    public static string? FixedIn(Advisory advisory, string ecosystem, string name, string version)
    {
        var order = VersionOrder.For(ecosystem);
        return order is null ? null : advisory.Affected.Where(a => a.Package is { } p && Same(p, ecosystem, name)).SelectMany(a => Or(a.Ranges)).Where(r => r.Type != "GIT").SelectMany(r => Or(r.Events))
            .Select(e => e.Fixed).OfType<string>().Where(f => order.Compare(f, version) > 0).Order(order).FirstOrDefault();
    }

    private static bool Affects(AffectedPackage affected, string ecosystem, string version)
    {
        if (Or(affected.Versions).Contains(version, StringComparer.Ordinal)) return true;
        var order = VersionOrder.For(ecosystem);
        return order is not null && Or(affected.Ranges).Any(r => r.Type != "GIT" && InRange(Or(r.Events), order, version));
    }

    /// <summary>
    /// Events in order: each introduction opens, each fix closes before it, each last affected closes after it. Of two at one version the end of an open stretch comes first:
    /// what is mended and broken again at once is broken.
    /// </summary>
    private static bool InRange(ImmutableArray<RangeEvent> events, VersionOrder order, string version)
    {
        var limits = events.Where(e => e.Limit is not null).ToList();
        if (limits.Count > 0 && limits.All(l => l.Limit != "*" && order.Compare(version, l.Limit) >= 0)) return false;
        var by = Comparer<string>.Create((a, b) => a == "0" ? b == "0" ? 0 : -1 : b == "0" ? 1 : order.Compare(a, b));
        var left = events.Where(e => e.Limit is null).OrderBy(At, by).ToList();
        var (affected, open) = (false, false);
        while (left.Count > 0)
        {
            var here = left.TakeWhile(e => by.Compare(At(e), At(left[0])) == 0).ToList();
            left.RemoveRange(0, here.Count);
            foreach (var e in here.OrderBy(e => e.Introduced is not null == open))
            {
                open = e.Introduced is not null;
                if (e.Introduced is { } introduced) affected |= introduced == "0" || order.Compare(version, introduced) >= 0;
                else if (e.Fixed is { } @fixed) affected &= order.Compare(version, @fixed) < 0;
                else if (e.LastAffected is { } last) affected &= order.Compare(version, last) <= 0;
            }
        }
        return affected;
    }

    private static string At(RangeEvent e) => e.Introduced ?? e.Fixed ?? e.LastAffected ?? "0";

    private static bool Same(AdvisoryPackage package, string ecosystem, string name) =>
        string.Equals(package.Ecosystem.Split(':')[0], ecosystem, StringComparison.OrdinalIgnoreCase)
        && (ecosystem == "PyPI" ? Requirements.Normal(package.Name) == Requirements.Normal(name)
            : string.Equals(package.Name, name, ecosystem is "NuGet" or "Packagist" ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));

    private static ImmutableArray<T> Or<T>(ImmutableArray<T> items) => items.IsDefault ? [] : items;
}
