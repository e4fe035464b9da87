using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>
/// What a release decides. Pure: no clock, no I/O. Going back is possible in every state that has not ended and pre-empts everything else; nothing
/// goes forward without a healthy verdict, a person's promote, or a rule that skips the steps openly.
/// </summary>
public static partial class ReleaseMachine
{
    /// <param name="key">The grain's key: needed before there is a state.</param>
    public static Decision<ReleaseEvent> Decide(Release? state, string key, ReleaseCommand command, DateTimeOffset now)
    {
        var t = new ReleaseTurn(state, key, command, now);
        if (state is not null) MindWaivers(t);
        var refused = (state, command) switch
        {
            (null, BeginRelease c) => Begin(t, c),
            (null, ReleaseTick or JudgeTick or ReleaseJobEnded or RoutesInForce or ClockMoved) => null,
            (null, _) => ReleaseRejections.Unknown(key),
            ({ } s, BeginRelease) => ReleaseRejections.Exists(s),
            (_, ReleaseTick) => Tick(t, null),
            (_, JudgeTick c) => Judge(t, c.Evidence),
            (_, ReleaseJobEnded c) => JobEnded(t, c.Outcome),
            (_, RoutesInForce c) => Confirmed(t, c.Revision),
            (_, ClockMoved c) => MoveClock(t, c.Distance),
            (_, AbortRelease c) => GoBack(t, ReleaseOutcome.Aborted, $"Aborted by {c.By}{Because(c)}."),
            (_, RollBackRelease c) => GoBack(t, ReleaseOutcome.FastRolledBack, $"Rolled back by {c.By}{Because(c)}."),
            (_, SupersedeRelease c) => GoBack(t, ReleaseOutcome.Superseded, $"Superseded by release {c.ByRelease}."),
            (_, ApproveRelease c) => Approve(t, c),
            (_, PromoteRelease { Full: false }) => PromoteStep(t),
            (_, PromoteRelease c) => PromoteFull(t, c),
            (_, PauseRelease c) => Pause(t, c),
            (_, ResumeRelease) => Resume(t),
            (_, RetryRelease c) => AskForAttempt(t, false, c),
            (_, AllowAttempt c) => BeginAttempt(t, c),
            (_, RefuseAttempt) => StayEnded(t),
            (_, FreezeRelease c) => Freeze(t, c),
            (_, OverrideFreeze c) => OverrideFreeze(t, c),
            (_, TellGateFacts c) => LearnGateFacts(t, c),
            (_, BlockRelease c) => Block(t, c),
            (_, UnblockRelease c) => Unblock(t, c),
            (_, InstanceFailed c) => InstanceFailed(t, c),
            (_, InstanceStarted c) => InstanceStarted(t, c),
            (_, AskForWarm c) => HandOver(t, c),
            (_, GiveWarm c) => TakeWarm(t, c),
            _ => throw new ArgumentException($"A release does not know the command {command.GetType().Name}", nameof(command)),
        };
        return refused is null ? t.Done() : Decision<ReleaseEvent>.Refuse(refused);
    }

    /// <summary>
    /// The next time at which <see cref="ReleaseTick"/> (or a look of the judge) may change something. Every time but the end of the least bake is
    /// acted on when it has come, so none of them stays in the past.
    /// </summary>
    /// <param name="looked">When the judge last looked: the end of the least bake is worth one look, and only one.</param>
    public static DateTimeOffset? WakeAt(Release s, DateTimeOffset looked)
    {
        DateTimeOffset? at = null;
        void Consider(DateTimeOffset? candidate)
        {
            if (candidate is { } c && (at is null || c < at)) at = c;
        }

        Consider(s.WarmUntil);
        if (s.Stage == ReleaseStage.Ended) return at;
        Consider(s.GivesUpAt);
        Consider(s.Back?.RetryStableAt);
        if (s.Stage == ReleaseStage.RollingBack) return at;
        Consider(s.RestartBy);
        if (s.Stage == ReleaseStage.Promoting) return at;
        Consider(s.Hold?.EndsAt ?? s.Hold?.Until);
        Consider(WaiverLapses(s));
        Consider(s.Override?.Until);
        foreach (var block in s.Blocks.Values) Consider(block.Until);
        if (CanAdvance(s))
        {
            Consider(s.MaxBakeEnds);
            if (s.MinBakeEnds > looked) Consider(s.MinBakeEnds);
        }
        return at;
    }

    private static string Because(ReleaseCommand c) => string.IsNullOrWhiteSpace(c.Reason) ? "" : $": {c.Reason.TrimEnd('.')}";
}
