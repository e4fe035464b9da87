using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Plans;

namespace ProdSprint.Infrastructure;

/// <summary>The state of one environment's infrastructure: the newest plan, what was applied last, and how far the world is from it.</summary>
public sealed record InfrastructureState
{
    public required string Workspace { get; init; }
    public required string Project { get; init; }
    public required string Environment { get; init; }
    public InfrastructurePhase Phase { get; init; }
    public int LastPlan { get; init; }
    public bool Destroy { get; init; }
    public ApprovalMode Approval { get; init; }
    public required string RequestedBy { get; init; }
    public InfrastructurePlan? Plan { get; init; }
    public string? ApprovedBy { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }
    public InfrastructureBaseline? Baseline { get; init; }
    public InfrastructureDrift? Drift { get; init; }
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>The newest state anybody told of: an older one in the database was put there by somebody else.</summary>
    public KnownState? Known { get; init; }

    /// <summary>The one job at work; an outcome of any other is of the past.</summary>
    public string? Job { get; init; }

    public string? JobKind { get; init; }

    /// <summary>Who asked for the job; its outcome is told in their name.</summary>
    public string? JobBy { get; init; }

    /// <summary>The apply at work puts back what was applied before.</summary>
    public bool Repairs { get; init; }

    /// <summary>Where the newest plan stood when a repair began: it stands there again afterwards.</summary>
    public InfrastructurePhase? Before { get; init; }

    public string? Problem { get; init; }

    /// <summary>What a running release has to wait for: a drift that nobody has accepted.</summary>
    [JsonIgnore] public InfrastructureDrift? OpenDrift => Drift is { AcceptedBy: null } d ? d : null;
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "$event")]
[JsonDerivedType(typeof(InfrastructurePlanBegun), "plan-begun")]
[JsonDerivedType(typeof(InfrastructurePlanned), "planned")]
[JsonDerivedType(typeof(InfrastructurePlanFailed), "plan-failed")]
[JsonDerivedType(typeof(InfrastructureApproved), "approved")]
[JsonDerivedType(typeof(InfrastructureApplying), "applying")]
[JsonDerivedType(typeof(InfrastructureWasApplied), "applied")]
[JsonDerivedType(typeof(InfrastructureApplyFailed), "apply-failed")]
[JsonDerivedType(typeof(DriftCheckBegun), "drift-check-begun")]
[JsonDerivedType(typeof(DriftChecked), "drift-checked")]
[JsonDerivedType(typeof(DriftCheckFailed), "drift-check-failed")]
[JsonDerivedType(typeof(DriftAccepted), "drift-accepted")]
[JsonDerivedType(typeof(StateRestoreBegun), "restore-begun")]
[JsonDerivedType(typeof(StateRestored), "restored")]
[JsonDerivedType(typeof(StateRestoreFailed), "restore-failed")]
public abstract record InfrastructureEvent(string By, string? Reason);

/// <param name="Job">Whose outcome is waited for.</param>
public sealed record InfrastructurePlanBegun(string Workspace, string Project, string Environment, int Number, bool Destroy, ApprovalMode Approval, string Job, string By, string? Reason) : InfrastructureEvent(By, Reason);

public sealed record InfrastructurePlanned(InfrastructurePlan Plan, string By, string? Reason) : InfrastructureEvent(By, Reason);

public sealed record InfrastructurePlanFailed(string Problem, string By, string? Reason) : InfrastructureEvent(By, Reason);

public sealed record InfrastructureApproved(string Digest, DateTimeOffset At, string By, string? Reason) : InfrastructureEvent(By, Reason);

/// <param name="Repair">What was applied before is put back; no plan is carried out.</param>
public sealed record InfrastructureApplying(int Plan, bool Repair, string Job, string By, string? Reason) : InfrastructureEvent(By, Reason);

/// <param name="Baseline">Null: everything is gone, as it was asked for.</param>
/// <param name="Cost">What the plan that was carried out changes in what a month costs; null for a repair, which changes nothing of it.</param>
public sealed record InfrastructureWasApplied(
    InfrastructureBaseline? Baseline, KnownState State, int Changed, DateTimeOffset At, string By, string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CostDifference? Cost = null) : InfrastructureEvent(By, Reason);

public sealed record InfrastructureApplyFailed(string Problem, string By, string? Reason) : InfrastructureEvent(By, Reason);

public sealed record DriftCheckBegun(string Job, string By, string? Reason) : InfrastructureEvent(By, Reason);

/// <param name="Drift">Null: all is as it was applied.</param>
public sealed record DriftChecked(InfrastructureDrift? Drift, KnownState State, DateTimeOffset At, string By, string? Reason) : InfrastructureEvent(By, Reason);

public sealed record DriftCheckFailed(string Problem, DateTimeOffset At, string By, string? Reason) : InfrastructureEvent(By, Reason);

public sealed record DriftAccepted(string Digest, ImmutableArray<InfrastructureChange> Changes, DateTimeOffset At, string By, string? Reason) : InfrastructureEvent(By, Reason);

public sealed record StateRestoreBegun(long StateVersion, string Job, string By, string? Reason) : InfrastructureEvent(By, Reason);

public sealed record StateRestored(KnownState State, string By, string? Reason) : InfrastructureEvent(By, Reason);

public sealed record StateRestoreFailed(string Problem, string By, string? Reason) : InfrastructureEvent(By, Reason);
