using System.Collections.Immutable;
using System.Globalization;

namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>What could be had for less without losing what production needs.</summary>
public static class Savings
{
    /// <summary>Working hours: 12 on weekdays.</summary>
    private const double WorkingHours = 12 * 5 * 52 / 12.0;

    /// <summary>Below this in a month a hint is noise.</summary>
    private const double WorthSaying = 5;

    /// <summary>Staging is not switched off for less than this in a month: starting what it stands on takes its time.</summary>
    private const double FewestHours = 20;

    /// <param name="use">What was seen here; null: nothing.</param>
    public static ImmutableArray<Saving> Find(ImmutableArray<CostItem> items, UsageAssumptions usage, ObservedUse? use = null, RightsizingOptions? options = null)
    {
        var found = new List<Saving>();
        void Offer(string code, string title, double monthly, string how, SavingChange? change = null)
        {
            if (monthly >= WorthSaying) found.Add(new(code, title, CostEstimator.Round(monthly), how) { Change = change });
        }
        var idleDays = (options ??= new()).IdleDays;
        var byTheHour = items.Where(i => i.Environment == "staging" && i.Item.Contains("-hour", StringComparison.Ordinal) && i.Item != "cluster-hour").Sum(i => i.Low);
        // Twice what was needed, so that a busier month finds it running.
        var needed = use is { } seen && seen.Days >= idleDays ? Math.Max(FewestHours, Math.Ceiling(2 * seen.StagingHours / seen.Days * UsageAssumptions.HoursPerMonth / 24)) : double.MaxValue;
        if (needed < WorkingHours && usage.StagingHours > needed)
            Offer("idle.staging", string.Create(CultureInfo.InvariantCulture, $"Staging ran in {use!.StagingHours:0} hours of {use.Days:0} days"), byTheHour * (1 - needed / usage.StagingHours),
                $"Set stagingHours to {needed:0}: it is started before a release and stopped afterwards", new(StagingHours: needed));
        else if (usage.StagingHours > WorkingHours)
            Offer("idle.staging", "Staging runs at night and at weekends", byTheHour * (1 - WorkingHours / usage.StagingHours), $"Set stagingHours to {WorkingHours:0}: it is started before a release and stopped afterwards",
                new(StagingHours: WorkingHours));
        if (use is { } quiet && quiet.QuietDays >= idleDays)
            Offer("idle.production", string.Create(CultureInfo.InvariantCulture, $"No request has reached production for {Math.Floor(quiet.QuietDays):0} days"), items.Where(i => i.Environment == "production").Sum(i => i.Low),
                "Take it down if nobody needs it; that is for a person to decide");
        // Half of what a site sends is usually the same for everybody.
        var cacheable = items.Where(i => i.Item == "balancer-unit-hour" && i.Environment == "production").Sum(i => i.High - i.Low) / 2;
        Offer("cdn.cache", "Answers that are the same for everybody reach the services", cacheable, "Serve them below /assets/ or /static/, which CloudFront keeps");
        var gateways = items.Where(i => i is { Environment: "production", Item: "gateway-hour" }).ToList();
        // One gateway is what an environment has at least; each brings an address.
        if (gateways.Sum(i => i.Quantity) > UsageAssumptions.HoursPerMonth)
            Offer("gateway.single", "Each zone has a NAT gateway of its own", gateways.Sum(i => i.Low) * 2 / 3 + 2 * UsageAssumptions.HoursPerMonth * items.First(i => i.Item == "address-hour").UnitPrice,
                "Set gateway_per_zone = false in production.tfvars; the loss of one zone then cuts calls to the outside", new(GatewayPerZone: false));
        var egress = items.Where(i => i.Item == "egress-gib").Sum(i => i.Low);
        if (egress > items.Sum(i => i.Low) / 4) Offer("egress.high", "A quarter of the bill is what leaves for users", egress / 3, "Compress answers and images; ask for CloudFront's committed price above 10 TiB a month");
        return Sorted(found);
    }

    /// <summary>What is at risk first, then the dearest.</summary>
    public static ImmutableArray<Saving> Sorted(IEnumerable<Saving> savings) => [.. savings.OrderBy(s => s.Kind == SavingKind.Saving).ThenByDescending(s => s.Monthly).ThenBy(s => s.Code, StringComparer.Ordinal)];
}
