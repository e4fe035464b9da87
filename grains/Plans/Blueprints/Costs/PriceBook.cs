using System.Collections.Immutable;
using System.Text.Json;

namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>List prices, dated, from <c>price-book.json</c> beside this file. A price that is not in it is an error, never zero.</summary>
/// <param name="Date">When the prices were read off the providers' pages, yyyy-mm-dd.</param>
public sealed record PriceBook(string Currency, string Date, string Note, ImmutableSortedDictionary<string, PriceBook.Provider> Providers)
{
    /// <param name="Region">Prices differ by region; these are of this one.</param>
    /// <param name="Regions">What is known of others: a price that was not read there is left out, and <paramref name="Region"/>'s stands in its place, which is said beside it.</param>
    public sealed record Provider(string Region, string Source, ImmutableSortedDictionary<string, double> Prices, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, double>>? Regions = null);

    public static PriceBook Current { get; } = Load();

    public double Price(string provider, string item) => Providers[provider].Prices.TryGetValue(item, out var price)
        ? price
        : throw new KeyNotFoundException($"The price book of {Date} has no price for {item} at {provider}.");

    /// <summary>The price in this region; where the book has none of its own, that of the provider's first region, whose name comes with it.</summary>
    public (double Price, string? Of) Price(string provider, string item, string region) =>
        region != Providers[provider].Region && Providers[provider].Regions?.GetValueOrDefault(region)?.TryGetValue(item, out var own) == true ? (own, null)
        : (Price(provider, item), region == Providers[provider].Region ? null : Providers[provider].Region);

    /// <summary>The region itself when the book knows any price of it; else the provider's first.</summary>
    public string Known(string provider, string region) => Providers[provider].Regions?.ContainsKey(region) == true ? region : Providers[provider].Region;

    private static PriceBook Load()
    {
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream("blueprints/price-book.json")!;
        return JsonSerializer.Deserialize<PriceBook>(stream, new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
    }
}
