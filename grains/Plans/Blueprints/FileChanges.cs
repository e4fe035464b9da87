using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints;

/// <summary>Which files of a blueprint are new, gone or other than before, with their whole text: a reader's tool lays them side by side.</summary>
public static class FileChanges
{
    public static ImmutableArray<PlanChange> Between(Blueprint? before, Blueprint after)
    {
        if (before is null) return [];
        var (old, now) = (All(before), All(after));
        return
        [
            .. old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Select(path => new PlanChange(path, old.GetValueOrDefault(path), now.GetValueOrDefault(path)))
                .Where(change => change.Before != change.After),
        ];
    }

    private static ImmutableSortedDictionary<string, string> All(Blueprint blueprint) => blueprint.Infrastructure.Files.AddRange(blueprint.Pipelines.Files);
}
