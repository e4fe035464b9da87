using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>What holds whatever is asked of a release, in any order.</summary>
public sealed class ReleaseProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(250).WithReplay(20261121, 3).WithEndSize(60);
    private static readonly Actor Ana = Actor.User("ana");
    private static readonly Actor Bo = Actor.User("bo");
    private static readonly Actor Rule = Actor.System("rule");
    private static readonly string[] Jobs = [DeployJobs.Build, DeployJobs.Start, DeployJobs.Smoke, GateJobs.Performance, DeployJobs.Stop];

    private static readonly Func<ReleaseSpec>[] Specs =
    [
        () => ReleaseSamples.Second(),
        () => ReleaseSamples.First(),
        () => ReleaseSamples.Second().With(p => p with { Performance = PerformancePolicy.Usual }),
        () => ReleaseSamples.Second(ReleaseSamples.Policy with { Strategy = ReleaseStrategy.BlueGreen }),
        () => ReleaseSamples.Second().With(p => p with { Gates = ["build", "approval"], Freeze = FreezeBehaviour.RollBack }),
        () => ReleaseSamples.Second().With(p => p with { Steps = [.. p.Steps.Select(s => s with { Pause = true })], Freeze = FreezeBehaviour.Finish }),
        () => ReleaseSamples.Second() with { Kind = ReleaseKind.FastRollback, ArtifactDigest = ReleaseSamples.Digest(9) },
        () => ReleaseSamples.Second() with { Kind = ReleaseKind.Rollback, ArtifactDigest = ReleaseSamples.Digest(9) },
        () => ReleaseSamples.Second() with { Stable = ReleaseSamples.V1 with { Address = null } },
        () => ReleaseSamples.Second() with { SkipAnalysis = true },
    ];

    /// <summary>Everything that can happen to a release. The first goes forward, and half of all moves do, or few runs would get far.</summary>
    private static readonly Action<ReleaseRun>[] Moves =
    [
        Forward,
        r => r.Do(new PauseRelease(Bo, null)), r => r.Do(new ResumeRelease(Bo, null)), r => r.Do(new AbortRelease(Bo, "no")), r => r.Do(new RollBackRelease(Bo, null)),
        r => r.Do(new PromoteRelease(false, Bo, null)), r => r.Do(new PromoteRelease(true, Bo, null)), r => r.Do(new SupersedeRelease(3, Rule, null)),
        r => r.Do(new RetryRelease(Bo, null)), r => r.Do(new AllowAttempt(r.Spec.Stable, Rule, null)), r => r.Do(new RefuseAttempt(Rule, "no")),
        r => r.Do(new ApproveRelease(Ana, null)), r => r.Do(new ApproveRelease(Bo, null)),
        r => r.Do(new FreezeRelease(r.Now.AddMinutes(20), Rule, null)), r => r.Do(new FreezeRelease(null, Rule, null)),
        r => r.Do(new OverrideFreeze(TimeSpan.FromMinutes(5), Ana, null)), r => r.Do(new OverrideFreeze(TimeSpan.FromMinutes(5), Bo, null)),
        r => r.Do(new BlockRelease(HoldReason.Drift, "Drift.", Rule, null)), r => r.Do(new UnblockRelease(HoldReason.Drift, Rule, null)),
        r => r.Do(new InstanceFailed("production", 2, "gone", Rule, null)), r => r.Do(new InstanceFailed("production", 1, "gone", Rule, null)),
        r => r.Do(new InstanceStarted("production", 2, "127.0.0.1:4201", Rule, null)), r => r.Do(new InstanceStarted("production", 1, "127.0.0.1:4101", Rule, null)),
        r => r.Do(new GiveWarm(null, Rule, null)), r => r.Do(new GiveWarm(ReleaseSamples.V1 with { Release = 9, Address = "127.0.0.1:4900" }, Rule, null)),
        r => r.Do(new AskForWarm(4, ReleaseSamples.Digest(1), Rule, null)),
        r => r.LookHealthy(), r => r.LookBad(), r => r.Look(ReleaseSamples.Undecided),
        r => r.Tick(TimeSpan.FromSeconds(7)), r => r.Tick(TimeSpan.FromMinutes(11)), r => r.Tick(TimeSpan.FromHours(2)),
        r => r.RouterAnswers = false, r => { if (r.Routes is not null) r.RouterCatchesUp(); },
        r => r.Do(new RoutesInForce(1)), r => r.Do(new ClockMoved(TimeSpan.FromMinutes(30))), r => r.Do(new BeginRelease(r.Spec, Ana, null)),
        r => { if (Jobs.FirstOrDefault(k => r.Pending(k) is not null) is { } kind) r.Break(kind); },
    ];

    private static Arbitrary<(int Spec, int[] Moves)> AnyWalk { get; } = (
        from spec in Gen.Choose(0, Specs.Length - 1)
        from far in Gen.Choose(0, 12)
        from moves in Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Choose(0, Moves.Length - 1))).ArrayOf()
        select (spec, (int[])[.. Enumerable.Repeat(0, far), .. moves])).ToArbitrary();

    [Fact]
    public void AnyWalk_KeepsEveryInvariant() => Prop.ForAll(AnyWalk, walk =>
    {
        var run = new ReleaseRun(Specs[walk.Spec]()).Begin();
        foreach (var move in walk.Moves)
        {
            Moves[move](run);
            Check(run);
        }
        Replay(run);
    }).Check(Many);

    [Fact]
    public void AnyWalk_ThenAbort_LeavesTheNewVersionWithoutTraffic() => Prop.ForAll(AnyWalk, walk =>
    {
        var run = new ReleaseRun(Specs[walk.Spec]()).Begin();
        foreach (var move in walk.Moves) Moves[move](run);
        if (run.S.Stage == ReleaseStage.Ended) return;

        var already = run.S.Stage == ReleaseStage.RollingBack;
        run.Do(new AbortRelease(Bo, null)).ShouldSatisfyAllConditions(no => (no is null).ShouldBe(!already));
        if (!already && run.LastEffects.Any(e => e.Effect is SetRoutes)) run.LastEffects[0].Effect.ShouldBeOfType<SetRoutes>();
        for (var i = 0; i < 20 && run.S.Stage != ReleaseStage.Ended; i++)
        {
            if (run.Routes is not null) run.RouterCatchesUp();
            if (run.Pending(DeployJobs.Start) is not null) run.Succeed(DeployJobs.Start);
            run.Settle();
            if (ReleaseMachine.WakeAt(run.S, run.Now) is { } at && at > run.Now) run.Now = at;
            run.Tick();
        }
        run.S.Stage.ShouldBe(ReleaseStage.Ended, run.S.Message);
        Share(run).ShouldBe(0);
    }).Check(Many);

    /// <summary>The world does what is expected of it: jobs succeed, the judge is content, time passes.</summary>
    private static void Forward(ReleaseRun run)
    {
        if (Jobs.FirstOrDefault(k => run.Pending(k) is not null) is { } kind) run.Succeed(kind);
        else if (run.S.Stage == ReleaseStage.Canary)
        {
            run.Now = run.Now < run.S.MinBakeEnds ? run.S.MinBakeEnds.Value : run.Now;
            run.LookHealthy();
        }
        else if (ReleaseMachine.WakeAt(run.S, run.Now) is { } at)
        {
            run.Now = run.Now < at ? at : run.Now;
            run.Tick();
        }
    }

    private static double Share(ReleaseRun run) => run.Routes is null ? 0 : run.Routes.Backends.Where(b => b.Version == run.View.RouteName).Sum(b => b.Weight) / 100.0;

    private static void Check(ReleaseRun run)
    {
        var s = run.S;
        Share(run).ShouldBe(s.WeightPercent, 0.01, "what was ordered is what is known");
        if (s.Stage == ReleaseStage.Ended) s.WeightPercent.ShouldBe(s.Promoted ? 100 : 0);
        if (s.Stage == ReleaseStage.Ended) s.Outcome.ShouldNotBeNull();
        JsonSerializer.Serialize(run.View, KernelJson.Options).ShouldNotBeEmpty();
        run.Effects.Select(e => e.Effect).OfType<SetRoutes>().GroupBy(r => r.Routes.Revision).ShouldAllBe(g => g.Count() == 1);
        if (run.LastEvents.Count > 0) run.LastEvents.ShouldAllBe(e => e.Text().Length > 0 && e.By.Length > 0);

        // A deadline in the past that nothing acts on would keep a timer spinning.
        for (var i = 0; ReleaseMachine.WakeAt(run.S, run.Now) is { } at && at <= run.Now; i++)
        {
            var version = run.S.Version;
            run.Tick();
            run.S.Version.ShouldBeGreaterThan(version, $"{run.S.Stage} wakes at {at:u} for nothing");
            i.ShouldBeLessThan(20);
        }
    }

    /// <summary>The journal alone, read back from its JSON, gives the live state.</summary>
    private static void Replay(ReleaseRun run)
    {
        var replayed = run.Journal.Select(e => KernelJson.Read<ReleaseEvent>(KernelJson.Write(e))).Aggregate((Release?)null, ReleaseMachine.Apply);
        KernelJson.Write(replayed).ShouldBe(KernelJson.Write(run.State));
    }
}
