using System.Collections.Immutable;

namespace ProdSprint.Infrastructure;

/// <summary>What a plan changes in what a month costs, at list prices: what is there before it, what is there after it.</summary>
/// <param name="PriceDate">Of the price book, yyyy-mm-dd.</param>
/// <param name="Billed">False: nothing of this is billed by anybody, as on the target <c>local</c>.</param>
/// <param name="Items">Those that are otherwise afterwards, the largest difference first; at most <see cref="Most"/>.</param>
/// <param name="Unpriced">What costs something and is in none of the figures: address and why; at most <see cref="Most"/>.</param>
/// <param name="Left">How many items and resources without a price are not listed.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.CostDifference")]
public sealed record CostDifference(
    [property: Id(0)] string Currency,
    [property: Id(1)] string Region,
    [property: Id(2)] string PriceDate,
    [property: Id(3)] bool Billed,
    [property: Id(4)] double Before,
    [property: Id(5)] double After,
    [property: Id(6)] double Change,
    [property: Id(7)] ImmutableArray<CostDifferenceItem> Items,
    [property: Id(8)] ImmutableArray<UnpricedResource> Unpriced,
    [property: Id(9)] int Left)
{
    public const int Most = 100;
}

/// <param name="Address">As Terraform names it.</param>
/// <param name="Item">Its name in the price book.</param>
/// <param name="Before">A month of it before; 0 when it was not there.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.CostDifferenceItem")]
public sealed record CostDifferenceItem([property: Id(0)] string Address, [property: Id(1)] string Item, [property: Id(2)] double Before, [property: Id(3)] double After);

/// <param name="Why">Billed by what is used, of a kind or size that the price book does not have, or known only once it is there.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.UnpricedResource")]
public sealed record UnpricedResource([property: Id(0)] string Address, [property: Id(1)] string Why);
