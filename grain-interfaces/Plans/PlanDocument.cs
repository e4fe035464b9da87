using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>
/// What would happen if this plan were approved: what is built and run, where, under which policy, and how each step is taken back.
/// Made by <c>PlanBuilder.Build</c>; the same input gives the same bytes (<c>PlanJson.Write</c>).
/// </summary>
/// <param name="Digest">sha256:… over the whole document except <see cref="Digest"/> and <see cref="Changes"/>: what an approver saw.</param>
/// <param name="ExecutionDigest">sha256:… over exactly what would be executed (commands, variable names and values, ports, versions, limits), not over the commit.</param>
/// <param name="Entry">The service that gets the routed traffic, or "" when there is none (then there is a blocker).</param>
/// <param name="Environments">staging, then production.</param>
/// <param name="Changes">The difference to the previously approved plan, for people; empty for a first plan.</param>
/// <param name="CarriesApproval">True when the policy lets the previous approval stand because nothing that is executed has changed.</param>
[GenerateSerializer, Immutable, Alias("plans.PlanDocument")]
public sealed record PlanDocument(
    [property: Id(0)] int Schema,
    [property: Id(1)] string Commit,
    [property: Id(2)] string AuditDigest,
    [property: Id(3)] string Digest,
    [property: Id(4)] string ExecutionDigest,
    [property: Id(5)] PolicyProfile Policy,
    [property: Id(6)] string Entry,
    [property: Id(7)] ImmutableArray<EnvironmentPlan> Environments,
    [property: Id(8)] ImmutableArray<PlanStep> Steps,
    [property: Id(9)] ImmutableArray<PlanBlocker> Blockers,
    [property: Id(10)] ImmutableArray<Gap> Notes,
    [property: Id(11)] ImmutableArray<PlanChange> Changes,
    [property: Id(12)] bool CarriesApproval)
{
    /// <summary>2: every service of the plan runs, and its migrations. A plan of schema 1 was approved when only its entry did, and still runs that alone.</summary>
    public const int CurrentSchema = 2;

    /// <summary>The plan of one service in one environment, or null.</summary>
    public ServicePlan? Service(string environment, string service)
    {
        foreach (var e in Environments)
            if (e.Name == environment)
                foreach (var s in e.Services)
                    if (s.Name == service) return s;
        return null;
    }

    /// <summary>The services that are built, started and stopped together with the entry, sorted by name.</summary>
    public ImmutableArray<ServicePlan> Companions(string environment)
    {
        if (Schema < 2) return [];
        foreach (var e in Environments)
            if (e.Name == environment)
                return [.. e.Services.Where(s => s.Name != Entry)];
        return [];
    }
}

[GenerateSerializer, Immutable, Alias("plans.EnvironmentPlan")]
public sealed record EnvironmentPlan(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<ServicePlan> Services);

/// <summary>One service as it would be built and run in one environment.</summary>
/// <param name="Start">Null for a static service: then <see cref="StaticDirectory"/> is served by the platform.</param>
/// <param name="Migrate">Run once in each environment, before the new version starts there; or null.</param>
/// <param name="Test">What the tests gate runs, or null when the service has no tests.</param>
[GenerateSerializer, Immutable, Alias("plans.ServicePlan")]
public sealed record ServicePlan(
    [property: Id(0)] string Name,
    [property: Id(1)] string Path,
    [property: Id(2)] ServiceKind Kind,
    [property: Id(3)] string Language,
    [property: Id(4)] string? LanguageVersion,
    [property: Id(5)] string? PackageManager,
    [property: Id(6)] string? Framework,
    [property: Id(7)] ServiceCommand? Install,
    [property: Id(8)] ServiceCommand? Build,
    [property: Id(9)] ServiceCommand? Start,
    [property: Id(10)] ServiceCommand? Migrate,
    [property: Id(11)] ServiceCommand? Test,
    [property: Id(12)] string? StaticDirectory,
    [property: Id(13)] PortPlan? Port,
    [property: Id(14)] HealthCheckPlan? Health,
    [property: Id(15)] ResourceLimits Limits,
    [property: Id(16)] ImmutableArray<VariablePlan> Variables);

/// <summary>
/// The platform chooses the real port of each running copy and tells it in PORT and in <paramref name="Variable"/>; <paramref name="Default"/> is what the code
/// would take by itself.
/// </summary>
[GenerateSerializer, Immutable, Alias("plans.PortPlan")]
public sealed record PortPlan([property: Id(0)] int Default, [property: Id(1)] string? Variable);

