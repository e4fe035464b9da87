using System.Collections.Immutable;
using ProdSprint.Plans.Blueprints.Infrastructure;

namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>Counts what the blueprint builds and multiplies it with the price book. Pure: the same plan, usage and book give the same figures.</summary>
public static class CostEstimator
{
    private const double HoursPerMonth = 730;

    /// <summary>What of the traffic users cause in staging.</summary>
    private const double StagingShare = 0.02;

    private sealed record Count(string Environment, string Part, string Item, double Low, double High);

    /// <param name="approved">What is approved now costs, low end; null when nothing is.</param>
    /// <param name="use">What was seen here; null: nothing.</param>
    public static CostEstimate Estimate(PlanDocument plan, AwsNeeds needs, BlueprintOptions options, double? approved, ObservedUse? use = null, RightsizingOptions? sizing = null)
    {
        var (book, usage) = (PriceBook.Current, options.UsageOrUsual);
        var region = book.Known("aws", options.Region);
        var counts = All(plan, needs, options);
        var items = counts.Select(c =>
        {
            var (price, of) = book.Price("aws", c.Item, region);
            return new CostItem(c.Environment, c.Part, c.Item, Round(c.Low), price, Round(c.Low * price), Round(c.High * price)) { PriceOf = of };
        }).ToImmutableArray();
        var low = Round(items.Sum(i => i.Low));
        var elsewhere = book.Providers.Keys.Where(p => p != "aws").ToImmutableSortedDictionary(p => p, p => Round(counts.Sum(c => c.Low * book.Price(p, c.Item))), StringComparer.Ordinal);
        return new(book.Currency, book.Date, region, low, Round(items.Sum(i => i.High)), approved is { } now ? Round(low - now) : null, items, usage, elsewhere,
            Savings.Sorted([.. Savings.Find(items, usage, use, sizing), .. use is null ? [] : Rightsizing.Find(plan, use, sizing ?? new(), p => Low(p, needs, options))]));
    }

    /// <summary>The low end of a month.</summary>
    public static double Low(PlanDocument plan, AwsNeeds needs, BlueprintOptions options) => Round(All(plan, needs, options).Sum(c => Round(c.Low * PriceBook.Current.Price("aws", c.Item, options.Region).Price)));

    private static List<Count> All(PlanDocument plan, AwsNeeds needs, BlueprintOptions options) => [.. plan.Environments.SelectMany(e => Counts(e, needs, options)).Where(c => c.High > 0)];

    private static IEnumerable<Count> Counts(EnvironmentPlan environment, AwsNeeds needs, BlueprintOptions options)
    {
        var (name, usage, compute) = (environment.Name, options.UsageOrUsual, options.Compute);
        var sizes = AwsSizes.Of(name, options);
        var production = name == "production";
        var (share, hours, peak) = (production ? 1 - StagingShare : StagingShare, production ? HoursPerMonth : usage.StagingHours, production ? usage.PeakFactor : 1);
        Count Fixed(string part, string item, double quantity) => new(name, part, item, quantity, quantity);
        Count Used(string part, string item, double quantity) => new(name, part, item, quantity * share, quantity * share * peak);

        foreach (var count in compute == ComputePlatform.Eks ? Nodes(environment, hours) : Tasks(environment, sizes, hours)) yield return count;
        foreach (var database in needs.Databases.Keys)
        {
            var copies = sizes.MultiZone ? 2 : 1;
            yield return Fixed(database, $"database-hour:{sizes.DatabaseClass}", copies * hours);
            yield return new(name, database, "database-gib-month", copies * Math.Max(sizes.DatabaseGiB, usage.DatabaseGiB * share), copies * Math.Max(sizes.DatabaseGiB, usage.DatabaseGiB * share * peak));
            yield return Fixed(database, "key-month", 1);
            yield return Fixed(database, "secret-month", 1);
        }
        if (!needs.Cache.IsEmpty) yield return Fixed("cache", $"cache-hour:{sizes.CacheNode}", sizes.CacheNodes * hours);
        if (!needs.Buckets.IsEmpty) yield return Used("storage", "object-gib-month", usage.StorageGiB);
        var gateways = sizes.GatewayPerZone ? sizes.Zones : 1;
        yield return Fixed("network", "gateway-hour", gateways * hours);
        yield return Fixed("network", "address-hour", (gateways + sizes.Zones) * hours);
        yield return Used("network", "gateway-gib", usage.LogGiB + usage.EgressGiB * 0.1);
        yield return Fixed("balancer", "balancer-hour", hours);
        // A unit carries 1 GiB an hour or 25 new connections a second.
        yield return new(name, "balancer", "balancer-unit-hour", hours, hours * Math.Max(1, usage.EgressGiB * share * peak / HoursPerMonth));
        yield return Used("edge", "egress-gib", usage.EgressGiB);
        yield return Used("edge", "requests-10k", usage.RequestsPerMonth / 10_000);
        yield return Fixed("edge", "firewall-month", 1);
        yield return Used("edge", "firewall-million", usage.RequestsPerMonth / 1_000_000);
        yield return Fixed("secrets", "secret-month", environment.Services.Sum(s => s.Variables.Count(v => v.Secret && v.State != VariableState.Defaulted)));
        yield return Used("logs", "log-gib", usage.LogGiB);
    }

    // The peak lasts a few hours a day: a quarter of what scaling allows at most.
    private static double Peak(int least, int most) => least + (most - least) / 4.0;

    private static IEnumerable<Count> Tasks(EnvironmentPlan environment, AwsSizes sizes, double hours)
    {
        var most = Peak(sizes.Copies, sizes.MostCopies);
        foreach (var service in environment.Services)
        {
            var (cpu, memory) = AwsSizes.Task(service.Limits.MemoryMiB, service.Limits.Cpus);
            yield return new(environment.Name, service.Name, "cpu-hour", sizes.Copies * hours * cpu / 1024, most * hours * cpu / 1024);
            yield return new(environment.Name, service.Name, "memory-gib-hour", sizes.Copies * hours * memory / 1024, most * hours * memory / 1024);
        }
    }

    /// <summary>The control plane runs whether anything else does or not; nodes are billed whole, however full they are.</summary>
    private static IEnumerable<Count> Nodes(EnvironmentPlan environment, double hours)
    {
        var nodes = EksNodes.Of(environment);
        var most = Peak(nodes.Count, nodes.Most);
        yield return new(environment.Name, "kubernetes", "cluster-hour", HoursPerMonth, HoursPerMonth);
        yield return new(environment.Name, "nodes", $"node-hour:{nodes.Type}", nodes.Count * hours, most * hours);
        const int Disk = EksNodes.DiskGiB + EksNodes.SystemDiskGiB;
        yield return new(environment.Name, "nodes", "volume-gib-month", nodes.Count * Disk * hours / HoursPerMonth, most * Disk * hours / HoursPerMonth);
        yield return new(environment.Name, "kubernetes", "key-month", 1, 1);
    }

    internal static double Round(double value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);
}
