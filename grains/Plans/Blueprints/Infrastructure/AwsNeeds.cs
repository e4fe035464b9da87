using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>What the deployed services need of the platform, as the audit found it.</summary>
/// <param name="Services">As planned for production, sorted by name.</param>
/// <param name="Databases">postgres, mysql: one each, with the services that use it.</param>
/// <param name="Cache">Services that use Redis.</param>
/// <param name="Buckets">Services that keep objects.</param>
/// <param name="Elsewhere">Needs for which there is no module; they are provided from outside, and a note says so.</param>
public sealed record AwsNeeds(
    ImmutableArray<ServicePlan> Services, ImmutableSortedDictionary<string, ImmutableArray<string>> Databases, ImmutableArray<string> Cache, ImmutableArray<string> Buckets, ImmutableArray<string> Elsewhere)
{
    private static readonly ImmutableArray<string> DatabaseKinds = ["mysql", "postgres"];

    /// <summary>They live in the service's own file, which does not outlast its task: told as a note.</summary>
    public const string File = "sqlite";

    public static AwsNeeds Of(PlanDocument plan, AuditReport audit)
    {
        var services = plan.Environments[^1].Services;
        var needs = services.ToDictionary(s => s.Name, s => Of(audit, s));
        ImmutableArray<string> Users(string need) => [.. services.Where(s => needs[s.Name].Contains(need)).Select(s => s.Name)];
        return new(
            services,
            DatabaseKinds.Where(d => !Users(d).IsEmpty).ToImmutableSortedDictionary(d => d, Users, StringComparer.Ordinal),
            Users("redis"), Users("s3"),
            [.. needs.Values.SelectMany(n => n).Where(n => !DatabaseKinds.Contains(n) && n is not ("redis" or "s3")).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static ImmutableArray<string> Of(AuditReport audit, ServicePlan service) =>
        audit.Services.FirstOrDefault(s => s.Name == service.Name)?.Needs ?? audit.Services.FirstOrDefault(s => s.Path == service.Path)?.Needs ?? [];
}
