namespace ProdSprint.Infrastructure;

public static partial class InfrastructureMachine
{
    /// <summary>The only writer of the state, live and in replay.</summary>
    public static InfrastructureState Apply(InfrastructureState? state, InfrastructureEvent happened) => happened switch
    {
        InfrastructurePlanBegun e => (state ?? new() { Workspace = e.Workspace, Project = e.Project, Environment = e.Environment, RequestedBy = e.By }) with
        {
            Phase = InfrastructurePhase.Planning,
            LastPlan = e.Number,
            Destroy = e.Destroy,
            Approval = e.Approval,
            RequestedBy = e.By,
            Plan = null,
            ApprovedBy = null,
            ApprovedAt = null,
            Job = e.Job,
            JobKind = InfrastructureJobs.Plan,
            JobBy = e.By,
            Problem = null,
            Repairs = false,
        },
        InfrastructurePlanned e => Idle(state!) with { Phase = InfrastructurePhase.Planned, Plan = e.Plan },
        InfrastructurePlanFailed e => Idle(state!) with { Phase = InfrastructurePhase.Failed, Problem = e.Problem },
        InfrastructureApproved e => state! with { Phase = InfrastructurePhase.Approved, ApprovedBy = e.By, ApprovedAt = e.At },
        InfrastructureApplying e => state! with
        {
            Before = e.Repair ? state.Phase : null,
            Phase = InfrastructurePhase.Applying,
            Repairs = e.Repair,
            Job = e.Job,
            JobKind = InfrastructureJobs.Apply,
            JobBy = e.By,
            Problem = null,
        },
        InfrastructureWasApplied e => Idle(state!) with
        {
            Phase = state!.Before ?? (e.Baseline is null ? InfrastructurePhase.Destroyed : InfrastructurePhase.Applied),
            Before = null,
            Repairs = false,
            Baseline = e.Baseline,
            Known = e.State,
            Drift = null,
            CheckedAt = e.At,
        },
        InfrastructureApplyFailed e => Idle(state!) with { Phase = state!.Before ?? InfrastructurePhase.Failed, Before = null, Repairs = false, Problem = e.Problem },
        DriftCheckBegun e => state! with { Job = e.Job, JobKind = InfrastructureJobs.Check, JobBy = e.By },
        DriftChecked e => Idle(state!) with { Drift = e.Drift, Known = e.State, CheckedAt = e.At, Problem = state!.Phase == InfrastructurePhase.Failed ? state.Problem : null },
        DriftCheckFailed e => Idle(state!) with { CheckedAt = e.At, Problem = e.Problem },
        DriftAccepted e => state! with { Drift = state.Drift! with { AcceptedBy = e.By, AcceptedAt = e.At, AcceptedFor = e.Reason } },
        StateRestoreBegun e => state! with { Job = e.Job, JobKind = InfrastructureJobs.Restore, JobBy = e.By, Problem = null },
        StateRestored e => Idle(state!) with { Known = e.State, CheckedAt = null },
        StateRestoreFailed e => Idle(state!) with { Problem = e.Problem },
        _ => throw new InvalidOperationException($"Apply does not know {happened.GetType().Name}"),
    };

    private static InfrastructureState Idle(InfrastructureState s) => s with { Job = null, JobKind = null, JobBy = null };
}
