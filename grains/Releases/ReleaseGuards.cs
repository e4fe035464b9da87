using System.Collections.Immutable;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>
/// What may be asked of a release now: null means yes. Used before every decision of a person, and for the buttons that people see, so the two
/// cannot differ.
/// </summary>
internal static class ReleaseGuards
{
    public static readonly TimeSpan LongestOverride = TimeSpan.FromHours(4);

    public static bool NeedsApproval(Release s) => s.Policy.Gates.Contains("approval") && s.Spec.Kind != ReleaseKind.FastRollback;

    /// <summary>Going back wins in every state that has not ended.</summary>
    public static Rejection? Abort(Release s) => s.Stage switch
    {
        ReleaseStage.Ended => ReleaseRejections.Ended(s),
        ReleaseStage.RollingBack => ReleaseRejections.RollingBack(s),
        _ => null,
    };

    public static Rejection? Pause(Release s) => Abort(s) ?? (s switch
    {
        { Stage: ReleaseStage.Promoting } => ReleaseRejections.Promoting(s),
        { PausedBy: not null } => ReleaseRejections.AlreadyPaused(s),
        _ => null,
    });

    public static Rejection? Resume(Release s) => Abort(s) ?? (s.PausedBy is null ? ReleaseRejections.NotPaused(s) : null);

    public static Rejection? Approve(Release s, Actor? by)
    {
        if (Abort(s) is { } over) return over;
        if (s.Stage != ReleaseStage.AwaitingApproval) return ReleaseRejections.NotAwaitingApproval(s);
        if (by is null) return null;
        if (!by.IsUser) return ReleaseRejections.ApprovalByMachine(by);
        return by.Id == s.StartedBy || by.Id == s.AttemptBy ? ReleaseRejections.ApprovalByAuthor(s, by) : null;
    }

    public static Rejection? Promote(Release s)
    {
        if (Abort(s) is { } over) return over;
        if (s.Stage == ReleaseStage.Promoting) return ReleaseRejections.Promoting(s);
        if (s.Stage != ReleaseStage.Canary) return ReleaseRejections.NothingToPromote(s);
        return Blocking(s) is { } block ? ReleaseRejections.Blocked(block) : null;
    }

    /// <summary>Before production the order is remembered; after an end that was no promotion it is a new attempt straight to production.</summary>
    public static Rejection? PromoteFull(Release s)
    {
        if (s.Stage == ReleaseStage.Ended) return Retry(s) ?? (s is { GatesPassed: true, ArtifactDigest: not null } ? null : ReleaseRejections.GatesNotPassed(s));
        if (Abort(s) is { } over) return over;
        if (s.Stage == ReleaseStage.Promoting || s.FullPromotion) return ReleaseRejections.Promoting(s);
        return Blocking(s) is { } block ? ReleaseRejections.Blocked(block) : null;
    }

    public static Rejection? Retry(Release s) => s switch
    {
        { Stage: not ReleaseStage.Ended } => ReleaseRejections.NotEnded(s),
        { Asked: not null } => ReleaseRejections.AttemptAsked(s),
        { Promoted: true } => ReleaseRejections.AlreadyPromoted(s),
        { Outcome: ReleaseOutcome.Superseded } => ReleaseRejections.SupersededForGood(s),
        _ => null,
    };

    public static Rejection? Override(Release s) => Abort(s) ?? (s.Blocks.ContainsKey(HoldReason.Frozen) ? null : ReleaseRejections.NotFrozen(s));

    /// <summary>What forbids the next step now. A rollback is exempt from freezes, and a confirmed override lifts them for its time.</summary>
    public static Block? Blocking(Release s) => s.Blocks.Values.FirstOrDefault(b => b.Reason != HoldReason.Frozen || FreezeCounts(s));

    public static bool FreezeCounts(Release s) =>
        !s.IsRollback && s.Override?.ConfirmedBy is null && !(s.Policy.Freeze == Plans.FreezeBehaviour.Finish);

    public static ImmutableArray<string> Allowed(Release s)
    {
        var allowed = ImmutableArray.CreateBuilder<string>();
        if (Approve(s, null) is null) allowed.Add("approve");
        if (Promote(s) is null) allowed.Add("promote");
        if (PromoteFull(s) is null) allowed.Add("promote-full");
        if (Pause(s) is null) allowed.Add("pause");
        if (Resume(s) is null) allowed.Add("resume");
        if (Abort(s) is null) allowed.AddRange("abort", "rollback");
        if (Retry(s) is null) allowed.Add("retry");
        if (Override(s) is null && s.Override?.ConfirmedBy is null) allowed.Add("override-freeze");
        return allowed.ToImmutable();
    }
}
