using System.Collections.Immutable;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>A release as people see it, in the API, the dashboard and the CLI. Times are UTC.</summary>
[GenerateSerializer, Immutable, Alias("releases.ReleaseView")]
public sealed record ReleaseView(
    [property: Id(0)] string Key,
    [property: Id(1)] string Workspace,
    [property: Id(2)] string Project,
    [property: Id(3)] int Number,
    [property: Id(4)] string Version,
    [property: Id(5)] string Commit,
    [property: Id(6)] ReleaseKind Kind,
    [property: Id(7)] ReleasePhase Phase,
    [property: Id(8)] ReleaseOutcome? Outcome,
    [property: Id(9)] string Message,
    [property: Id(10)] string? StableVersion,
    [property: Id(11)] double CanaryWeightPercent,
    [property: Id(12)] int Step,
    [property: Id(13)] ImmutableArray<CanaryStep> Steps,
    [property: Id(14)] ImmutableArray<StageView> Stages,
    [property: Id(15)] Judgement? Judgement,
    [property: Id(16)] ImmutableArray<string> Allowed,
    [property: Id(17)] HoldReason? Held,
    [property: Id(18)] int Attempt,
    [property: Id(19)] int PlanNumber,
    [property: Id(20)] string? ArtifactDigest,
    [property: Id(21)] string StartedBy,
    [property: Id(22)] DateTimeOffset StartedAt,
    [property: Id(23)] DateTimeOffset? EndedAt,
    [property: Id(24)] DateTimeOffset? Deadline,
    [property: Id(25)] long? VerdictToStableMs,
    [property: Id(26)] long StateVersion)
{
    /// <summary>When the current step's traffic was ordered: evidence counts from here. Null outside a step.</summary>
    [Id(27)] public DateTimeOffset? StepStartedAt { get; init; }

    /// <summary>Why it went back, if it did.</summary>
    [Id(28)] public string? Cause { get; init; }

    /// <summary>Until when the version before this one is kept running; null when it is not.</summary>
    [Id(29)] public DateTimeOffset? WarmUntil { get; init; }

    /// <summary>What the router and its reports call the new version; <see cref="Version"/> unless that one is stable already.</summary>
    [Id(30)] public string RouteName { get; init; } = "";
}

/// <summary>One stage of the pipeline picture: apply, staging, gates, canary-1, canary-5, canary-25, canary-100, production.</summary>
/// <param name="Verdict">passed, healthy, unhealthy, inconclusive, skipped, failed, aborted; null while pending or running.</param>
/// <param name="Figures">Numbers with their unit in the name: <c>errorRatePercent</c>, <c>p95Ms</c>, <c>requests</c>, <c>buildSeconds</c>.</param>
[GenerateSerializer, Immutable, Alias("releases.StageView")]
public sealed record StageView(
    [property: Id(0)] string Name,
    [property: Id(1)] StageState State,
    [property: Id(2)] DateTimeOffset? StartedAt,
    [property: Id(3)] DateTimeOffset? EndedAt,
    [property: Id(4)] string? Verdict,
    [property: Id(5)] ImmutableDictionary<string, double> Figures,
    [property: Id(6)] string? Detail);

[GenerateSerializer, Alias("releases.StageState")]
public enum StageState { Pending, Running, Done, Failed, Skipped }

[GenerateSerializer, Alias("releases.ReleasePhase")]
public enum ReleasePhase
{
    Queued,
    Applying,
    Staging,
    Gates,

    /// <summary>Waits for a person's approval before production.</summary>
    AwaitingApproval,

    /// <summary>The new version starts in production, without traffic yet.</summary>
    StartingProduction,

    /// <summary>Traffic at the current step; the judge looks.</summary>
    Canary,

    /// <summary>By a person, or at a step that pauses.</summary>
    Paused,

    /// <summary>By a rule: inconclusive, freeze window, drift, waiver expired. See <see cref="HoldReason"/>.</summary>
    Held,
    Promoting,

    /// <summary>Traffic is already on the stable version; the canary drains and stops.</summary>
    RollingBack,

    /// <summary>Ended; see the outcome.</summary>
    Ended,
}

[GenerateSerializer, Alias("releases.ReleaseOutcome")]
public enum ReleaseOutcome { Promoted, FastPromoted, RolledBack, FastRolledBack, Aborted, Failed, Superseded }

[GenerateSerializer, Alias("releases.HoldReason")]
public enum HoldReason { Inconclusive, Frozen, Drift, WaiverExpired, NoMetrics, AttestationMissing, PausedStep, ByPerson }
