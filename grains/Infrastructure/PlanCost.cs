using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Plans.Blueprints.Costs;

namespace ProdSprint.Infrastructure;

/// <summary>Pure: what the resources of <c>terraform show -json PLAN</c> cost in a month before and after. The plan lists also what it leaves alone, so both are whole figures.</summary>
public static class PlanCost
{
    /// <param name="json">Format 1.x, as <see cref="TerraformPlan.Changes"/> takes it.</param>
    /// <exception cref="JsonException">It is no plan.</exception>
    public static CostDifference Of(string json, PriceBook? prices = null)
    {
        var book = prices ?? PriceBook.Current;
        var root = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("A plan is an object.");
        var resources = (root["resource_changes"] as JsonArray ?? []).OfType<JsonObject>().Where(r => Text(r["mode"]) != "data").ToList();
        var before = Side(resources, "before", book);
        var after = Side(resources, "after", book);
        var items = before.Items.Keys.Union(after.Items.Keys)
            .Select(k => new CostDifferenceItem(k.Address, k.Item, Round(before.Items.GetValueOrDefault(k)), Round(after.Items.GetValueOrDefault(k))))
            .Where(i => i.Before != i.After)
            .OrderByDescending(i => Math.Abs(i.After - i.Before)).ThenBy(i => i.Address, StringComparer.Ordinal).ThenBy(i => i.Item, StringComparer.Ordinal).ToList();
        var unpriced = before.Unpriced.Concat(after.Unpriced).GroupBy(u => u.Address, StringComparer.Ordinal).Select(g => g.Last()).OrderBy(u => u.Address, StringComparer.Ordinal).ToList();
        var (was, becomes) = (Round(before.Items.Values.Sum()), Round(after.Items.Values.Sum()));
        var billed = before.Items.Count + after.Items.Count + unpriced.Count > 0;
        return new(book.Currency, book.Providers["aws"].Region, book.Date, billed, was, becomes, Round(becomes - was),
            [.. items.Take(CostDifference.Most)], [.. unpriced.Take(CostDifference.Most)], Math.Max(0, items.Count - CostDifference.Most) + Math.Max(0, unpriced.Count - CostDifference.Most));
    }

    /// <summary>One sentence for the timeline, a terminal and a page.</summary>
    public static string Say(CostDifference cost)
    {
        if (!cost.Billed) return "nothing of this is billed";
        string Money(double amount) => amount.ToString("N2", CultureInfo.InvariantCulture);
        var change = $"{(cost.Change < 0 ? "−" : "+")}{Money(Math.Abs(cost.Change))} {cost.Currency} a month ({Money(cost.Before)} → {Money(cost.After)}, list prices of {cost.PriceDate} in {cost.Region})";
        return cost.Unpriced.IsEmpty ? change : $"{change}, without {cost.Unpriced.Length} that {(cost.Unpriced.Length == 1 ? "has" : "have")} no fixed price: {string.Join(", ", cost.Unpriced.Take(3).Select(u => u.Address))}{(cost.Unpriced.Length > 3 ? " …" : "")}";
    }

    private sealed record Seen(Dictionary<(string Address, string Item), double> Items, List<UnpricedResource> Unpriced);

    private static Seen Side(List<JsonObject> resources, string side, PriceBook book)
    {
        var seen = new Seen([], []);
        var there = resources.Select(r => new PricedResource(Text(r["address"]) ?? "?", Text(r["type"]) ?? "", Text(r["module_address"]) ?? "", r["change"]?[side] as JsonObject)).Where(r => r.Values is not null).ToList();
        foreach (var resource in there)
        {
            try
            {
                foreach (var (item, quantity) in ResourcePrices.Of(resource, there))
                    if (book.Providers["aws"].Prices.TryGetValue(item, out var price)) seen.Items[(resource.Address, item)] = seen.Items.GetValueOrDefault((resource.Address, item)) + quantity * price;
                    else seen.Unpriced.Add(new(resource.Address, $"the price book of {book.Date} has no {item}"));
            }
            catch (UnpricedException e)
            {
                seen.Unpriced.Add(new(resource.Address, e.Message));
            }
        }
        return seen;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static double Round(double value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);
}
