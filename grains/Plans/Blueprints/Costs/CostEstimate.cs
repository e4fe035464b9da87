using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>What a month would cost, from what is built and the usage that is assumed.</summary>
/// <param name="Low">The assumed usage and the least copies.</param>
/// <param name="High">The assumed peak and the most copies.</param>
/// <param name="Change">Difference of <paramref name="Low"/> to what is approved now; null when nothing is.</param>
/// <param name="Elsewhere">The same parts at other providers' list prices, low end, by provider.</param>
/// <param name="Savings">What is too small, then what could be had for less, dearest first.</param>
public sealed record CostEstimate(
    string Currency, string PriceDate, string Region, double Low, double High, double? Change, ImmutableArray<CostItem> Items, UsageAssumptions Usage,
    ImmutableSortedDictionary<string, double> Elsewhere, ImmutableArray<Saving> Savings);

/// <param name="Item">The price's name in the price book.</param>
/// <param name="Quantity">Units in a month, low end.</param>
public sealed record CostItem(string Environment, string Part, string Item, double Quantity, double UnitPrice, double Low, double High)
{
    /// <summary>The region whose price it is, where the estimate's own is not in the book; null: it is the estimate's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? PriceOf { get; init; }
}

/// <param name="Monthly">What it would save in a month; below zero it costs so much more.</param>
/// <param name="How">What to change for it.</param>
public sealed record Saving(string Code, string Title, double Monthly, string How)
{
    public SavingKind Kind { get; init; }

    /// <summary>What a plan of it changes; null when only people can do it.</summary>
    public SavingChange? Change { get; init; }
}

public enum SavingKind
{
    /// <summary>It costs more than it has to.</summary>
    Saving,

    /// <summary>It is too small for what it does: a warning, which may cost something.</summary>
    Risk,
}
