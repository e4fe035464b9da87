using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Infrastructure;

/// <summary>
/// What an environment's infrastructure decides: nothing changes without an approval of the very plan, one job works on it at a time, and a drift is put back or
/// answered for by somebody.
/// </summary>
public static partial class InfrastructureMachine
{
    /// <summary>How often the world is held against what was applied.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan PlanLimit = TimeSpan.FromMinutes(10), ApplyLimit = TimeSpan.FromMinutes(30);

    /// <summary>A job that lost its server begins again; what Terraform itself refuses is not tried again.</summary>
    private const int Attempts = 5;

    /// <param name="version">Of the grain before this command: what is decided now gets the next one, and its effects their ids from it.</param>
    public static Decision<InfrastructureEvent> Decide(InfrastructureState? state, string key, long version, InfrastructureCommand command, DateTimeOffset now) => (state, command) switch
    {
        (null, PlanInfrastructure c) => Begin(null, key, version, c),
        (null, InfrastructureTick or InfrastructureOutcome) => Decision<InfrastructureEvent>.Nothing,
        (null, _) => Refuse(InfrastructureRejections.Unknown(key)),
        ({ } s, InfrastructureOutcome c) => s.Job == c.Job ? Ended(s, key, c, now) : Decision<InfrastructureEvent>.Nothing,
        ({ } s, InfrastructureTick) => DueAt(s) <= now ? Look(s, key, version, Actor.System("timer"), null) : Decision<InfrastructureEvent>.Nothing,
        ({ JobKind: not null and not InfrastructureJobs.Check } s, PlanInfrastructure or ApplyInfrastructure or CheckDrift or ReapplyInfrastructure or RestoreInfrastructureState) when !IsPlan(s) || command is not PlanInfrastructure =>
            Refuse(InfrastructureRejections.Busy(s)),
        ({ } s, PlanInfrastructure c) => Begin(s, key, version, c),
        ({ } s, ApproveInfrastructure c) => Approve(s, c, now),
        ({ } s, ApplyInfrastructure c) => ApplyPlan(s, key, version, c),
        ({ Baseline: null } s, CheckDrift or AcceptDrift or ReapplyInfrastructure) => Refuse(InfrastructureRejections.NothingApplied(s)),
        ({ } s, CheckDrift c) => Look(s, key, version, c.By, c.Reason),
        ({ Drift: null } s, AcceptDrift or ReapplyInfrastructure) => Refuse(InfrastructureRejections.NoDrift(s)),
        ({ Drift: { } d }, AcceptDrift c) when d.Digest != c.Digest => Refuse(InfrastructureRejections.OtherDrift(c.Digest, d)),
        ({ Drift: { } d }, ReapplyInfrastructure c) when d.Digest != c.Digest => Refuse(InfrastructureRejections.OtherDrift(c.Digest, d)),
        ({ } s, AcceptDrift c) => Accept(s, c, now),
        ({ } s, ReapplyInfrastructure c) => Reapply(s, key, version, c),
        ({ } s, RestoreInfrastructureState c) => c.StateVersion < 1 ? Refuse(InfrastructureRejections.BadVersion(c.StateVersion))
            : Job(s, key, version, InfrastructureJobs.Restore, Request(s) with { RestoreVersion = c.StateVersion }, job => new StateRestoreBegun(c.StateVersion, job, c.By.Id, c.Reason)),
        _ => Decision<InfrastructureEvent>.Nothing,
    };

    /// <summary>The next look, while something is there to look at and nothing else is going on.</summary>
    public static DateTimeOffset? DueAt(InfrastructureState s) => s is { Baseline: { } b, Job: null } ? (s.CheckedAt ?? b.AppliedAt) + CheckEvery : null;

    private static bool IsPlan(InfrastructureState s) => s.JobKind == InfrastructureJobs.Plan;

    private static Decision<InfrastructureEvent> Begin(InfrastructureState? s, string key, long version, PlanInfrastructure c)
    {
        var parts = key.Split('/');
        var number = (s?.LastPlan ?? 0) + 1;
        var request = new InfrastructureRequest(parts[1], parts[2], parts[3], number, c.Destroy, null, [], null, s?.Known, null);
        return Job(s, key, version, InfrastructureJobs.Plan, request, job => new InfrastructurePlanBegun(parts[1], parts[2], parts[3], number, c.Destroy, c.Approval, job, c.By.Id, c.Reason));
    }

