using System.Collections.Immutable;
using System.Globalization;
using ProdSprint.Plans.Blueprints.Infrastructure;
using ProdSprint.Telemetry;

namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>
/// The size that holds what a service was seen to use. Pure. A size has to hold every environment, because prodsprint.yml gives one for all; what is known of production decides
/// whether enough is known. Up as soon as less than half of what should stay free is left; down only to what leaves all of it.
/// </summary>
public static class Rightsizing
{
    /// <summary>MiB: from one to the next by a third to a half, as people write them.</summary>
    private static readonly ImmutableArray<int> Memories = [128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768, 49152, 65536, 98304, 122880];

    /// <param name="monthly">What a plan costs in a month, low end.</param>
    public static ImmutableArray<Saving> Find(PlanDocument plan, ObservedUse use, RightsizingOptions options, Func<PlanDocument, double> monthly)
    {
        var found = ImmutableArray.CreateBuilder<Saving>();
        foreach (var service in plan.Environments[^1].Services)
        {
            var seen = use.Services.Where(s => s.Service == service.Name).ToList();
            var production = seen.Find(s => s.Environment == plan.Environments[^1].Name);
            if (production is null || production.Hours < options.MinHours || production.Samples < options.MinSamples) continue;
            var (cores, memory) = (seen.Max(s => s.CpuP95), seen.Max(s => s.MemoryMaxMiB));
            if (Up(service, cores, memory, options) is { } up) Offer(service, production, up, SavingKind.Risk, cores, memory);
            // Nobody asks it for anything: what it needs when they do has not been seen.
            else if (use.LastRequest > use.Known && use.QuietDays < options.IdleDays && Down(service, cores, memory, options) is { } down) Offer(service, production, down, SavingKind.Saving, cores, memory);
        }
        return found.ToImmutable();

        void Offer(ServicePlan service, ServiceUsage production, LimitsChange change, SavingKind kind, double cores, double memory)
        {
            var draft = new Saving($"rightsize.{service.Name}", "", 0, "") { Kind = kind, Change = new(Limits: [change]) };
            var saves = CostEstimator.Round(monthly(plan) - monthly(SavingChanges.Apply(plan, [draft])));
            if (kind == SavingKind.Saving && saves < options.WorthSaying) return;
            found.Add(draft with
            {
                Title = kind == SavingKind.Risk ? $"{service.Name} is near its limits" : $"{service.Name} is larger than what it uses",
                Monthly = saves,
                How = $"{Sizes(service, change)}: {Seen(production, cores, memory)}",
            });
        }
    }

    private static LimitsChange? Up(ServicePlan service, double cores, double memory, RightsizingOptions options)
    {
        var limits = service.Limits;
        int? wantedMemory = memory > limits.MemoryMiB * (1 - options.MemoryHeadroom / 2) ? Memory(memory, options) : null;
        int? wantedCpus = cores > Processors(wantedMemory ?? limits.MemoryMiB, limits.Cpus) * (1 - options.CpuHeadroom / 2) ? Cpus(cores, options) : null;
        // Nothing larger is on offer.
        if (wantedMemory <= limits.MemoryMiB) wantedMemory = null;
        if (wantedCpus <= limits.Cpus) wantedCpus = null;
        return wantedMemory is null && wantedCpus is null ? null : new(service.Name, wantedMemory, wantedCpus);
    }

    private static LimitsChange? Down(ServicePlan service, double cores, double memory, RightsizingOptions options)
    {
        var limits = service.Limits;
        var cpus = limits.Cpus is { } given ? Math.Min(given, Cpus(cores, options)) : (int?)null;
        // Without a limit of its own a service gets the processors that come with its memory: less memory must still bring enough of them.
        var smallest = Memories.FirstOrDefault(m => m >= Memory(memory, options) && Processors(m, cpus) * (1 - options.CpuHeadroom) >= cores, limits.MemoryMiB);
        int? less = smallest < limits.MemoryMiB ? smallest : null, fewer = cpus < limits.Cpus ? cpus : null;
        return less is null && fewer is null ? null : new(service.Name, less, fewer);
    }

    private static int Memory(double most, RightsizingOptions options) => Memories.FirstOrDefault(m => m * (1 - options.MemoryHeadroom) >= most, Memories[^1]);

    private static int Cpus(double p95, RightsizingOptions options) => Math.Clamp((int)Math.Ceiling(p95 / (1 - options.CpuHeadroom)), 1, 16);

    private static double Processors(int memoryMiB, int? cpus) => AwsSizes.Task(memoryMiB, cpus).Cpu / 1024.0;

    private static string Sizes(ServicePlan service, LimitsChange change)
    {
        var sizes = new List<string>();
        if (change.MemoryMiB is { } memory) sizes.Add($"memory {service.Limits.MemoryMiB} to {memory} MiB");
        if (change.Cpus is { } cpus) sizes.Add(service.Limits.Cpus is { } now ? $"cpus {now} to {cpus}" : string.Create(CultureInfo.InvariantCulture, $"cpus {cpus} (none is given, and {Processors(service.Limits.MemoryMiB, null):0.##} come with its memory)"));
        return "Set " + string.Join(" and ", sizes);
    }

    private static string Seen(ServiceUsage production, double cores, double memory) => string.Create(
        CultureInfo.InvariantCulture, $"in {production.Hours} hours it used at most {memory:0} MiB, and at most {cores:0.##} processors 95 % of the time");
}
