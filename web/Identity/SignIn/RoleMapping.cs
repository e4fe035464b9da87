using System.Collections.Immutable;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>Which roles somebody has by the groups they are in.</summary>
public static class RoleMapping
{
    /// <param name="now">What they are already; null: no member.</param>
    /// <returns>What they are to be; empty: nothing makes them a member; equal to <paramref name="now"/>: nothing to do.</returns>
    public static ImmutableArray<Role> Roles(ConnectionRules rules, IEnumerable<string> groups, ImmutableArray<Role>? now)
    {
        var mine = groups.ToHashSet(StringComparer.OrdinalIgnoreCase);
        ImmutableArray<Role> mapped = [.. rules.GroupRoles.Where(g => mine.Contains(g.Group)).Select(g => g.Role).Distinct().Order()];
        if (rules.GroupRoles.IsEmpty) return now is { IsEmpty: false } roles ? roles : [.. rules.DefaultRoles.Distinct().Order()];
        return mapped.IsEmpty ? [.. rules.DefaultRoles.Distinct().Order()] : mapped;
    }
}
