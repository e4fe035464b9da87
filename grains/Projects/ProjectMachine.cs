using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>What a project decides: one release in flight at most, a newer one supersedes it, and going back is always possible.</summary>
public static partial class ProjectMachine
{
    public static Decision<ProjectEvent> Decide(Project? state, string key, ProjectCommand command, DateTimeOffset now) => (state, command) switch
    {
        (null, ImportProject c) when ProjectChecks.Source(c.Source) is { } no => Refuse(no),
        (null, ImportProject c) => Import(key, c, 1, now),
        (null, _) => Refuse(ProjectRejections.Unknown(key[(key.LastIndexOf('/') + 1)..])),
        ({ Import: ImportState.Failed }, ImportProject c) when ProjectChecks.Source(c.Source) is { } no => Refuse(no),
        ({ Import: ImportState.Failed } p, ImportProject c) => Import(key, c, p.Imports + 1, now),
        ({ } p, ImportProject) => Refuse(ProjectRejections.Exists(p.Id, p.Source)),
        ({ } p, SetFreezeWindows c) => SetFreeze(p, c, now),
        ({ } p, WorkspaceFreezeChanged c) => Follow(p, c, now),
        ({ } p, ProjectTick c) => Tick(p, c, now),
        ({ } p, CreateWaiver c) => Waive(p, c, now),
        ({ } p, RevokeWaiver c) => Revoke(p, c, now),
        ({ } p, AdvisoriesImported c) => KnowAdvisories(p, c),
        ({ } p, InfrastructureDrifted c) => Drifted(p, c),
        (_, SetVariables c) when ProjectChecks.Values(c.Values) is { } no => Refuse(no),
        ({ } p, SetVariables c) => Variables(p, c),
        ({ Import: not ImportState.Imported } p, RequestPlan or RequestRelease or RollBackTo or RequestInfrastructurePlan) => Refuse(ProjectRejections.NotImported(p)),
        (_, RequestInfrastructurePlan c) when !PlanBuilder.Environments.Contains(c.Environment) => Refuse(ProjectRejections.NoSuchEnvironment(c.Environment)),
        ({ } p, RequestInfrastructurePlan c) => PlanInfrastructure(p, c),
        (_, RequestPlan c) when (ProjectChecks.Profile(c.Profile) ?? ProjectChecks.Care(c.Care)) is { } no => Refuse(no),
        ({ } p, RequestPlan c) => Plan(p, c),
        ({ } p, PlanSettled c) => Settled(p, c, now),
        ({ } p, RequestRelease c) => Release(p, c, now),
        ({ } p, RollBackTo c) => RollBack(p, c),
        ({ } p, ReleaseEnded c) => Ended(p, c, now),
        ({ } p, AttemptWanted c) => Attempt(p, c, now),
        ({ } p, StableProcessChanged c) => StableProcess(p, c),
        ({ } p, ImportOutcome c) => Imported(p, c, now),
        _ => Decision<ProjectEvent>.Nothing,
    };

    /// <summary>The next freeze window's edge, or the next waiver's end.</summary>
    public static DateTimeOffset? WakeAt(Project state) => state.Windows.Select(w => (DateTimeOffset?)FreezeCalendar.Edge(w, state.ClosedTold, state.FrozenTold))
        .Concat(state.Waivers.Where(w => w.State == WaiverState.Valid).Select(w => (DateTimeOffset?)w.Expires)).Min();

    private static Decision<ProjectEvent> Import(string key, ImportProject c, int import, DateTimeOffset now)
    {
        var workspace = GrainKeys.Workspace(key);
        var id = GrainKeys.ProjectOf(key)!;
        return Of(
            new ImportStarted(workspace, id, c.Source, import, now, c.By.Id, c.Reason),
            new EnqueueJob(ProjectJobs.Import, KernelJson.Write(new ImportRequest(workspace, id, c.Source)), TimeSpan.FromMinutes(15), Group: key));
    }

