using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Releases;

/// <summary>
/// Promotion starts no second copy: the very process that was judged becomes the stable one, so nothing can fail to come up after the verdict.
/// It is done when the router follows; until then it can be taken back.
/// </summary>
public static partial class ReleaseMachine
{
    private static void StartPromotion(ReleaseTurn t)
    {
        t.Effect(ReleaseEffects.AllToCandidate(t.State, t.Revision));
        t.Happened(new PromotionStarted(t.Revision));
    }

    private static Rejection? PromoteFull(ReleaseTurn t, PromoteRelease c)
    {
        if (ReleaseGuards.PromoteFull(t.State) is { } no) return no;
        if (t.State.Stage == ReleaseStage.Ended) return AskForAttempt(t, true, c);
        var s = t.State;
        t.Happened(new FullPromotionOrdered());
        if (s.Stage is ReleaseStage.Canary or ReleaseStage.Preview)
        {
            if (!s.Jobs.IsEmpty) t.Effect(ReleaseEffects.CancelWork(s));
            StartPromotion(t);
        }
        else Proceed(t);
        return null;
    }

    /// <summary>The router follows the newest orders. Older ones have been overtaken and say nothing.</summary>
    private static Rejection? Confirmed(ReleaseTurn t, long revision)
    {
        var s = t.State;
        if (revision != s.RoutesRevision) return null;
        if (s.Stage == ReleaseStage.Promoting) Promoted(t);
        else if (s is { Stage: ReleaseStage.RollingBack, WeightPercent: 0, Back: { } back } && s.Jobs.IsEmpty && s.VerdictToStableMs is null)
        {
            t.Happened(new TrafficReturned(revision, Math.Max(0, (long)(t.Now - back.Since).TotalMilliseconds)));
            StopCandidate(t);
        }
        return null;
    }

    private static void Promoted(ReleaseTurn t)
    {
        var s = t.State;
        var outcome = s switch
        {
            { Spec.Kind: ReleaseKind.FastRollback } => ReleaseOutcome.FastRolledBack,
            { Spec.Kind: ReleaseKind.Rollback } => ReleaseOutcome.RolledBack,
            { FullPromotion: true } or { Spec.SkipAnalysis: true, Spec.Stable: not null } => ReleaseOutcome.FastPromoted,
            _ => ReleaseOutcome.Promoted,
        };
        var stable = new StableVersion(s.Candidate, ReleaseEffects.CandidateName(s), s.Spec.Commit, s.ArtifactDigest!, s.CandidateAddress)
        {
            PromotedBy = s.Spec.Number,
            Service = ReleaseEffects.ServiceOf(s.Spec, ReleaseEffects.Production),
            Companions = s.Spec.Plan.Companions(ReleaseEffects.Production),
        };
        var former = s.Spec.Stable is { } before && s.StableRuns ? before with { Address = s.StableAddress } : null;
        t.Effect(ReleaseEffects.TellProject(s, new ReleaseEnded(s.Spec.Number, outcome, stable, Actor.System("release"), null)));
        t.Happened(new ReleasePromoted(outcome, stable, former, former is null ? null : t.Now + s.Policy.WarmAfterPromotion));
    }

    /// <summary>The warm time is over: nobody can go back to the former version without starting it any more.</summary>
    private static void StopFormer(ReleaseTurn t)
    {
        var job = t.Enqueue(ReleaseEffects.StopFormer(t.State));
        t.Happened(new FormerStopping(job, t.State.Former!.Version));
    }

    private static Rejection? HandOver(ReleaseTurn t, AskForWarm c)
    {
        var s = t.State;
        var fits = s is { Promoted: true, WarmUntil: not null, Former.Address: not null } && s.Former.ArtifactDigest == c.ArtifactDigest;
        t.Effect(ReleaseEffects.TellRelease(s, c.ForRelease, new GiveWarm(fits ? s.Former : null, Actor.System("release"), null)));
        t.Happened(fits ? new FormerGiven(c.ForRelease, s.Former!) : new FormerRefused(c.ForRelease));
        return null;
    }

    private static void StopStray(ReleaseTurn t, StableVersion stray)
    {
        t.Enqueue(ReleaseEffects.StopStray(t.State, stray));
        t.Happened(new StrayStopping(stray));
    }
}
