using System.Collections.Immutable;
using System.Text.Json;

namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>List prices, dated, from <c>price-book.json</c> beside this file. A price that is not in it is an error, never zero.</summary>
/// <param name="Date">When the prices were read off the providers' pages, yyyy-mm-dd.</param>
public sealed record PriceBook(string Currency, string Date, string Note, ImmutableSortedDictionary<string, PriceBook.Provider> Providers)
{
    /// <param name="Region">Prices differ by region; these are of this one.</param>
    public sealed record Provider(string Region, string Source, ImmutableSortedDictionary<string, double> Prices);

    public static PriceBook Current { get; } = Load();

    public double Price(string provider, string item) => Providers[provider].Prices.TryGetValue(item, out var price)
        ? price
        : throw new KeyNotFoundException($"The price book of {Date} has no price for {item} at {provider}.");

    private static PriceBook Load()
    {
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream("blueprints/price-book.json")!;
        return JsonSerializer.Deserialize<PriceBook>(stream, new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
    }
}
