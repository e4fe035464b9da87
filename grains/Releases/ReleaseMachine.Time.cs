using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>What happens because time has passed. Deadlines are stored times, so a restart neither shortens nor lengthens one, and an early tick does nothing.</summary>
public static partial class ReleaseMachine
{
    /// <param name="seen">What the judge has just looked at; null when nothing was seen.</param>
    private static Rejection? Tick(ReleaseTurn t, CanaryEvidence? seen)
    {
        var s = t.State;
        switch (s.Stage)
        {
            case ReleaseStage.Ended:
                if (s.WarmUntil <= t.Now) StopFormer(t);
                break;
            case ReleaseStage.RollingBack: TickGoingBack(t); break;
            case ReleaseStage.Promoting:
                if (s.RestartBy <= t.Now) LostProcess(t);
                break;
            default: TickForward(t, seen); break;
        }
        return null;
    }

    private static void TickForward(ReleaseTurn t, CanaryEvidence? seen)
    {
        var s = t.State;
        if (s.RestartBy <= t.Now) LostProcess(t);
        else if (s.Hold is { EndsAt: null } hold && hold.Until <= t.Now)
            TakeBack(t, ReleaseOutcome.RolledBack, $"Held for {(hold.Until - hold.Since).TotalMinutes:0.#} min, the longest that the policy allows: {hold.Detail}", s.Judgement);
        else if (s.GivesUpAt <= t.Now) GiveUp(t);
        else if (s.Blocks.Values.FirstOrDefault(b => b.Until <= t.Now) is { } over) Lift(t, over.Reason);
        else if (s.Override is { } o && o.Until <= t.Now) EndOverride(t, o);
        else if (s.Hold is { EndsAt: { } ends } && ends <= t.Now) EndHold(t);
        else if (CanAdvance(s) && s.MaxBakeEnds <= t.Now) HoldUndecided(t, seen);
    }

    private static void LostProcess(ReleaseTurn t)
    {
        var services = string.Join(", ", t.State.Down.Where(d => d.Length > 0));
        TakeBack(t, ReleaseOutcome.RolledBack, $"The new version's process{(services.Length > 0 ? $" ({services})" : "")} died and did not answer again in time.", t.State.Judgement);
    }

    /// <summary>The stage's jobs have had all their time. For a warm process that nobody hands over that only means to start it.</summary>
    private static void GiveUp(ReleaseTurn t)
    {
        var s = t.State;
        if (s is { Stage: ReleaseStage.StartingProduction, Candidate: 0 }) StartProduction(t);
        else Fail(t, CurrentStage(s), "no progress was seen until its deadline.");
    }

    private static string CurrentStage(Release s) => s.Stage switch
    {
        ReleaseStage.Applying => ReleaseStages.Apply,
        ReleaseStage.Staging => ReleaseStages.Staging,
        ReleaseStage.Gates => ReleaseStages.Gates,
        ReleaseStage.Preview => ReleaseStages.Preview,
        _ => ReleaseStages.Production,
    };

    private static void EndOverride(ReleaseTurn t, FreezeOverride o)
    {
        t.Happened(new OverrideEnded(o.ConfirmedBy is not null));
        if (o.ConfirmedBy is not null && t.State is { Stage: ReleaseStage.Canary or ReleaseStage.Preview, Hold: null } && ReleaseGuards.Blocking(t.State) is { } block)
            HoldFor(t, block.Reason, block.Detail);
    }

    /// <summary>The longest bake is over without a healthy verdict. No data is never healthy.</summary>
    private static void HoldUndecided(ReleaseTurn t, CanaryEvidence? seen)
    {
        var s = t.State;
        var nothingSeen = seen is null ? s.Judgement is null : seen.Canary.Requests == 0;
        if (nothingSeen) HoldFor(t, HoldReason.NoMetrics, "Not one request of the new version was seen in the whole bake.");
        else HoldFor(t, HoldReason.Inconclusive, $"No healthy verdict by the end of the longest bake. {(Look(s, seen) ?? s.Judgement)?.Reason}");
    }

    private static void TickGoingBack(ReleaseTurn t)
    {
        var s = t.State;
        if (s.Back?.RetryStableAt <= t.Now) StartStable(t);
        else if (s.GivesUpAt > t.Now || s.GivesUpAt is null) return;
        else if (s.Jobs.Values.Contains(JobPurpose.StartStable)) t.Happened(new StableStartFailed("nothing was heard of the start.", t.Now + StableRetry));
        else
        {
            t.Happened(new CandidateStopped("nothing was heard of the stop until its deadline."));
            Finish(t);
        }
    }

    private static Rejection? MoveClock(ReleaseTurn t, TimeSpan by)
    {
        if (t.State.Stage != ReleaseStage.Ended || t.State.WarmUntil is not null) t.Happened(new DeadlinesMoved(by));
        return null;
    }
}
