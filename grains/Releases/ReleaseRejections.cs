using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>Every way a release can say no. Codes are stable: they are the problem types of the API.</summary>
internal static class ReleaseRejections
{
    public static Rejection Unknown(string key) => new(
        "release.not-found", "No such release", $"There is no release {key}.", "List them: prodsprint timeline", RejectionKind.NotFound);

    public static Rejection Exists(Release s) => new(
        "release.exists", "The release has begun already", $"Release {s.Spec.Number} began at {s.StartedAt:u}.", "Watch it: prodsprint release --watch");

    public static Rejection NoEntry(ReleaseSpec spec) => new(
        "release.no-entry", "Nothing to run", $"Plan {spec.PlanNumber} has no service '{spec.Plan.Entry}' in production to send traffic to.",
        "Say which service is the entry in prodsprint.yml and plan again", RejectionKind.Invalid);

    public static Rejection NoArtifact(ReleaseSpec spec) => new(
        "release.no-artifact", "No artifact to go back to", $"A rollback to {spec.Version} needs its pinned artifact, and none is named.",
        "Release the commit again: prodsprint release --ref " + spec.Commit, RejectionKind.Invalid);

    public static Rejection Ended(Release s) => new(
        "release.ended", "The release has ended", $"Release {s.Spec.Number} ended as {Words(s.Outcome)}.",
        s.Promoted ? "Go back to the version before: prodsprint rollback" : "Try it again: prodsprint retry");

    public static Rejection RollingBack(Release s) => new(
        "release.rolling-back", "Already going back", $"Release {s.Spec.Number} is on its way back: {s.Back?.Cause}", "Wait until it has ended: prodsprint status");

    public static Rejection NotEnded(Release s) => new(
        "release.not-ended", "The release is still running", $"Release {s.Spec.Number} is in {s.Phase}; only one that has ended can be tried again.",
        "Abort it first: prodsprint abort");

    public static Rejection AlreadyPromoted(Release s) => new(
        "release.promoted", "Nothing to try again", $"Release {s.Spec.Number} is in production.", "Release a newer commit: prodsprint release");

    public static Rejection SupersededForGood(Release s) => new(
        "release.superseded", "A newer release took its place", $"Release {s.Spec.Number} was superseded.", "Release this commit anew: prodsprint release --ref " + s.Spec.Commit);

    public static Rejection AttemptAsked(Release s) => new(
        "release.attempt-asked", "A new attempt was asked for already", $"Release {s.Spec.Number} waits for its project's answer.", "Wait a moment: prodsprint status");

    public static Rejection GatesNotPassed(Release s) => new(
        "release.gates-not-passed", "The gates were never passed", $"Release {s.Spec.Number} cannot go straight to production: it has no artifact that passed its gates.",
        "Try it again from the first step: prodsprint retry", RejectionKind.Gate);

    public static Rejection AlreadyPaused(Release s) => new(
        "release.already-paused", "Already paused", $"{s.PausedBy} paused release {s.Spec.Number}.", "Let it go on: prodsprint resume");

    public static Rejection NotPaused(Release s) => new(
        "release.not-paused", "Not paused", $"Release {s.Spec.Number} was not paused by a person; it is in {s.Phase}.",
        s.AwaitsPromotion || s.Hold is not null ? "Move it on with prodsprint promote, or take it back with prodsprint abort" : "Nothing needs to be done");

    public static Rejection NotAwaitingApproval(Release s) => new(
        "release.not-awaiting-approval", "No approval is waited for", $"Release {s.Spec.Number} is in {s.Phase}.", "Nothing needs to be approved now");

    public static Rejection ApprovalByAuthor(Release s, Actor by) => new(
        "release.approval-by-author", "Not by the one who started it", $"{by} started release {s.Spec.Number} and so cannot approve it.",
        "Ask a second person to approve", RejectionKind.Forbidden);

    public static Rejection ApprovalByMachine(Actor by) => new(
        "release.approval-by-machine", "A person has to approve", $"{by} is not a person.", "Approve with your own identity", RejectionKind.Forbidden);

    public static Rejection NothingToPromote(Release s) => new(
        "release.nothing-to-promote", "There is no step to move past", $"Release {s.Spec.Number} is in {s.Phase}; its new version has no traffic yet.",
        "Wait for the first step, or skip all of them: prodsprint promote --full");

    public static Rejection Promoting(Release s) => new(
        "release.promoting", "Already being promoted", $"Release {s.Spec.Number} has all traffic ordered to it.", "Wait a moment: prodsprint status");

    public static Rejection Blocked(Block b) => new(
        b.Reason == HoldReason.Frozen ? "release.frozen" : "release.blocked", "The next step is blocked", b.Detail,
        b.Reason == HoldReason.Frozen
            ? "Wait for the freeze to end, or have two people override it; going back is always allowed"
            : "Remove the cause, or take the release back: prodsprint abort", RejectionKind.Gate);

    public static Rejection NotFrozen(Release s) => new(
        "release.not-frozen", "No freeze to override", $"Release {s.Spec.Number} is in no freeze window.", "Nothing needs to be done");

    public static Rejection SecondPersonNeeded(FreezeOverride o) => new(
        "release.second-person-needed", "A second person has to confirm", $"{o.AskedBy} asked for the override and so cannot confirm it.",
        $"Ask someone else to confirm by {o.Until:u}", RejectionKind.Forbidden);

    public static Rejection OverrideTooLong(TimeSpan longest) => new(
        "release.override-too-long", "Between one minute and the longest override", $"An override lasts from 1 to {longest.TotalMinutes:0} minutes.",
        "Ask for less; it can be asked for again", RejectionKind.Invalid);

    public static Rejection NotABlock(HoldReason why) => new(
        "release.not-a-block", "Not something that blocks", $"{why} is not raised from outside.", "Use drift, waiverExpired or attestationMissing", RejectionKind.Invalid);

    public static Rejection NotOurs(string environment, int release) => new(
        "release.instance-not-ours", "Not an instance of this release", $"Release {release} in {environment} is neither the new nor the stable version here.",
        "Nothing needs to be done", RejectionKind.NotFound);

    private static string Words(ReleaseOutcome? outcome) => outcome switch
    {
        ReleaseOutcome.Promoted or ReleaseOutcome.FastPromoted => "promoted",
        ReleaseOutcome.RolledBack or ReleaseOutcome.FastRolledBack => "rolled back",
        ReleaseOutcome.Superseded => "superseded",
        ReleaseOutcome.Aborted => "aborted",
        _ => "failed",
    };
}
