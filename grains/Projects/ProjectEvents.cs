using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Gates;
using ProdSprint.Plans;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>What happened to a project: past tense, absolute values.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$event")]
[JsonDerivedType(typeof(ImportStarted), "import-started")]
[JsonDerivedType(typeof(Imported), "imported")]
[JsonDerivedType(typeof(ImportFailed), "import-failed")]
[JsonDerivedType(typeof(PlanRequested), "plan-requested")]
[JsonDerivedType(typeof(PlanAccepted), "plan-accepted")]
[JsonDerivedType(typeof(PlanGaveUp), "plan-gave-up")]
[JsonDerivedType(typeof(ReleaseRequested), "release-requested")]
[JsonDerivedType(typeof(ReleaseQueued), "release-queued")]
[JsonDerivedType(typeof(ReleaseStarted), "release-started")]
[JsonDerivedType(typeof(ReleaseFinished), "release-finished")]
[JsonDerivedType(typeof(RollbackAsked), "rollback-asked")]
[JsonDerivedType(typeof(StableMoved), "stable-moved")]
[JsonDerivedType(typeof(FreezeWindowsSet), "freeze-windows-set")]
[JsonDerivedType(typeof(FreezeChanged), "freeze-changed")]
[JsonDerivedType(typeof(WorkspaceFreezeFollowed), "workspace-freeze-followed")]
[JsonDerivedType(typeof(VariablesSet), "variables-set")]
[JsonDerivedType(typeof(WaiverCreated), "waiver-created")]
[JsonDerivedType(typeof(WaiverRevoked), "waiver-revoked")]
[JsonDerivedType(typeof(WaiversExpired), "waivers-expired")]
[JsonDerivedType(typeof(AdvisoriesKnown), "advisories-known")]
[JsonDerivedType(typeof(InfrastructurePlanRequested), "infrastructure-plan-requested")]
[JsonDerivedType(typeof(DriftLearned), "drift-learned")]
public abstract record ProjectEvent(string By, string? Reason);

public sealed record ImportStarted(string Workspace, string Id, string Source, int Import, DateTimeOffset At, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record Imported(string DefaultBranch, string Head, int Commits, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record ImportFailed(string Problem, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record PlanRequested(int Number, string? Ref, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record PlanAccepted(int Number, string Version, PlanDocument Document, string By, string? Reason) : ProjectEvent(By, Reason)
{
    public DateTimeOffset? WaivedUntil { get; init; }
}

public sealed record PlanGaveUp(int Number, string By, string? Reason) : ProjectEvent(By, Reason);

/// <summary>A release waits for plan <paramref name="Plan"/>.</summary>
public sealed record ReleaseRequested(int Plan, bool SkipAnalysis, string By, string? Reason) : ProjectEvent(By, Reason);

/// <summary>Behind the active release, which was told to let go.</summary>
public sealed record ReleaseQueued(ReleaseSpec Spec, int Active, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record ReleaseStarted(ReleaseSpec Spec, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record ReleaseFinished(int Number, ReleaseOutcome Outcome, StableVersion? Stable, GoodVersion? Good, string By, string? Reason) : ProjectEvent(By, Reason);

/// <summary>The release in flight was told to go back to the stable version.</summary>
public sealed record RollbackAsked(int Release, string Version, string By, string? Reason) : ProjectEvent(By, Reason);

/// <param name="Address">Null: its process does not run.</param>
public sealed record StableMoved(int Release, string? Address, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record FreezeWindowsSet(ImmutableArray<FreezeWindow> Windows, string By, string? Reason) : ProjectEvent(By, Reason);

/// <summary>A window opened, closed or gave way to another. <paramref name="Until"/> is null when none is open for production.</summary>
public sealed record FreezeChanged(DateTimeOffset? Until, ImmutableArray<FreezeWindow> Windows, string By, string? Reason) : ProjectEvent(By, Reason)
{
    /// <summary>Null when a release may begin.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTimeOffset? ClosedUntil { get; init; }

    /// <summary>What is left of the workspace's; null: they are as they were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ImmutableArray<FreezeWindow>? WorkspaceWindows { get; init; }
}

/// <summary>The workspace's windows are these from now on.</summary>
public sealed record WorkspaceFreezeFollowed(long Revision, ImmutableArray<FreezeWindow> Windows, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record VariablesSet(ImmutableDictionary<string, string> Values, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record WaiverCreated(GateWaiver Waiver, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record WaiverRevoked(int Number, DateTimeOffset At, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record WaiversExpired(ImmutableArray<int> Numbers, string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record AdvisoriesKnown(string By, string? Reason) : ProjectEvent(By, Reason);
public sealed record InfrastructurePlanRequested(string Environment, bool Destroy, string By, string? Reason) : ProjectEvent(By, Reason);

/// <param name="Detail">Null: there is none any more that anybody has to wait for.</param>
public sealed record DriftLearned(string Environment, string? Detail, bool Stands, string By, string? Reason) : ProjectEvent(By, Reason);