    private static Decision<InfrastructureEvent> Approve(InfrastructureState s, ApproveInfrastructure c, DateTimeOffset now)
    {
        if (s.Phase is InfrastructurePhase.Approved or InfrastructurePhase.Applying) return Refuse(InfrastructureRejections.Approved(s));
        if (s.Phase != InfrastructurePhase.Planned || s.Plan is not { } plan) return Refuse(InfrastructureRejections.NoPlan(s));
        if (!c.By.IsUser) return Refuse(InfrastructureRejections.NotAPerson(c.By));
        if (c.Digest != plan.Digest) return Refuse(InfrastructureRejections.OtherPlan(c.Digest, plan));
        if (s.Approval == ApprovalMode.EveryPlan && c.By.Id == s.RequestedBy) return Refuse(InfrastructureRejections.OwnApproval(c.By.Id));
        return Decision<InfrastructureEvent>.Of(new InfrastructureApproved(plan.Digest, now, c.By.Id, c.Reason));
    }

    private static Decision<InfrastructureEvent> ApplyPlan(InfrastructureState s, string key, long version, ApplyInfrastructure c)
    {
        if (s.Phase is InfrastructurePhase.Applied or InfrastructurePhase.Destroyed) return Refuse(InfrastructureRejections.Done(s));
        if (s.Plan is not { } plan) return Refuse(InfrastructureRejections.NoPlan(s));
        if (s.ApprovedBy is null) return Refuse(InfrastructureRejections.NotApproved(s));
        return Job(s, key, version, InfrastructureJobs.Apply, Request(s) with { Plan = plan, Destroy = plan.Destroy, Allowed = plan.Changes, ConfigurationDigest = plan.ConfigurationDigest },
            job => new InfrastructureApplying(plan.Number, false, job, c.By.Id, c.Reason));
    }

    /// <summary>Needs no approval of its own: it is what was approved, and nothing but the drift that was seen is changed.</summary>
    private static Decision<InfrastructureEvent> Reapply(InfrastructureState s, string key, long version, ReapplyInfrastructure c) =>
        Job(s, key, version, InfrastructureJobs.Apply, Request(s) with { Allowed = s.Drift!.Changes, ConfigurationDigest = s.Baseline!.ConfigurationDigest },
            job => new InfrastructureApplying(s.Baseline.Plan, true, job, c.By.Id, c.Reason));

    private static Decision<InfrastructureEvent> Look(InfrastructureState s, string key, long version, Actor by, string? reason) =>
        Job(s, key, version, InfrastructureJobs.Check, Request(s) with { ConfigurationDigest = s.Baseline!.ConfigurationDigest }, job => new DriftCheckBegun(job, by.Id, reason));