    private static Decision<ProjectEvent> Imported(Project p, ImportOutcome c, DateTimeOffset now)
    {
        if (p.Import != ImportState.Importing) return Decision<ProjectEvent>.Nothing;
        if (c.Result is not { } r) return Of(new ImportFailed(c.Problem ?? "The import failed without saying why.", c.By.Id, c.Reason));
        var imported = new Imported(r.DefaultBranch, r.Head, r.Commits, c.By.Id, c.Reason);
        var windows = r.Freeze is { } f ? Follow(Apply(p, imported), new WorkspaceFreezeChanged(f.Revision, f.Windows, new(f.By), f.Reason), now) : Decision<ProjectEvent>.Nothing;
        return Then(imported, r.Advisories && !p.Advisories ? Then(new AdvisoriesKnown(c.By.Id, null), windows) : windows);
    }

    private static Decision<ProjectEvent> Plan(Project p, RequestPlan c)
    {
        var number = p.LastPlan + 1;
        return Of(new PlanRequested(number, c.Ref, c.By.Id, c.Reason), Begin(p, number, c.Ref, c.Profile, c.By, c.Reason, c.Care));
    }

    private static Decision<ProjectEvent> Settled(Project p, PlanSettled c, DateTimeOffset now)
    {
        if (c.Document is null) return p.Pending?.Plan == c.Number ? Of(new PlanGaveUp(c.Number, c.By.Id, c.Reason)) : Decision<ProjectEvent>.Nothing;
        var accepted = new PlanAccepted(c.Number, c.Version!, c.Document, c.By.Id, c.Reason) { WaivedUntil = c.WaivedUntil };
        if (p.Pending is not { } pending || pending.Plan != c.Number) return Of(accepted);
        var after = Apply(p, accepted);
        if (p.ClosedAt(now) is { } w) return new([accepted, new PlanGaveUp(c.Number, Actor.System("freeze").Id, ProjectRejections.Frozen(w).Detail)], [], null);
        return Then(accepted, Launch(after, Spec(after, after.Approved!, ReleaseKind.Normal, null, pending.SkipAnalysis), pending.By, pending.Reason, after.FrozenAt(now)));
    }

    private static Decision<ProjectEvent> Release(Project p, RequestRelease c, DateTimeOffset now)
    {
        if (p.ClosedAt(now) is { } window) return Refuse(ProjectRejections.Frozen(window));
        if (c.PlanNumber is { } planned)
        {
            if (p.Approved is { } approved && approved.Number == planned)
                return approved.WaivedUntil <= now ? Refuse(ProjectRejections.WaiversOfPlanEnded(approved)) : Launch(p, Spec(p, approved, ReleaseKind.Normal, null, c.SkipAnalysis), c.By.Id, c.Reason, p.FrozenAt(now));
            // Newer than the approved one: it is being made, read, or its approval is on its way here.
            return planned > (p.Approved?.Number ?? 0) && planned <= p.LastPlan
                ? Of(new ReleaseRequested(planned, c.SkipAnalysis, c.By.Id, c.Reason))
                : Refuse(ProjectRejections.NoApprovedPlan(planned));
        }
        var number = p.LastPlan + 1;
        return Decision<ProjectEvent>.Of(
            [new PlanRequested(number, c.Ref, c.By.Id, c.Reason), new ReleaseRequested(number, c.SkipAnalysis, c.By.Id, c.Reason)],
            [Begin(p, number, c.Ref, null, c.By, c.Reason)]);
    }

