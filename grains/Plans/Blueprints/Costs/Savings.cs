using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>What could be had for less without losing what production needs.</summary>
public static class Savings
{
    /// <summary>Working hours: 12 on weekdays.</summary>
    private const double WorkingHours = 12 * 5 * 52 / 12.0;

    /// <summary>Below this in a month a hint is noise.</summary>
    private const double WorthSaying = 5;

    public static ImmutableArray<Saving> Find(ImmutableArray<CostItem> items, UsageAssumptions usage)
    {
        var found = new List<Saving>();
        void Offer(string code, string title, double monthly, string how)
        {
            if (monthly >= WorthSaying) found.Add(new(code, title, CostEstimator.Round(monthly), how));
        }
        var byTheHour = items.Where(i => i.Environment == "staging" && i.Item.Contains("-hour", StringComparison.Ordinal)).Sum(i => i.Low);
        if (usage.StagingHours > WorkingHours)
            Offer("idle.staging", "Staging runs at night and at weekends", byTheHour * (1 - WorkingHours / usage.StagingHours), $"Set stagingHours to {WorkingHours:0}: it is started before a release and stopped afterwards");
        // Half of what a site sends is usually the same for everybody.
        var cacheable = items.Where(i => i.Item == "balancer-unit-hour" && i.Environment == "production").Sum(i => i.High - i.Low) / 2;
        Offer("cdn.cache", "Answers that are the same for everybody reach the services", cacheable, "Serve them below /assets/ or /static/, which CloudFront keeps");
        var gateways = items.Where(i => i is { Environment: "production", Item: "gateway-hour" }).Sum(i => i.Low);
        Offer("gateway.single", "Each zone has a NAT gateway of its own", gateways * 2 / 3, "Set gateway_per_zone = false in production.tfvars; the loss of one zone then cuts calls to the outside");
        var egress = items.Where(i => i.Item == "egress-gib").Sum(i => i.Low);
        if (egress > items.Sum(i => i.Low) / 4) Offer("egress.high", "A quarter of the bill is what leaves for users", egress / 3, "Compress answers and images; ask for CloudFront's committed price above 10 TiB a month");
        return [.. found.OrderByDescending(s => s.Monthly).ThenBy(s => s.Code, StringComparer.Ordinal)];
    }
}
