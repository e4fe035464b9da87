using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>The state of one plan: what was found, what would happen, who approved it.</summary>
public sealed record Plan
{
    public required string Workspace { get; init; }
    public required string Project { get; init; }
    public required int Number { get; init; }
    public required string? Ref { get; init; }
    public required string RequestedBy { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public int? ApprovedPlanBefore { get; init; }
    public PlanStatus Status { get; init; } = PlanStatus.Generating;
    public PlanResult? Result { get; init; }
    public ImmutableArray<Waiver> Waivers { get; init; } = [];

    /// <summary>Everyone who approved; fewer than the policy asks for while the plan is ready.</summary>
    public ImmutableArray<PlanApproval> Approvals { get; init; } = [];
    public string? ApprovedBy { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }
    public int? CarriedFrom { get; init; }
    public string? Problem { get; init; }
    public PlanBranch? Branch { get; init; }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "$event")]
[JsonDerivedType(typeof(PlanBegun), "begun")]
[JsonDerivedType(typeof(PlanGenerated), "generated")]
[JsonDerivedType(typeof(PlanFailed), "failed")]
[JsonDerivedType(typeof(ApprovalGiven), "approval-given")]
[JsonDerivedType(typeof(PlanApproved), "approved")]
[JsonDerivedType(typeof(BranchAsked), "branch-asked")]
[JsonDerivedType(typeof(BranchWritten), "branch-written")]
[JsonDerivedType(typeof(BranchFailed), "branch-failed")]
public abstract record PlanEvent(string By, string? Reason);

public sealed record PlanBegun(string Workspace, string Project, int Number, string? Ref, int? ApprovedPlan, DateTimeOffset At, string By, string? Reason) : PlanEvent(By, Reason);

public sealed record PlanGenerated(PlanResult Result, string By, string? Reason) : PlanEvent(By, Reason);

public sealed record PlanFailed(string Problem, string By, string? Reason) : PlanEvent(By, Reason);

/// <summary>One of several people has approved it, and others have to.</summary>
/// <param name="Waivers">Those that hold, of everyone so far.</param>
public sealed record ApprovalGiven(ImmutableArray<Waiver> Waivers, DateTimeOffset At, string By, string? Reason) : PlanEvent(By, Reason);

/// <param name="CarriedFrom">Set when nothing that is executed has changed since that plan was approved.</param>
public sealed record PlanApproved(ImmutableArray<Waiver> Waivers, int? CarriedFrom, DateTimeOffset At, string By, string? Reason) : PlanEvent(By, Reason);

public sealed record BranchAsked(string Branch, ImmutableArray<string> Bundles, string Title, string Text, DateTimeOffset At, string By, string? Reason) : PlanEvent(By, Reason);

public sealed record BranchWritten(BranchResult Result, string By, string? Reason) : PlanEvent(By, Reason);

public sealed record BranchFailed(string Problem, string By, string? Reason) : PlanEvent(By, Reason);
