using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ProdSprint.Plans;

/// <summary>How carefully a project releases. Data with a version: a plan carries the whole profile it was made with.</summary>
/// <param name="Name">default, strict …</param>
/// <param name="Version">Raised when the profile's content changes.</param>
/// <param name="Steps">The canary steps, weights strictly rising; the last is 100.</param>
/// <param name="MaxHold">How long an inconclusive or frozen canary is held before it is rolled back.</param>
/// <param name="Gates">Gates that must pass between staging and canary, by name: build, health, smoke, tests.</param>
/// <param name="WarmAfterPromotion">How long the former stable version is kept running after a promotion.</param>
/// <param name="PinnedArtifacts">How many of the last good artifacts are never collected.</param>
[GenerateSerializer, Immutable, Alias("plans.PolicyProfile")]
public sealed record PolicyProfile(
    [property: Id(0)] string Name,
    [property: Id(1)] int Version,
    [property: Id(2)] ApprovalMode Approval,
    [property: Id(3)] ReleaseStrategy Strategy,
    [property: Id(4)] ImmutableArray<CanaryStep> Steps,
    [property: Id(5)] JudgeChoice Judge,
    [property: Id(6)] TimeSpan MaxHold,
    [property: Id(7)] FreezeBehaviour Freeze,
    [property: Id(8)] ImmutableArray<string> Gates,
    [property: Id(9)] TimeSpan WarmAfterPromotion,
    [property: Id(10)] int PinnedArtifacts)
{
    /// <summary>Null: licences are not judged.</summary>
    [Id(11), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public LicencePolicy? Licences { get; init; }

    /// <summary>Null: <see cref="CoveragePolicy.Usual"/>.</summary>
    [Id(12), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public CoveragePolicy? Coverage { get; init; }

    /// <summary>Null: <see cref="PerformancePolicy.Usual"/>.</summary>
    [Id(13), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public PerformancePolicy? Performance { get; init; }

    /// <summary>How many people have to approve a plan, each of them another and none of them its author; null: one.</summary>
    [Id(14), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Approvers { get; init; }
}

/// <summary>One step of a canary.</summary>
/// <param name="WeightPercent">Share of production traffic on the new version, (0, 100].</param>
/// <param name="MinRequests">Requests the canary must have answered in this step before it may be called healthy.</param>
/// <param name="MinBake">Never advance earlier than this.</param>
/// <param name="MaxBake">Without a healthy verdict by then, the step is inconclusive and is held.</param>
/// <param name="Pause">Wait for a person to promote after the verdict.</param>
[GenerateSerializer, Immutable, Alias("plans.CanaryStep")]
public sealed record CanaryStep(
    [property: Id(0)] double WeightPercent,
    [property: Id(1)] long MinRequests,
    [property: Id(2)] TimeSpan MinBake,
    [property: Id(3)] TimeSpan MaxBake,
    [property: Id(4)] bool Pause);

/// <param name="Policy">The judge's policy by name: sequential, mann-whitney, threshold.</param>
/// <param name="Alpha">The error budget for the whole release, in (0, 1): the chance of a false alarm.</param>
[GenerateSerializer, Immutable, Alias("plans.JudgeChoice")]
public sealed record JudgeChoice([property: Id(0)] string Policy, [property: Id(1)] double Alpha);

[GenerateSerializer, Alias("plans.ApprovalMode")]
public enum ApprovalMode
{
    /// <summary>One approval per execution digest: a plan that executes exactly what was approved before carries that approval over.</summary>
    OncePerExecution,

    /// <summary>Every plan is approved anew, and never by its author.</summary>
    EveryPlan,
}

[GenerateSerializer, Alias("plans.ReleaseStrategy")]
public enum ReleaseStrategy
{
    Canary,
    BlueGreen,
}

/// <summary>What a running release does when a freeze window opens. A rollback is always allowed.</summary>
[GenerateSerializer, Alias("plans.FreezeBehaviour")]
public enum FreezeBehaviour
{
    Hold,
    Finish,
    RollBack,
}
