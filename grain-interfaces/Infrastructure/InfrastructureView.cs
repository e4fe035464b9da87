namespace ProdSprint.Infrastructure;

/// <summary>An environment's infrastructure as people see it. Times are UTC.</summary>
/// <param name="Plan">The newest plan; the one before stands until this one is applied.</param>
/// <param name="Baseline">What is there by ProdSprint's doing; null: nothing.</param>
/// <param name="Drift">What was found to be otherwise, accepted or not; null: nothing.</param>
/// <param name="Job">The job at work, whose log can be followed; null: none.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.InfrastructureView")]
public sealed record InfrastructureView(
    [property: Id(0)] string Key,
    [property: Id(1)] string Workspace,
    [property: Id(2)] string Project,
    [property: Id(3)] string Environment,
    [property: Id(4)] InfrastructurePhase Phase,
    [property: Id(5)] InfrastructurePlan? Plan,
    [property: Id(6)] string? RequestedBy,
    [property: Id(7)] string? ApprovedBy,
    [property: Id(8)] DateTimeOffset? ApprovedAt,
    [property: Id(9)] InfrastructureBaseline? Baseline,
    [property: Id(10)] InfrastructureDrift? Drift,
    [property: Id(11)] DateTimeOffset? CheckedAt,
    [property: Id(12)] string? Job,
    [property: Id(13)] string? Problem,
    [property: Id(14)] long StateVersion);

[GenerateSerializer, Alias("infrastructure.InfrastructurePhase")]
public enum InfrastructurePhase
{
    Planning = 0,

    /// <summary>Waits for an approval.</summary>
    Planned = 1,
    Approved = 2,
    Applying = 3,
    Applied = 4,

    /// <summary>See the problem; what was approved can be applied again, or planned anew.</summary>
    Failed = 5,
    Destroyed = 6,
}
