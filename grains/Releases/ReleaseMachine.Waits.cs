using System.Text;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Releases;

/// <summary>What makes a release wait: a person's pause, a rule's hold, a block from outside. A wait that ends never promotes by itself.</summary>
public static partial class ReleaseMachine
{
    /// <summary>After a freeze the releases of one installation go on spread over this time.</summary>
    private const int JitterSeconds = 30;

    /// <summary>A request for an override that nobody confirms is forgotten after this.</summary>
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromMinutes(15);

    private static Rejection? Pause(ReleaseTurn t, PauseRelease c)
    {
        if (ReleaseGuards.Pause(t.State) is { } no) return no;
        t.Happened(new ReleasePaused(t.State.Phase.ToString().ToLowerInvariant()));
        return null;
    }

    private static Rejection? Resume(ReleaseTurn t)
    {
        if (ReleaseGuards.Resume(t.State) is { } no) return no;
        t.Happened(new ReleaseResumed());
        if (t.State.Hold is null) Proceed(t);
        return null;
    }

    private static void HoldFor(ReleaseTurn t, HoldReason why, string detail)
    {
        var s = t.State;
        var since = s.Hold?.Since ?? t.Now;
        var until = s.Hold?.Until ?? since + s.Policy.MaxHold;
        // Before there is traffic nobody waits with half a release: a freeze may be as long as it likes.
        if (why == HoldReason.Frozen && s.WeightPercent == 0 && s.Blocks.GetValueOrDefault(why)?.Until + s.Policy.MaxHold is { } afterwards && afterwards > until) until = afterwards;
        t.Happened(new ReleaseHeld(why, since, until, s.WeightPercent, detail), "system:policy");
    }

    private static Rejection? Freeze(ReleaseTurn t, FreezeRelease c)
    {
        if (ReleaseGuards.Abort(t.State) is { } no) return no;
        if (c.Until is { } until) Raise(t, HoldReason.Frozen, $"A freeze window opened{Because(c)}.", until);
        else Lift(t, HoldReason.Frozen);
        return null;
    }

    /// <summary>A release that begins while production is frozen goes as far as its door.</summary>
    private static void StandBefore(ReleaseTurn t, FreezeWindow? frozen)
    {
        if (frozen is not null && !t.State.IsRollback) Raise(t, HoldReason.Frozen, $"A freeze window is open: {frozen.Reason.TrimEnd('.')}.", frozen.Until);
    }

    private static Rejection? Block(ReleaseTurn t, BlockRelease c)
    {
        if (ReleaseGuards.Abort(t.State) is { } no) return no;
        if (c.Why is not (HoldReason.Drift or HoldReason.WaiverExpired or HoldReason.AttestationMissing)) return ReleaseRejections.NotABlock(c.Why);
        Raise(t, c.Why, c.Detail, null);
        return null;
    }

    private static Rejection? Unblock(ReleaseTurn t, UnblockRelease c)
    {
        if (ReleaseGuards.Abort(t.State) is { } no) return no;
        Lift(t, c.Why);
        return null;
    }

    /// <summary>Before there is traffic a block stops the release at the door to production; with traffic it holds the weight where it is.</summary>
    private static void Raise(ReleaseTurn t, HoldReason why, string detail, DateTimeOffset? until)
    {
        if (t.State.Blocks.TryGetValue(why, out var known) && known.Detail == detail && known.Until == until) return;
        t.Happened(new BlockRaised(why, detail, until));
        var s = t.State;
        if (ReleaseGuards.Blocking(s) is not { } block) return;
        // At production's door already: the wait becomes as long as the window.
        if (why == HoldReason.Frozen && s is { WeightPercent: 0, Hold.Reason: HoldReason.Frozen }) HoldFor(t, block.Reason, block.Detail);
        else if (s.Stage is not (ReleaseStage.Canary or ReleaseStage.Preview)) return;
        else if (why == HoldReason.Frozen && s.Policy.Freeze == FreezeBehaviour.RollBack && s.WeightPercent > 0) TakeBack(t, ReleaseOutcome.RolledBack, detail);
        else if (s.Hold is null or { EndsAt: not null }) HoldFor(t, block.Reason, block.Detail);
    }

    private static void Lift(ReleaseTurn t, HoldReason why)
    {
        if (!t.State.Blocks.ContainsKey(why)) return;
        t.Happened(new BlockLifted(why));
        AfterLift(t, why == HoldReason.Frozen);
    }

    private static void AfterLift(ReleaseTurn t, bool spread)
    {
        var s = t.State;
        if (s.Hold is not { } hold || hold.Reason is HoldReason.Inconclusive or HoldReason.NoMetrics) return;
        if (ReleaseGuards.Blocking(s) is { } next) HoldFor(t, next.Reason, next.Detail);
        else if (spread) t.Happened(new HoldEnding(hold.Reason, t.Now + Jitter(s)));
        else EndHold(t);
    }

    private static void EndHold(ReleaseTurn t)
    {
        t.Happened(new HoldEnded(t.State.Hold!.Reason));
        Proceed(t);
    }

    private static Rejection? OverrideFreeze(ReleaseTurn t, OverrideFreeze c)
    {
        if (ReleaseGuards.Override(t.State) is { } no) return no;
        if (!c.By.IsUser) return ReleaseRejections.ApprovalByMachine(c.By);
        if (c.Duration < TimeSpan.FromMinutes(1) || c.Duration > ReleaseGuards.LongestOverride) return ReleaseRejections.OverrideTooLong(ReleaseGuards.LongestOverride);
        if (t.State.Override is not { } asked || asked.ConfirmedBy is not null)
        {
            t.Happened(new OverrideAsked(c.Duration, t.Now + ConfirmWithin));
            return null;
        }
        if (asked.AskedBy == c.By.Id) return ReleaseRejections.SecondPersonNeeded(asked);
        t.Happened(new OverrideConfirmed(asked.AskedBy, t.Now + asked.Duration));
        AfterLift(t, false);
        return null;
    }

    /// <summary>The same release always waits the same time: decisions hold no randomness.</summary>
    private static TimeSpan Jitter(Release s)
    {
        uint hash = 2166136261;
        foreach (var b in Encoding.UTF8.GetBytes(s.Key)) hash = (hash ^ b) * 16777619;
        return TimeSpan.FromSeconds(1 + hash % JitterSeconds);
    }
}
