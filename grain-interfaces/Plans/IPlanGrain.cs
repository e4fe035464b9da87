using System.Collections.Immutable;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Plans;

/// <summary>One plan of one project: <c>plan/{workspace}/{project}/{number}</c>.</summary>
[Alias("plans.IPlanGrain")]
public interface IPlanGrain : IGrainWithStringKey, IJobOwner, ICommandTarget
{
    [Alias("Do")]
    Task<CommandResult> Do(PlanCommand command);

    [Alias("View")]
    Task<PlanView?> View();
}

/// <summary>A plan as people see it. Times are UTC.</summary>
/// <param name="CarriedFrom">The plan whose approval stands for this one, because it executes the same.</param>
[GenerateSerializer, Immutable, Alias("plans.PlanView")]
public sealed record PlanView(
    [property: Id(0)] string Key,
    [property: Id(1)] string Workspace,
    [property: Id(2)] string Project,
    [property: Id(3)] int Number,
    [property: Id(4)] PlanStatus Status,
    [property: Id(5)] string? Ref,
    [property: Id(6)] string? Commit,
    [property: Id(7)] string? Version,
    [property: Id(8)] string? Author,
    [property: Id(9)] string? Subject,
    [property: Id(10)] string? Summary,
    [property: Id(11)] string? AuditDigest,
    [property: Id(12)] PlanDocument? Document,
    [property: Id(13)] ImmutableArray<Waiver> Waivers,
    [property: Id(14)] string RequestedBy,
    [property: Id(15)] DateTimeOffset RequestedAt,
    [property: Id(16)] string? ApprovedBy,
    [property: Id(17)] DateTimeOffset? ApprovedAt,
    [property: Id(18)] int? CarriedFrom,
    [property: Id(19)] string? Problem,
    [property: Id(20)] long StateVersion)
{
    /// <summary>Of what the commit changes against the plan approved before, in the document store.</summary>
    [Id(21)] public string? ChangeDigest { get; init; }

    /// <summary>The branch that its blueprint was last written as; null: none was asked for.</summary>
    [Id(22)] public PlanBranch? Branch { get; init; }

    /// <summary>Who has approved it so far, in order; fewer than its policy asks for while it is ready. Empty for an approval that was carried over.</summary>
    [Id(23)] public ImmutableArray<PlanApproval> Approvals { get; init; } = [];
}

/// <summary>One person's approval.</summary>
/// <param name="Digest">Of the plan that they saw.</param>
[GenerateSerializer, Immutable, Alias("plans.PlanApproval")]
public sealed record PlanApproval([property: Id(0)] string By, [property: Id(1)] DateTimeOffset At, [property: Id(2)] string Digest, [property: Id(3)] string? Reason);

[GenerateSerializer, Alias("plans.PlanStatus")]
public enum PlanStatus { Generating, Ready, Approved, Failed }
