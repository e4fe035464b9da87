using System.Collections.Immutable;

namespace ProdSprint.Kernel;

/// <summary>Lists as callers send them.</summary>
public static class BodyLists
{
    /// <summary>Left out is empty; an item that is null is refused, because a machine takes none.</summary>
    public static ImmutableArray<T> Whole<T>(this IReadOnlyList<T>? items, string field)
        where T : class => items is null || items.All(i => i is not null)
        ? [.. items ?? []]
        : throw ProblemException.Invalid("request.null-item", $"'{field}' holds a null.", "Leave the item out");
}