    private static Decision<InfrastructureEvent> Accept(InfrastructureState s, AcceptDrift c, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(c.Reason)) return Refuse(InfrastructureRejections.NoReason());
        if (!c.By.IsUser) return Refuse(InfrastructureRejections.NotAPerson(c.By));
        if (s.Drift!.AcceptedBy is not null) return Decision<InfrastructureEvent>.Nothing;
        var accepted = new DriftAccepted(c.Digest, s.Drift.Changes, now, c.By.Id, c.Reason);
        return Decision<InfrastructureEvent>.Of(accepted, TellProject(Apply(s, accepted), c.By));
    }

    private static Decision<InfrastructureEvent> Ended(InfrastructureState s, string key, InfrastructureOutcome c, DateTimeOffset now)
    {
        var problem = c.Problem ?? (c.Result is null ? "The job ended without a result." : null);
        var by = s.JobBy!;
        InfrastructureEvent happened = (s.JobKind, problem, c.Result) switch
        {
            (InfrastructureJobs.Plan, null, InfrastructurePlan plan) => new InfrastructurePlanned(plan, by, null),
            (InfrastructureJobs.Apply, null, InfrastructureApplied done) => new InfrastructureWasApplied(Baseline(s, done, now), done.State, done.Changed, now, by, null, s.Repairs ? null : s.Plan?.Cost),
            (InfrastructureJobs.Check, null, DriftFound found) => new DriftChecked(Drift(s, found, now), found.State, now, by, null),
            (InfrastructureJobs.Restore, null, InfrastructureApplied done) => new StateRestored(done.State, by, null),
            (InfrastructureJobs.Plan, _, _) => new InfrastructurePlanFailed(problem ?? Strange(c), by, null),
            (InfrastructureJobs.Apply, _, _) => new InfrastructureApplyFailed(problem ?? Strange(c), by, null),
            (InfrastructureJobs.Restore, _, _) => new StateRestoreFailed(problem ?? Strange(c), by, null),
            _ => new DriftCheckFailed(problem ?? Strange(c), now, by, null),
        };
        // Also when nothing has changed: what a project missed is told again with the next look.
        return happened is InfrastructureWasApplied or DriftChecked
            ? Decision<InfrastructureEvent>.Of(happened, TellProject(Apply(s, happened), Actor.System("infrastructure")))
            : Decision<InfrastructureEvent>.Of(happened);
    }

    private static string Strange(InfrastructureOutcome c) => $"The job ended with what it should not: {c.Result?.GetType().Name}. Next: report this as a defect of ProdSprint";

    private static InfrastructureBaseline? Baseline(InfrastructureState s, InfrastructureApplied done, DateTimeOffset now) => s switch
    {
        { Repairs: true, Baseline: { } b } => b with { StateVersion = done.State.Version, StateDigest = done.State.Digest, AppliedAt = now },
        { Plan: { Destroy: false } p } => new(p.Number, p.Digest, p.ConfigurationDigest, s.ApprovedBy!, done.State.Version, done.State.Digest, now),
        _ => null,
    };

    /// <summary>The same drift is the same decision: since when, and whether somebody answers for it, stays.</summary>
    private static InfrastructureDrift? Drift(InfrastructureState s, DriftFound found, DateTimeOffset now)
    {
        if (found.Changes.IsEmpty) return null;
        var digest = CanonicalJson.Digest(found.Changes);
        return s.Drift is { } known && known.Digest == digest ? known : new(digest, found.Changes, s.Drift?.Since ?? now, null, null, null);
    }

    private static InfrastructureRequest Request(InfrastructureState s) => new(s.Workspace, s.Project, s.Environment, s.LastPlan, false, null, [], null, s.Known, null);

    /// <summary>One at a time: a look that is going on gives way.</summary>
    private static Decision<InfrastructureEvent> Job(InfrastructureState? s, string key, long version, string kind, InfrastructureRequest request, Func<string, InfrastructureEvent> begun)
    {
        var effects = new List<Effect>();
        if (s?.Job is not null) effects.Add(new CancelJobs(key));
        var job = $"{key}@{version + 1}.{effects.Count}";
        effects.Add(new EnqueueJob(kind, KernelJson.Write(request), kind == InfrastructureJobs.Apply ? ApplyLimit : PlanLimit, Attempts, Group: key));
        return Decision<InfrastructureEvent>.Of([begun(job)], effects);
    }

    private static Tell TellProject(InfrastructureState s, Actor by) => new(
        GrainKeys.Project(s.Workspace, s.Project),
        KernelJson.Write<ProjectCommand>(new InfrastructureDrifted(s.Environment, s.OpenDrift is { } d ? Words(s, d) : null, s.Baseline is not null, by, null)));

    private static string Words(InfrastructureState s, InfrastructureDrift d) =>
        $"The infrastructure of {s.Environment} is not as it was applied: {string.Join("; ", d.Changes.Take(3).Select(c => c.Why ?? c.Address))}{(d.Changes.Length > 3 ? $" and {d.Changes.Length - 3} more" : "")}. Put it back with prodsprint infrastructure drift --reapply, or accept it.";

    private static Decision<InfrastructureEvent> Refuse(Rejection rejection) => Decision<InfrastructureEvent>.Refuse(rejection);
}

/// <summary>A deadline has come; never sent across grains.</summary>
internal sealed record InfrastructureTick() : InfrastructureCommand(Actor.System("timer"), null);

/// <summary>How a job ended; never sent across grains.</summary>
internal sealed record InfrastructureOutcome(string Job, object? Result, string? Problem) : InfrastructureCommand(Actor.System("infrastructure"), null);
