using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Telemetry;

namespace ProdSprint.Releases;

/// <summary>The shell around <see cref="ReleaseMachine"/>: it keeps the newest evidence in memory, and notices when the wall clock was set.</summary>
[GrainType("release")]
public sealed partial class ReleaseGrain([PersistentState("release", "machines")] IPersistentState<MachineState<Release>> store)
    : MachineGrain<Release, ReleaseCommand, ReleaseEvent>(store), IReleaseGrain
{
    /// <summary>More than any slewing makes of a minute, less than any bake: a bigger difference means that somebody set the clock.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(20);

    private CanaryEvidence? _evidence;
    private DateTimeOffset _looked;
    private DateTimeOffset _wall;
    private long _stamp;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stamp = 0;
        await base.OnActivateAsync(cancellationToken);
        // The last life may have ended between storing a step and saying what to watch.
        if (State is not null && TrafficWatches.Of(State) is { } watch) await Traffic(State).Watch(watch);
    }

    public async Task<CommandResult> Do(ReleaseCommand command)
    {
        await MindTheClock();
        return await RunAsync(command);
    }

    public async Task Observe(CanaryEvidence evidence)
    {
        if (State is not { CurrentStep: not null } s || evidence.Step != s.Step || evidence.Attempt != s.Attempt) return;
        _evidence = evidence;
        await MindTheClock();
        await RunAsync(new JudgeTick(evidence));
    }

    public Task<ReleaseView?> View() => Task.FromResult(State is null ? null : ReleaseViews.Of(State, _evidence, ReleaseMachine.Look(State, _evidence)));

    public async Task<ImmutableArray<JudgeLook>> Looks()
    {
        if (State is not { } s || JudgeHistory.Seen(s) is not { } seen) return [];
        var logged = await ServiceProvider.GetRequiredService<IEvidenceLog>().ReadAsync(
            s.Spec.Workspace, s.Spec.Project, "production", EvidenceTally.FromSecond(seen.Watch) - EvidenceTally.SecondsBefore, -1, CancellationToken.None);
        return JudgeHistory.Of(s, seen.Watch, seen.Ended, logged.Seconds);
    }

    public Task<ReleaseFindings?> Findings() => Task.FromResult(State is null ? null : ReleaseMachine.FindingsOf(State));

    /// <summary>At a deadline the judge looks once more at what was seen last: nothing new may have come since.</summary>
    protected override ReleaseCommand Tick =>
        ClockShift() is { } shift ? new ClockMoved(shift) : _evidence is { } seen ? new JudgeTick(seen) : new ReleaseTick();

    protected override Decision<ReleaseEvent> Decide(Release? state, ReleaseCommand command, DateTimeOffset now)
    {
        if (command is JudgeTick or ReleaseTick) _looked = now;
        return ReleaseMachine.Decide(state, Key, command, now);
    }

    protected override Release Apply(Release? state, ReleaseEvent happened) => ReleaseMachine.Apply(state, happened);

    protected override DateTimeOffset? WakeAt(Release state) => ReleaseMachine.WakeAt(state, _looked);

    protected override ReleaseCommand OutcomeCommand(JobOutcome outcome) => new ReleaseJobEnded(outcome);

    protected override ReleaseCommand? Confirmation(Effect done) => done is SetRoutes orders ? new RoutesInForce(orders.Routes.Revision) : null;

    protected override object ViewOf(Release state, long version, DateTimeOffset now) => ReleaseViews.Of(state);

    protected override TimelineFact Describe(ReleaseEvent happened, Release state)
    {
        LogHappened(Logger, Key, ReleaseTimeline.KindOf(happened), happened.By, happened.Text());
        return ReleaseTimeline.Describe(happened);
    }

    /// <summary>Says to the environment's traffic what to look at, as long as the new version has a share of it.</summary>
    protected override Task OnChanged(Release? before, Release after) => TrafficWatches.Of(after) is { } watch
        ? watch == TrafficWatches.Of(before) ? Task.CompletedTask : Traffic(after).Watch(watch)
        : TrafficWatches.Of(before) is null ? Task.CompletedTask : Traffic(after).Unwatch(Key);

    private ITrafficGrain Traffic(Release state) =>
        GrainFactory.GetGrain<ITrafficGrain>($"traffic/{state.Spec.Workspace}/{state.Spec.Project}/production");

    private async Task MindTheClock()
    {
        if (State is not null && ClockShift() is { } shift) await RunAsync(new ClockMoved(shift));
    }

    /// <summary>How far the wall clock has moved against the one that only counts; null when they agree.</summary>
    private TimeSpan? ClockShift()
    {
        var (wall, stamp) = (Clock.GetUtcNow(), Clock.GetTimestamp());
        var (wallBefore, stampBefore) = (_wall, _stamp);
        (_wall, _stamp) = (wall, stamp);
        if (stampBefore == 0) return null;
        var shift = wall - wallBefore - Clock.GetElapsedTime(stampBefore, stamp);
        if (shift.Duration() < ClockTolerance) return null;
        LogClockSet(Logger, Key, shift);
        return shift;
    }
}