/// <summary>How a new copy is found ready, and a running one alive. Healthy is a status of 200 to 399.</summary>
/// <param name="StartDeadline">From start to the first healthy answer; after that the start has failed.</param>
[GenerateSerializer, Immutable, Alias("plans.HealthCheckPlan")]
public sealed record HealthCheckPlan(
    [property: Id(0)] string Path,
    [property: Id(1)] TimeSpan Interval,
    [property: Id(2)] TimeSpan Timeout,
    [property: Id(3)] TimeSpan StartDeadline,
    [property: Id(4)] int FailuresUntilUnhealthy);

/// <param name="BuildDeadline">Install and build together; a migration has as long again.</param>
/// <param name="StopGrace">From SIGTERM to SIGKILL, after draining.</param>
[GenerateSerializer, Immutable, Alias("plans.ResourceLimits")]
public sealed record ResourceLimits(
    [property: Id(0)] int MemoryMiB,
    [property: Id(1)] int MaxProcesses,
    [property: Id(2)] int MaxOpenFiles,
    [property: Id(3)] TimeSpan BuildDeadline,
    [property: Id(4)] int BuildDiskMiB,
    [property: Id(5)] TimeSpan StopGrace)
{
    /// <summary>Processors that a running copy may use at the same time; null: all of the machine's.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Cpus { get; init; }
}

/// <param name="Value">The plain value, when the repository or the platform gives one; may contain <c>${PORT}</c>. Null for what is provided from outside.</param>
/// <param name="State">Where the value comes from, or that it is missing.</param>
[GenerateSerializer, Immutable, Alias("plans.VariablePlan")]
public sealed record VariablePlan(
    [property: Id(0)] string Name,
    [property: Id(1)] VariableState State,
    [property: Id(2)] string? Value,
    [property: Id(3)] bool Secret,
    [property: Id(4)] string Source);

[GenerateSerializer, Alias("plans.VariableState")]
public enum VariableState
{
    /// <summary>Set by the platform: PORT, NODE_ENV, ASPNETCORE_HTTP_PORTS …</summary>
    Platform,

    /// <summary>A plain value in prodsprint.yml.</summary>
    Repository,

    /// <summary>Provided for this environment from outside (secrets, project settings).</summary>
    Provided,

    /// <summary>Read by the code with a default; not set.</summary>
    Defaulted,

    /// <summary>Read by the code without a default and set nowhere: a blocker.</summary>
    Missing,
}

/// <summary>How well a step can be taken back.</summary>
[GenerateSerializer, Alias("plans.Reversibility")]
public enum Reversibility
{
    /// <summary>The state before comes back exactly.</summary>
    Exact,

    /// <summary>Something equivalent comes back.</summary>
    Approximate,

    /// <summary>It comes back, and something stays behind: the residue.</summary>
    WithResidue,

    /// <summary>It cannot be taken back.</summary>
    NotAtAll,
}

/// <param name="Kind">checkout, install, build, test, migrate, start, health, smoke, gate, traffic, promote, retire.</param>
/// <param name="WayBack">What is done to take it back.</param>
/// <param name="Residue">What stays behind, or null.</param>
[GenerateSerializer, Immutable, Alias("plans.PlanStep")]
public sealed record PlanStep(
    [property: Id(0)] int Number,
    [property: Id(1)] string Kind,
    [property: Id(2)] string Environment,
    [property: Id(3)] string? Service,
    [property: Id(4)] string Title,
    [property: Id(5)] Reversibility Reversibility,
    [property: Id(6)] string WayBack,
    [property: Id(7)] string? Residue);

/// <summary>What stands between this plan and its approval. Waived by <see cref="Id"/>, which stays the same while the cause does.</summary>
/// <param name="Code">Stable; the gap's code where a gap caused it.</param>
/// <param name="Waivable">False when there is nothing to carry out without it (no service, no start command).</param>
[GenerateSerializer, Immutable, Alias("plans.PlanBlocker")]
public sealed record PlanBlocker(
    [property: Id(0)] string Id,
    [property: Id(1)] string Code,
    [property: Id(2)] string Title,
    [property: Id(3)] string Why,
    [property: Id(4)] string Remediation,
    [property: Id(5)] string? Environment,
    [property: Id(6)] string? Service,
    [property: Id(7)] SourceLocation? At,
    [property: Id(8)] bool Waivable);

/// <param name="Path">What changed, e.g. "production/shop start".</param>
/// <param name="Before">Null when it was added.</param>
/// <param name="After">Null when it was removed.</param>
[GenerateSerializer, Immutable, Alias("plans.PlanChange")]
public sealed record PlanChange(
    [property: Id(0)] string Path,
    [property: Id(1)] string? Before,
    [property: Id(2)] string? After);
