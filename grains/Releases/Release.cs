using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>
/// All a release knows. Where it is in the pipeline (<see cref="Stage"/>) and what keeps it from going on (a pause, a hold, a step that waits for a
/// person) are apart, so that no wait can hide another and nothing has to remember where it came from.
/// </summary>
public sealed record Release
{
    public required ReleaseSpec Spec { get; init; }

    /// <summary>Of the decision that changed it last; the ids of effects and the revision of routes are made of it.</summary>
    public long Version { get; init; }

    public required string StartedBy { get; init; }

    /// <summary>Who asked for this attempt; the same as <see cref="StartedBy"/> in the first one.</summary>
    public required string AttemptBy { get; init; }

    public int Attempt { get; init; } = 1;

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public ReleaseOutcome? Outcome { get; init; }

    public ReleaseStage Stage { get; init; } = ReleaseStage.Queued;

    /// <summary>The stage's own work is done and the next has not begun: a person paused, or something blocks.</summary>
    public bool StageDone { get; init; } = true;

    /// <summary>A stage that only waits for a job has failed when it has not ended by then.</summary>
    public DateTimeOffset? GivesUpAt { get; init; }

    /// <summary>Jobs whose outcome is waited for, by id. An outcome of any other job is dropped.</summary>
    public ImmutableSortedDictionary<string, JobPurpose> Jobs { get; init; } = ImmutableSortedDictionary<string, JobPurpose>.Empty;

    public ImmutableArray<StageView> Stages { get; init; } = [];

    public string? ArtifactDigest { get; init; }

    public int TestsPassed { get; init; }

    public int TestsFailed { get; init; }

    /// <summary>What the tests of the build reported, <c>sha256:…</c>; null when they wrote no report.</summary>
    public string? TestReport { get; init; }

    public bool TestsChecked { get; init; }

    /// <summary>Passed, while the version is under load; null before and afterwards.</summary>
    public SmokeResult? Smoke { get; init; }

    public bool PerformanceChecked { get; init; }

    public string? StagingAddress { get; init; }

    /// <summary>A process of this release may run in staging: it is stopped whatever happens.</summary>
    public bool StagingMayRun { get; init; }

    public bool GatesPassed { get; init; }

    /// <summary>What the project last told: waivers, and whether there are advisories. Null: neither.</summary>
    public GateFacts? Gate { get; init; }

    public bool SupplyChecked { get; init; }

    /// <summary><c>sha256:…</c> of all that was found in what it is built from; null where it was not kept.</summary>
    public string? SupplyReport { get; init; }

    /// <summary>What is in this version and needs a waiver, as the gate found it.</summary>
    public ImmutableArray<GateFinding> Findings { get; init; } = [];

    public string? ApprovedBy { get; init; }

    /// <summary>The new version in production: the release its process belongs to (an older one when it was still warm), and where it answers.</summary>
    public int Candidate { get; init; }

    public string? CandidateAddress { get; init; }

    public bool CandidateMayRun { get; init; }

    /// <summary>Where the stable version answers, or did when it last ran.</summary>
    public string? StableAddress { get; init; }

    /// <summary>False: it has to be started before it can take traffic.</summary>
    public bool StableRuns { get; init; }

    public bool PreviewPassed { get; init; }

    /// <summary>Index into <see cref="Steps"/>; -1 before the first.</summary>
    public int Step { get; init; } = -1;

    public DateTimeOffset? StepStartedAt { get; init; }

    public DateTimeOffset? MinBakeEnds { get; init; }

    public DateTimeOffset? MaxBakeEnds { get; init; }

    /// <summary>The step was passed and waits for a person's promote.</summary>
    public bool AwaitsPromotion { get; init; }

    /// <summary>The new version's share of production traffic as ordered, 0-100.</summary>
    public double WeightPercent { get; init; }

    /// <summary>The last orders given to the router in this release; 0 before the first.</summary>
    public long RoutesRevision { get; init; }

    public Judgement? Judgement { get; init; }

    /// <summary>What stable showed in the steps before this one: the only comparison where a step leaves it no traffic.</summary>
    public VersionEvidence StableBefore { get; init; } = VersionEvidence.None;

    public bool FullPromotion { get; init; }

    public string? PausedBy { get; init; }

    public Hold? Hold { get; init; }

    public ImmutableSortedDictionary<HoldReason, Block> Blocks { get; init; } = ImmutableSortedDictionary<HoldReason, Block>.Empty;

    public FreezeOverride? Override { get; init; }

    /// <summary>Promoted, and its process does not answer. The supervisor restarts it; there is nothing to go back from any more.</summary>
    public bool PromotedDown { get; init; }

    /// <summary>The new version's process died; without a living one by then the release goes back.</summary>
    public DateTimeOffset? RestartBy { get; init; }

    /// <summary>Its services that do not run, by name; "" is the entry.</summary>
    public ImmutableSortedSet<string> Down { get; init; } = ImmutableSortedSet<string>.Empty;

