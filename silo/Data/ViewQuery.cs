using System.Globalization;

namespace ProdSprint.Data;

/// <summary>How a list of views is ordered. The key comes second, so that no two views stand at the same place.</summary>
public enum ViewOrder { Newest, Oldest, Name, NameBackwards }

/// <summary>What list of views is asked for.</summary>
/// <param name="Kind"><c>project</c>, <c>plan</c>, <c>release</c>.</param>
/// <param name="Project">Null: of all projects.</param>
/// <param name="After">The last page's <c>Next</c>, of the same order.</param>
/// <param name="Ended">Releases: only those that have an outcome, or none yet. Null: all.</param>
/// <param name="Field">Only views whose field of that name is <paramref name="Value"/>; of no effect while that is null.</param>
public sealed record ViewQuery(
    string Kind, string? Project = null, string? After = null, int Limit = 50, bool? Ended = null, ViewOrder Order = ViewOrder.Newest, string Field = "", string? Value = null)
{
    private const char OldestFirst = 'o', Backwards = '-';

    /// <summary>Where a page ended; says the order it was made in, so that one of another order is refused instead of skipping something.</summary>
    internal string Cursor(DateTime at, string key) => Order switch
    {
        ViewOrder.Name => key,
        ViewOrder.NameBackwards => Backwards + key,
        ViewOrder.Oldest => $"{OldestFirst}{at.Ticks.ToString(CultureInfo.InvariantCulture)}~{key}",
        _ => $"{at.Ticks.ToString(CultureInfo.InvariantCulture)}~{key}",
    };

    /// <exception cref="ArgumentException">The cursor is not one of this list.</exception>
    internal (DateTime? At, string? Key) Position()
    {
        if (string.IsNullOrEmpty(After)) return (null, null);
        if (Order == ViewOrder.Name && After[0] != Backwards) return (null, After);
        if (Order == ViewOrder.NameBackwards && After[0] == Backwards) return (null, After[1..]);
        var text = Order == ViewOrder.Oldest && After[0] == OldestFirst ? After[1..] : After;
        var parts = text.Split('~', 2);
        return Order is ViewOrder.Newest or ViewOrder.Oldest && (Order == ViewOrder.Oldest) == (text.Length < After.Length) && parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? (new DateTime(ticks, DateTimeKind.Utc), parts[1])
            : throw new ArgumentException($"'{After}' is no cursor of this list. Next: leave it out to begin with the first.", "cursor");
    }
}
