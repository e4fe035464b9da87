using ProdSprint.Gates;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

public static partial class ProjectMachine
{
    /// <summary>The only writer of a project's state, live and in replay.</summary>
    public static Project Apply(Project? state, ProjectEvent happened) => happened switch
    {
        ImportStarted e when state is null => new()
        {
            Workspace = e.Workspace, Id = e.Id, Source = e.Source, CreatedBy = e.By, CreatedAt = e.At,
        },
        ImportStarted e => state with { Source = e.Source, Import = ImportState.Importing, Problem = null, Imports = e.Import },
        Imported e => state! with { Import = ImportState.Imported, DefaultBranch = e.DefaultBranch, Head = e.Head },
        ImportFailed e => state! with { Import = ImportState.Failed, Problem = e.Problem },
        PlanRequested e => state! with { LastPlan = e.Number, LastPlanBy = e.By },
        PlanAccepted e => state! with { Approved = new(e.Number, e.Version, e.Document) { WaivedUntil = e.WaivedUntil }, Head = e.Document.Commit },
        PlanGaveUp e => state! with { Pending = state.Pending?.Plan == e.Number ? null : state.Pending },
        ReleaseRequested e => state! with { Pending = new(e.Plan, e.SkipAnalysis, e.By, e.Reason) },
        ReleaseQueued e => state! with { Queued = new(e.Spec, e.By, e.Reason), LastRelease = e.Spec.Number, Pending = null },
        ReleaseStarted e => state! with { Active = e.Spec, ActiveBy = e.By, LastRelease = Math.Max(state.LastRelease, e.Spec.Number), Queued = null, Pending = null },
        StableMoved e => state! with { Stable = state.Stable! with { Address = e.Address } },
        ReleaseFinished e => Finished(state!, e),
        RollbackAsked e => state! with { BackTo = new(e.Version, e.By, e.Reason) },
        FreezeWindowsSet e => state! with { Freeze = e.Windows },
        FreezeChanged e => state! with { FrozenTold = e.Until is not null, ClosedTold = e.ClosedUntil is not null, Freeze = e.Windows, WorkspaceFreeze = e.WorkspaceWindows ?? state.WorkspaceFreeze },
        WorkspaceFreezeFollowed e => state! with { WorkspaceFreeze = e.Windows, WorkspaceFreezeRevision = e.Revision },
        WaiverCreated e => state! with { Waivers = state.Waivers.Add(e.Waiver), LastWaiver = e.Waiver.Number, GateRevision = state.GateRevision + 1 },
        WaiverRevoked e => Ended(state!, w => w.Number == e.Number, w => w with { State = WaiverState.Revoked, RevokedBy = e.By, RevokedAt = e.At, RevokedFor = e.Reason }),
        WaiversExpired e => Ended(state!, w => e.Numbers.Contains(w.Number), w => w with { State = WaiverState.Expired }),
        AdvisoriesKnown => state! with { Advisories = true, GateRevision = state.GateRevision + 1 },
        InfrastructurePlanRequested => state!,
        DriftLearned e => state! with
        {
            Standing = e.Stands ? state.Standing.Add(e.Environment) : state.Standing.Remove(e.Environment),
            Drift = e.Detail is { } detail ? state.Drift.SetItem(e.Environment, detail) : state.Drift.Remove(e.Environment),
        },
        VariablesSet e => state! with { Variables = e.Values },
        _ => throw new InvalidOperationException($"Apply does not know {happened.GetType().Name}"),
    };

    private static Project Finished(Project p, ReleaseFinished e)
    {
        var active = p.Active?.Number == e.Number ? null : p.Active;
        var stable = e.Stable ?? p.Stable;
        var good = e.Good is null ? p.Good : [e.Good, .. p.Good.Where(g => g.Version.Version != e.Good.Version.Version)];
        var keep = Math.Max(2, e.Good?.Plan.Policy.PinnedArtifacts + 1 ?? good.Length);
        return p with { Active = active, BackTo = active is null ? null : p.BackTo, LastOutcome = e.Outcome, Stable = stable, Good = [.. good.Take(keep)] };
    }
}
