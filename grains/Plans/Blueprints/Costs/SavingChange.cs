using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>What has to be changed for a saving, so that a plan can be made of it. What is null stays as it is.</summary>
/// <param name="Limits">Of services, as they stand in prodsprint.yml: it changes what runs here as well.</param>
/// <param name="StagingHours">Of the usage that is assumed.</param>
/// <param name="GatewayPerZone">Of production's network.</param>
public sealed record SavingChange(ImmutableArray<LimitsChange>? Limits = null, double? StagingHours = null, bool? GatewayPerZone = null);

/// <param name="MemoryMiB">Null: as it is.</param>
/// <param name="Cpus">Whole processors; null: as it is.</param>
public sealed record LimitsChange(string Service, int? MemoryMiB = null, int? Cpus = null);

/// <summary>Carries savings into a plan and its options.</summary>
public static class SavingChanges
{
    /// <summary>Those of these codes, in the order of the list.</summary>
    /// <param name="refused">The first code that names no saving, or one that only people can carry out.</param>
    public static ImmutableArray<Saving> Choose(ImmutableArray<Saving> savings, IReadOnlyCollection<string> codes, out string? refused)
    {
        refused = codes.FirstOrDefault(code => savings.All(s => s.Code != code || s.Change is null));
        return [.. savings.Where(s => codes.Contains(s.Code) && s.Change is not null)];
    }

    public static ImmutableArray<LimitsChange> Limits(IEnumerable<Saving> chosen) => [.. chosen.SelectMany(s => s.Change?.Limits ?? [])];

    /// <summary>The plan as it would be with the limits that are chosen, in every environment.</summary>
    public static PlanDocument Apply(PlanDocument plan, IEnumerable<Saving> chosen)
    {
        var limits = Limits(chosen).ToLookup(l => l.Service, StringComparer.Ordinal);
        ServicePlan Sized(ServicePlan service) => limits[service.Name].Aggregate(service, (s, change) => s with
        {
            Limits = s.Limits with { MemoryMiB = change.MemoryMiB ?? s.Limits.MemoryMiB, Cpus = change.Cpus ?? s.Limits.Cpus },
        });
        return limits.Count == 0 ? plan : plan with { Environments = [.. plan.Environments.Select(e => e with { Services = [.. e.Services.Select(Sized)] })] };
    }

    public static BlueprintOptions Apply(BlueprintOptions options, IEnumerable<Saving> chosen) => chosen.Select(s => s.Change!).Aggregate(options, (o, change) => o with
    {
        Usage = change.StagingHours is { } hours ? o.UsageOrUsual with { StagingHours = hours } : o.Usage,
        GatewayPerZone = change.GatewayPerZone ?? o.GatewayPerZone,
    });
}