    public WayBack? Back { get; init; }

    public long? VerdictToStableMs { get; init; }

    /// <summary>The version that served before this one was promoted, still running until <see cref="WarmUntil"/>.</summary>
    public StableVersion? Former { get; init; }

    public DateTimeOffset? WarmUntil { get; init; }

    /// <summary>A new attempt was asked of the project, which has not answered yet.</summary>
    public AttemptAsked? Asked { get; init; }

    public string Message { get; init; } = "";

    [JsonIgnore] public string Key => GrainKeys.Release(Spec.Workspace, Spec.Project, Spec.Number);

    [JsonIgnore] public string Group => $"{Key}#{Attempt}";

    [JsonIgnore] public PolicyProfile Policy => Spec.Plan.Policy;

    /// <summary>Blue/green is a canary of one step: all at once, judged on everybody.</summary>
    [JsonIgnore]
    public ImmutableArray<CanaryStep> Steps => Policy.Strategy == ReleaseStrategy.BlueGreen && Policy.Steps.Length > 0
        ? [Policy.Steps[^1] with { WeightPercent = 100 }]
        : Policy.Steps;

    [JsonIgnore] public CanaryStep? CurrentStep => Stage == ReleaseStage.Canary && Step >= 0 && Step < Steps.Length ? Steps[Step] : null;

    /// <summary>A version that is already known to be good goes back to production without steps.</summary>
    [JsonIgnore] public bool SkipsSteps => Spec.Stable is null || Spec.Kind == ReleaseKind.FastRollback || Spec.SkipAnalysis || FullPromotion || Steps.Length == 0;

    [JsonIgnore] public bool IsRollback => Spec.Kind != ReleaseKind.Normal;

    /// <summary>It ended with the new version in production.</summary>
    public bool Promoted { get; init; }

    [JsonIgnore]
    public ReleasePhase Phase => this switch
    {
        { Asked: not null } => ReleasePhase.Queued,
        { Stage: ReleaseStage.Ended } => ReleasePhase.Ended,
        { Stage: ReleaseStage.RollingBack } => ReleasePhase.RollingBack,
        { Stage: ReleaseStage.Promoting } => ReleasePhase.Promoting,
        { Hold: not null } => ReleasePhase.Held,
        { PausedBy: not null } or { AwaitsPromotion: true } => ReleasePhase.Paused,
        { Stage: ReleaseStage.Applying } => ReleasePhase.Applying,
        { Stage: ReleaseStage.Staging } => ReleasePhase.Staging,
        { Stage: ReleaseStage.Gates } => ReleasePhase.Gates,
        { Stage: ReleaseStage.AwaitingApproval } => ReleasePhase.AwaitingApproval,
        { Stage: ReleaseStage.StartingProduction or ReleaseStage.Preview } => ReleasePhase.StartingProduction,
        { Stage: ReleaseStage.Canary } => ReleasePhase.Canary,
        _ => ReleasePhase.Queued,
    };
}

/// <summary>Where a release is in its pipeline, whatever it waits for.</summary>
public enum ReleaseStage
{
    Queued, Applying, Staging, Gates, AwaitingApproval, StartingProduction,

    /// <summary>Blue/green only: the new version is checked in production before it gets traffic.</summary>
    Preview,
    Canary, Promoting, RollingBack, Ended,
}

/// <summary>What a job that is waited for is for.</summary>
public enum JobPurpose { Build, StartStaging, Smoke, StartCandidate, CheckPreview, StartStable, StopCandidate, StopFormer, MigrateStaging, MigrateProduction, Supply, Tests, Performance }

/// <param name="Until">Then the release goes back by itself.</param>
/// <param name="EndsAt">The cause is gone; it goes on at this time (spread, so that not every release moves in the same second).</param>
public sealed record Hold(HoldReason Reason, DateTimeOffset Since, DateTimeOffset Until, string Detail, DateTimeOffset? EndsAt = null);

/// <summary>Something from outside that forbids the next step.</summary>
/// <param name="Until">When it is over by itself; null until somebody says so.</param>
public sealed record Block(HoldReason Reason, string Detail, DateTimeOffset? Until);

/// <summary>An emergency override of a freeze: asked for by one person, confirmed by another, over at a fixed time.</summary>
/// <param name="ConfirmedBy">Null until a second person has confirmed: then it has no effect yet.</param>
public sealed record FreezeOverride(string AskedBy, TimeSpan Duration, DateTimeOffset Until, string? ConfirmedBy);

/// <param name="Cause">One sentence for people.</param>
/// <param name="RetryStableAt">The stable version's process could not be started; it is tried again then.</param>
public sealed record WayBack(ReleaseOutcome Outcome, string Cause, DateTimeOffset Since, DateTimeOffset? RetryStableAt = null);

/// <param name="Full">Straight to production with the artifact that has passed its gates.</param>
public sealed record AttemptAsked(bool Full, string By, string? Reason);
