using System.Globalization;
using System.Text.Json.Serialization;

namespace ProdSprint.Releases;

/// <summary>
/// What happened to a release: a fact in the past tense with absolute values. Each is one row of the timeline. Who, why, when and the version of the
/// decision are stamped by <see cref="ReleaseTurn"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$event")]
[JsonDerivedType(typeof(ReleaseBegan), "began")]
[JsonDerivedType(typeof(BuildStarted), "build-started")]
[JsonDerivedType(typeof(BuildFinished), "build-finished")]
[JsonDerivedType(typeof(BuildSkipped), "build-skipped")]
[JsonDerivedType(typeof(MigrationStarted), "migration-started")]
[JsonDerivedType(typeof(MigrationFinished), "migration-finished")]
[JsonDerivedType(typeof(StagingStarting), "staging-starting")]
[JsonDerivedType(typeof(StagingStarted), "staging-started")]
[JsonDerivedType(typeof(GatesStarted), "gates-started")]
[JsonDerivedType(typeof(GatesPassed), "gates-passed")]
[JsonDerivedType(typeof(TestsChecking), "tests-checking")]
[JsonDerivedType(typeof(TestsChecked), "tests-checked")]
[JsonDerivedType(typeof(PerformanceChecking), "performance-checking")]
[JsonDerivedType(typeof(PerformanceChecked), "performance-checked")]
[JsonDerivedType(typeof(SupplyChecking), "supply-checking")]
[JsonDerivedType(typeof(SupplyChecked), "supply-checked")]
[JsonDerivedType(typeof(GateFactsTold), "gate-facts-told")]
[JsonDerivedType(typeof(ApprovalAsked), "approval-asked")]
[JsonDerivedType(typeof(Approved), "approved")]
[JsonDerivedType(typeof(WarmAsked), "warm-asked")]
[JsonDerivedType(typeof(WarmTaken), "warm-taken")]
[JsonDerivedType(typeof(ProductionStarting), "production-starting")]
[JsonDerivedType(typeof(ProductionStarted), "production-started")]
[JsonDerivedType(typeof(PreviewChecking), "preview-checking")]
[JsonDerivedType(typeof(PreviewPassed), "preview-passed")]
[JsonDerivedType(typeof(StageFailed), "stage-failed")]
[JsonDerivedType(typeof(StepStarted), "step-started")]
[JsonDerivedType(typeof(StepJudged), "step-judged")]
[JsonDerivedType(typeof(StepPassed), "step-passed")]
[JsonDerivedType(typeof(PromotionAwaited), "promotion-awaited")]
[JsonDerivedType(typeof(FullPromotionOrdered), "full-promotion-ordered")]
[JsonDerivedType(typeof(PromotionStarted), "promotion-started")]
[JsonDerivedType(typeof(ReleasePromoted), "promoted")]
[JsonDerivedType(typeof(ReleasePaused), "paused")]
[JsonDerivedType(typeof(ReleaseResumed), "resumed")]
[JsonDerivedType(typeof(ReleaseHeld), "held")]
[JsonDerivedType(typeof(HoldEnding), "hold-ending")]
[JsonDerivedType(typeof(HoldEnded), "hold-ended")]
[JsonDerivedType(typeof(BlockRaised), "block-raised")]
[JsonDerivedType(typeof(BlockLifted), "block-lifted")]
[JsonDerivedType(typeof(OverrideAsked), "override-asked")]
[JsonDerivedType(typeof(OverrideConfirmed), "override-confirmed")]
[JsonDerivedType(typeof(OverrideEnded), "override-ended")]
[JsonDerivedType(typeof(RollbackStarted), "rollback-started")]
[JsonDerivedType(typeof(StableStarting), "stable-starting")]
[JsonDerivedType(typeof(StableStarted), "stable-started")]
[JsonDerivedType(typeof(StableStartFailed), "stable-start-failed")]
[JsonDerivedType(typeof(TrafficReturning), "traffic-returning")]
[JsonDerivedType(typeof(TrafficReturned), "traffic-returned")]
[JsonDerivedType(typeof(CandidateStopping), "candidate-stopping")]
[JsonDerivedType(typeof(CandidateStopped), "candidate-stopped")]
[JsonDerivedType(typeof(ReleaseFinished), "finished")]
[JsonDerivedType(typeof(FormerStopping), "former-stopping")]
[JsonDerivedType(typeof(FormerStopped), "former-stopped")]
[JsonDerivedType(typeof(FormerGiven), "former-given")]
[JsonDerivedType(typeof(FormerRefused), "former-refused")]
[JsonDerivedType(typeof(StrayStopping), "stray-stopping")]
[JsonDerivedType(typeof(InstanceDied), "instance-died")]
[JsonDerivedType(typeof(PromotedDied), "promoted-died")]
[JsonDerivedType(typeof(InstanceAnswered), "instance-answered")]
[JsonDerivedType(typeof(ServiceDied), "service-died")]
[JsonDerivedType(typeof(ServiceAnswered), "service-answered")]
[JsonDerivedType(typeof(AttemptRequested), "attempt-requested")]
[JsonDerivedType(typeof(AttemptBegan), "attempt-began")]
[JsonDerivedType(typeof(AttemptRefused), "attempt-refused")]
[JsonDerivedType(typeof(DeadlinesMoved), "deadlines-moved")]
public abstract record ReleaseEvent
{
    public string By { get; init; } = "";

    public string? Reason { get; init; }

    public DateTimeOffset At { get; init; }

    public long StateVersion { get; init; }

    /// <summary>One plain sentence with numbers and units.</summary>
    public abstract string Text();

    /// <summary>A reference to what changed: <c>commit:a..b</c>, <c>artifact:sha256:…</c>, <c>plan:…</c>.</summary>
    public virtual string? Diff() => null;

    protected static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    protected static string T(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    protected static string Tests(int passed, int failed) => (passed, failed) switch
    {
        (0, 0) => "no test ran",
        (1, 0) => "1 test passed",
        (_, 0) => $"{passed} tests passed",
        _ => $"{passed} tests passed, {failed} failed",
    };

    protected static string Short(string digest) => digest.Length > 19 ? digest[..19] : digest;
}