    /// <summary>Back to the stable version while a release is in flight is an abort; to an older one it is a release of its own.</summary>
    private static Decision<ProjectEvent> RollBack(Project p, RollBackTo c)
    {
        var target = c.Version is null
            ? p.Active is not null ? p.Good.FirstOrDefault() : p.Good.Skip(1).FirstOrDefault()
            : p.Good.FirstOrDefault(g => g.Version.Version == c.Version);
        if (target is null) return Refuse(ProjectRejections.NothingToRollBackTo(c.Version, p.Good.Select(g => g.Version.Version)));
        if (target.Version.Version == p.Stable?.Version)
        {
            return p.Active is { } active
                ? Of(new RollbackAsked(active.Number, target.Version.Version, c.By.Id, c.Reason),
                    TellRelease(p, active.Number, new RollBackRelease(c.By, c.Reason ?? $"Back to {target.Version.Version}")))
                : Refuse(ProjectRejections.AlreadyStable(target.Version.Version));
        }
        // AR rollout/sync.go: inside the window when fewer revisions than the window lie strictly between the target and the stable one.
        var between = p.Good.IndexOf(target) - 1;
        var kind = between < target.Plan.Policy.PinnedArtifacts ? ReleaseKind.FastRollback : ReleaseKind.Rollback;
        var plan = new ApprovedPlan(target.PlanNumber, target.Version.Version, target.Plan);
        return Launch(p, Spec(p, plan, kind, target.Version.ArtifactDigest, false), c.By.Id, c.Reason);
    }

    private static Decision<ProjectEvent> Ended(Project p, ReleaseEnded c, DateTimeOffset now)
    {
        if (p.Active?.Number != c.Number && !(c.Outcome is ReleaseOutcome.Promoted or ReleaseOutcome.FastPromoted)) return Decision<ProjectEvent>.Nothing;
        var good = c.Stable is { } stable && p.Active is { } spec && spec.Number == c.Number && (stable.PromotedBy > 0 ? stable.PromotedBy : stable.Release) == c.Number
            ? new GoodVersion(stable, spec.PlanNumber, spec.Plan)
            : null;
        var finished = new ReleaseFinished(c.Number, c.Outcome, c.Stable, good, c.By.Id, c.Reason);
        var after = Apply(p, finished);
        Effect[] keep = good is null ? [] : [Keep(p, good)];
        // It was promoted before it heard of the rollback: production has moved on, and goes back by a release of its own.
        if (after is { Active: null, Queued: null } && p.BackTo is { } wish && after.Stable?.Version != wish.Version && after.Good.Any(g => g.Version.Version == wish.Version))
        {
            var back = RollBack(after, new RollBackTo(wish.Version, new(wish.By), wish.Reason));
            return Decision<ProjectEvent>.Of([finished, .. back.Events], [.. keep, .. back.Effects]);
        }
        if (after.Queued is not { } next || after.Active is not null || (after.ClosedAt(now) is not null && next.Spec.Kind == ReleaseKind.Normal))
            return Of(finished, keep);
        var start = Start(after, next.Spec, next.By, next.Reason, after.FrozenAt(now));
        return Decision<ProjectEvent>.Of([finished, .. start.Events], [.. keep, .. start.Effects]);
    }

    /// <summary>The artifact joins the last good ones that are never collected, so that a rollback needs no build.</summary>
    private static EnqueueJob Keep(Project p, GoodVersion good) => new(
        KeepArtifact.Kind, KernelJson.Write(new KeepArtifact(p.Workspace, p.Id, good.Version.ArtifactDigest, good.Plan.Policy.PinnedArtifacts)), TimeSpan.FromMinutes(5));

    /// <summary>A new attempt of the last release: one at a time, and never below the routes of a newer one.</summary>
    private static Decision<ProjectEvent> Attempt(Project p, AttemptWanted c, DateTimeOffset now)
    {
        var refusal = p.Active is { } active ? $"Release {active.Number} is in flight."
            : c.Spec.Number != p.LastRelease ? $"Release {p.LastRelease} is newer; release the commit anew."
            : c.Spec.Kind == ReleaseKind.Normal && p.ClosedAt(now) is { } w ? ProjectRejections.Frozen(w).Detail
            : null;
        if (refusal is not null) return Decision<ProjectEvent>.Of([], [TellRelease(p, c.Spec.Number, new RefuseAttempt(Actor.System("project"), refusal))]);
        var spec = c.Spec with { Stable = p.Stable, Gate = Facts(p) };
        return Of(new ReleaseStarted(spec, c.By.Id, c.Reason), TellRelease(p, spec.Number, new AllowAttempt(p.Stable, c.By, c.Reason) { Gate = Facts(p), Frozen = p.FrozenAt(now), Drift = DriftFor(p, spec) }));
    }

