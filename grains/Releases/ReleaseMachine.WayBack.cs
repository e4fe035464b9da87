using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Releases;

/// <summary>
/// The way back. First of all traffic: one order that gives stable everything. Only when the router follows is the new version drained and stopped,
/// and only when it has stopped has the release ended.
/// </summary>
public static partial class ReleaseMachine
{
    private static Rejection? GoBack(ReleaseTurn t, ReleaseOutcome outcome, string cause)
    {
        if (ReleaseGuards.Abort(t.State) is { } no) return no;
        TakeBack(t, outcome, cause);
        return null;
    }

    private static void TakeBack(ReleaseTurn t, ReleaseOutcome outcome, string cause, Judgement? judgement = null)
    {
        var s = t.State;
        if (s.WeightPercent > 0 && s.Spec.Stable is not null && !s.StableRuns)
        {
            t.Effect(ReleaseEffects.CancelWork(s));
            var start = ReleaseEffects.StartStable(s);
            t.Happened(new RollbackStarted(outcome, cause, null, s.WeightPercent, t.Enqueue(start), ReleaseEffects.GivesUpAt(start, t.Now), judgement));
            return;
        }
        var routed = s.RoutesRevision > 0;
        if (routed) t.Effect(ReleaseEffects.AllToStable(s, t.Revision));
        t.Effect(ReleaseEffects.CancelWork(s));
        t.Happened(new RollbackStarted(outcome, cause, routed ? t.Revision : null, s.WeightPercent, null, null, judgement));
        if (!routed) StopCandidate(t);
    }

    private static void ReturnTraffic(ReleaseTurn t)
    {
        t.Effect(ReleaseEffects.AllToStable(t.State, t.Revision));
        t.Happened(new TrafficReturning(t.Revision));
    }

    /// <summary>Compensates in the reverse order of what was done: production, then staging.</summary>
    private static void StopCandidate(ReleaseTurn t)
    {
        var s = t.State;
        string? job = null;
        EnqueueJob? stop = null;
        if (s.CandidateMayRun)
        {
            stop = ReleaseEffects.StopCandidate(s);
            job = t.Enqueue(stop);
        }
        if (s.StagingMayRun) t.Enqueue(ReleaseEffects.StopStaging(s));
        if (stop is not null) t.Happened(new CandidateStopping(job!, ReleaseEffects.GivesUpAt(stop, t.Now)));
        else Finish(t);
    }

    private static void Finish(ReleaseTurn t)
    {
        var s = t.State;
        var back = s.Back!;
        var stable = s.Spec.Stable is { } was ? was with { Address = s.StableRuns ? s.StableAddress : null } : null;
        t.Effect(ReleaseEffects.TellProject(s, new ReleaseEnded(s.Spec.Number, back.Outcome, stable, Actor.System("release"), back.Cause)));
        t.Happened(new ReleaseFinished(back.Outcome, back.Cause, stable));
    }

    private static Rejection? AskForAttempt(ReleaseTurn t, bool full, ReleaseCommand c)
    {
        if (ReleaseGuards.Retry(t.State) is { } no) return no;
        t.Effect(ReleaseEffects.TellProject(t.State, new AttemptWanted(t.State.Spec, c.By, c.Reason)));
        t.Happened(new AttemptRequested(full));
        return null;
    }

    private static Rejection? BeginAttempt(ReleaseTurn t, AllowAttempt c)
    {
        if (t.State.Asked is not { } asked) return ReleaseRejections.NotEnded(t.State);
        t.Happened(new AttemptBegan(t.State.Attempt + 1, asked.Full, c.Stable, asked.By) { Gate = c.Gate }, asked.By);
        StandBefore(t, c.Frozen);
        if (c.Drift is { } drift) Raise(t, HoldReason.Drift, drift, null);
        Proceed(t);
        return null;
    }

    private static Rejection? StayEnded(ReleaseTurn t)
    {
        if (t.State.Asked is not null) t.Happened(new AttemptRefused());
        return null;
    }
}
