using System.Collections.Immutable;
using ProdSprint.Gates;
using ProdSprint.Plans;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>The state of a project: what is stable, what is in flight, what waits.</summary>
public sealed record Project
{
    public required string Workspace { get; init; }
    public required string Id { get; init; }
    public required string Source { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public ImportState Import { get; init; } = ImportState.Importing;
    public string? Problem { get; init; }
    public string? DefaultBranch { get; init; }
    public string? Head { get; init; }
    public int Imports { get; init; } = 1;

    public int LastPlan { get; init; }

    /// <summary>Who asked for it; null in projects of before this was kept.</summary>
    public string? LastPlanBy { get; init; }

    /// <summary>The newest approved plan: what the next one is compared with.</summary>
    public ApprovedPlan? Approved { get; init; }

    public int LastRelease { get; init; }
    public ReleaseOutcome? LastOutcome { get; init; }

    /// <summary>The one release in flight.</summary>
    public ReleaseSpec? Active { get; init; }

    /// <summary>Who started it.</summary>
    public string? ActiveBy { get; init; }

    /// <summary>A release that was asked for and waits for its plan to be approved.</summary>
    public PendingRelease? Pending { get; init; }

    /// <summary>Begins when the active release has let go; a newer one replaces it.</summary>
    public QueuedRelease? Queued { get; init; }

    /// <summary>Where a person wants production back while a release is in flight: it may have been promoted before it heard of that.</summary>
    public RollbackWish? BackTo { get; init; }

    public StableVersion? Stable { get; init; }

    /// <summary>Promoted versions, newest first, the stable one included.</summary>
    public ImmutableArray<GoodVersion> Good { get; init; } = [];

    public ImmutableArray<FreezeWindow> Freeze { get; init; } = [];

    /// <summary>The workspace's, which it alone sets.</summary>
    public ImmutableArray<FreezeWindow> WorkspaceFreeze { get; init; } = [];

    /// <summary>Of the workspace's list; 0: none was ever told.</summary>
    public long WorkspaceFreezeRevision { get; init; }

    /// <summary>What the release in flight was last told about freezing: whether production is.</summary>
    public bool FrozenTold { get; init; }

    /// <summary>Whether a release could begin when a window last opened or closed.</summary>
    public bool ClosedTold { get; init; }

    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>In the order of their numbers: those that hold, and the last that ended.</summary>
    public ImmutableArray<GateWaiver> Waivers { get; init; } = [];

    public int LastWaiver { get; init; }

    /// <summary>The workspace has advisories.</summary>
    public bool Advisories { get; init; }

    /// <summary>Of what releases are told about waivers and advisories.</summary>
    public long GateRevision { get; init; }

    /// <summary>Environments whose infrastructure was applied.</summary>
    public ImmutableSortedSet<string> Standing { get; init; } = [];

    /// <summary>By environment: how its infrastructure is not as it was applied, where nobody has accepted that.</summary>
    public ImmutableSortedDictionary<string, string> Drift { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The open window that keeps a release from going on to production.</summary>
    public FreezeWindow? FrozenAt(DateTimeOffset t) => Open(t, FreezeCalendar.Production);

    /// <summary>The open window that keeps a release from beginning: its first stop is staging.</summary>
    public FreezeWindow? ClosedAt(DateTimeOffset t) => Open(t, FreezeCalendar.Staging);

    /// <summary>Whoever set them.</summary>
    public IEnumerable<FreezeWindow> Windows => Freeze.Concat(WorkspaceFreeze);

    private FreezeWindow? Open(DateTimeOffset t, string environment) =>
        Windows.Select(w => FreezeCalendar.From(w, t)).FirstOrDefault(w => w?.Covers(t) == true && (w.Environment is null || w.Environment == environment));
}

public enum ImportState { Importing, Imported, Failed }

public sealed record ApprovedPlan(int Number, string Version, PlanDocument Document)
{
    /// <summary>Nothing begins from it any more once the first of its waivers has ended; null: it has none.</summary>
    public DateTimeOffset? WaivedUntil { get; init; }
}

public sealed record PendingRelease(int Plan, bool SkipAnalysis, string By, string? Reason);

public sealed record QueuedRelease(ReleaseSpec Spec, string By, string? Reason);

public sealed record RollbackWish(string Version, string By, string? Reason);

/// <summary>A promoted version with the plan that runs it, so that going back needs neither a plan nor a build.</summary>
public sealed record GoodVersion(StableVersion Version, int PlanNumber, PlanDocument Plan);