    private static Decision<ProjectEvent> StableProcess(Project p, StableProcessChanged c)
    {
        if (p.Stable is not { } stable || stable.Release != c.Release || stable.Address == c.Address) return Decision<ProjectEvent>.Nothing;
        var moved = new StableMoved(c.Release, c.Address, c.By.Id, c.Reason);
        var owner = p.Active?.Number ?? p.LastRelease;
        if (owner == stable.PromotedBy || owner == c.Release) return Of(moved);
        ReleaseCommand news = c.Address is { } address
            ? new InstanceStarted("production", c.Release, address, c.By, c.Reason)
            : new InstanceFailed("production", c.Release, c.Detail, c.By, c.Reason);
        return Of(moved, TellRelease(p, owner, news));
    }

    private static Decision<ProjectEvent> Launch(Project p, ReleaseSpec spec, string by, string? reason, FreezeWindow? frozen = null) => p.Active is { } active
        ? Of(new ReleaseQueued(spec, active.Number, by, reason),
            TellRelease(p, active.Number, new SupersedeRelease(spec.Number, new(by), $"Superseded by release {spec.Number} ({spec.Version})")))
        : Start(p, spec, by, reason, frozen);

    /// <param name="frozen">The window that is open for production: the new release stops at the door to it.</param>
    private static Decision<ProjectEvent> Start(Project p, ReleaseSpec spec, string by, string? reason, FreezeWindow? frozen)
    {
        var current = spec with { Stable = p.Stable, Gate = Facts(p) };
        return Of(new ReleaseStarted(current, by, reason), TellRelease(p, spec.Number, new BeginRelease(current, new(by), reason) { Frozen = frozen, Drift = DriftFor(p, current) }));
    }

    private static ReleaseSpec Spec(Project p, ApprovedPlan plan, ReleaseKind kind, string? artifact, bool skipAnalysis) => new(
        p.Workspace, p.Id, p.LastRelease + 1, plan.Version, plan.Document.Commit, plan.Number, plan.Document, p.Stable, kind, artifact, skipAnalysis);

    private static Tell Begin(Project p, int number, string? reference, string? profile, Actor by, string? reason, string? care = null) => new(
        GrainKeys.Plan(p.Workspace, p.Id, number),
        KernelJson.Write<PlanCommand>(new BeginPlan(
            number,
            new(p.Workspace, p.Id, p.Source, reference ?? p.DefaultBranch, profile ?? p.Approved?.Document.Policy.Name ?? "default", p.Approved?.Document, p.Variables) { Standing = [.. p.Standing], Serving = p.Stable?.Commit, Care = care },
            p.Approved?.Number, by, reason)));

    private static Tell TellRelease(Project p, int number, ReleaseCommand command) =>
        new(GrainKeys.Release(p.Workspace, p.Id, number), KernelJson.Write(command));

    private static Decision<ProjectEvent> Variables(Project p, SetVariables c) => c.Values.Keys.FirstOrDefault(name => !VariableName().IsMatch(name)) is { } wrong
        ? Refuse(ProjectRejections.NoVariableName(wrong))
        : Of(new VariablesSet(Merge(p.Variables, c.Values), c.By.Id, c.Reason));

    /// <summary>What every shell and runtime takes for a name.</summary>
    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,127}\z")]
    private static partial Regex VariableName();

    private static ImmutableDictionary<string, string> Merge(ImmutableDictionary<string, string> old, ImmutableDictionary<string, string?> changes)
    {
        foreach (var (name, value) in changes) old = value is null ? old.Remove(name) : old.SetItem(name, value);
        return old;
    }

    private static Decision<ProjectEvent> Of(ProjectEvent e, params Effect[] effects) => Decision<ProjectEvent>.Of(e, effects);

    private static Decision<ProjectEvent> Then(ProjectEvent first, Decision<ProjectEvent> rest) =>
        rest.Rejection is null ? new([first, .. rest.Events], rest.Effects, null) : rest;

    private static Decision<ProjectEvent> Refuse(Rejection rejection) => Decision<ProjectEvent>.Refuse(rejection);
}
