using System.Collections.Immutable;
using ProdSprint.Infrastructure;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;

namespace ProdSprint.Machines.Projects;

public sealed class ProjectMachineTests
{
    private const string Key = "project/default/shop";
    private static readonly Actor Ana = Actor.User("ana");
    private readonly DateTimeOffset _now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private Project? _state;
    private IReadOnlyList<Effect> _effects = [];

    [Fact]
    public void Decide_AnythingBeforeImport_IsNotFound() =>
        Refused(new RequestPlan(null, null, Ana, null)).Kind.ShouldBe(RejectionKind.NotFound);

    [Theory]
    [InlineData("--upload-pack=touch x")]
    [InlineData("ext::sh -c touch% x")]
    [InlineData("ftp://example.com/x.git")]
    [InlineData("https://ana:secret@example.com/x.git")]
    [InlineData("/src/a\0b")]
    public void Decide_ImportOfWhatIsNoAddress_IsRefusedAndNothingIsKept(string source)
    {
        Refused(new ImportProject(source, Ana, null)).Code.ShouldBe("project.bad-source");
        _state.ShouldBeNull();
    }

    [Fact]
    public void Decide_WrongWords_AreRefusedWithTheCommand()
    {
        Imported();
        Refused(new RequestPlan(null, "nope", Ana, null)).Code.ShouldBe("plan.no-such-profile");
        Refused(new RequestPlan(null, null, Ana, null) { Care = "reckless" }).Code.ShouldBe("plan.no-such-care");
        foreach (var (name, value) in ((string, string)[])[("A=B", "x"), ("", "x"), ("1A", "x"), ("A", "x\0"), ("A", new string('x', 140_000))])
            Refused(new SetVariables(ImmutableDictionary<string, string?>.Empty.Add(name, value), Ana, null)).Code.ShouldBe("project.bad-variable");
        Refused(new SetFreezeWindows([new(_now.AddHours(2), _now.AddHours(1), "backwards")], Ana, null)).Code.ShouldBe("project.bad-window");
    }

    [Fact]
    public void Decide_ImportTwice_IsRefusedAndSaysTheSource()
    {
        Imported();
        Refused(new ImportProject("/src/other", Ana, null)).Code.ShouldBe("project.exists");
    }

    [Fact]
    public void Decide_ImportFailed_MayBeImportedAgain()
    {
        Do(new ImportProject("/src/shop", Ana, null));
        Do(new ImportOutcome(null, "no such path"));
        _state!.Import.ShouldBe(ImportState.Failed);
        Do(new ImportProject("/src/shop2", Ana, null));
        _state!.Import.ShouldBe(ImportState.Importing);
        _state.Source.ShouldBe("/src/shop2");
    }

    [Fact]
    public void Decide_ReleaseOfARef_WaitsForItsPlan_ThenBegins()
    {
        Imported();
        Do(new RequestRelease("v1", null, false, Ana, "go"));
        _state!.Pending!.Plan.ShouldBe(1);
        _state.Active.ShouldBeNull();
        Do(Approved(1, "v1"));
        _state!.Active!.Version.ShouldBe("v1");
        _state.Pending.ShouldBeNull();
        Told<BeginRelease>("release/default/shop/1").Spec.Stable.ShouldBeNull();
    }

    [Fact]
    public void Decide_ReleaseOfAPlanNotApprovedYet_WaitsAndRunsNothing()
    {
        Imported();
        Do(new RequestPlan("v1", null, Ana, null));
        Do(new RequestRelease(null, 1, false, Ana, null));
        _state!.Active.ShouldBeNull();
        _effects.ShouldBeEmpty();
        Do(Approved(1, "v1"));
        _state!.Active!.Version.ShouldBe("v1");
    }

    [Fact]
    public void Decide_ReleaseOfAPlanThatIsNotThere_IsRefusedByTheGate()
    {
        Imported();
        Refused(new RequestRelease(null, 1, false, Ana, null)).Kind.ShouldBe(RejectionKind.Gate);
    }

    [Fact]
    public void D1_NewReleaseInFlight_SupersedesAndWaitsUntilItHasLetGo()
    {
        Live("v1");
        Begin("v2");
        Begin("v3");
        Told<SupersedeRelease>("release/default/shop/2").ByRelease.ShouldBe(3);
        _state!.Active!.Number.ShouldBe(2);
        _state.Queued!.Spec.Version.ShouldBe("v3");
        Do(new ReleaseEnded(2, ReleaseOutcome.Superseded, _state.Stable, Actor.System("release"), null));
        _state!.Active!.Number.ShouldBe(3);
        Told<BeginRelease>("release/default/shop/3").Spec.Stable!.Version.ShouldBe("v1");
    }

    [Fact]
    public void H8_ManyReleasesAtOnce_ExactlyOneActive_TheNewestQueued()
    {
        Live("v1");
        for (var i = 2; i <= 6; i++) Begin($"v{i}");
        _state!.Active!.Number.ShouldBe(2);
        _state.Queued!.Spec.Version.ShouldBe("v6");
    }

    [Fact]
    public void C9_RollBackToStableMidRelease_TakesTheReleaseInFlightBack()
    {
        Live("v1");
        Begin("v2");
        Do(new RollBackTo("v1", Ana, "looks wrong"));
        Told<RollBackRelease>("release/default/shop/2").Reason.ShouldBe("looks wrong");
        Do(new ReleaseEnded(2, ReleaseOutcome.FastRolledBack, _state!.Stable, Actor.System("release"), null));
        (_state!.LastRelease, _state.Active, _state.BackTo).ShouldBe((2, null, null));
    }

    [Fact]
    public void C9_RollBackMeetsAReleaseThatIsPromotedAlready_ProductionGoesBackAllTheSame()
    {
        Live("v1");
        Begin("v2");
        // The release has ended, and the project has not heard of it yet.
        Do(new RollBackTo(null, Ana, "looks wrong"));
        Do(new ReleaseEnded(2, ReleaseOutcome.Promoted, new(2, "v2", "commit-v2", "sha256:v2", "127.0.0.1:2"), Actor.System("release"), null));
        _state!.BackTo.ShouldBeNull();
        var back = Told<BeginRelease>("release/default/shop/3");
        (back.Spec.Version, back.Spec.Kind, back.Spec.Stable!.Version, back.Reason).ShouldBe(("v1", ReleaseKind.FastRollback, "v2", "looks wrong"));
        _effects.OfType<EnqueueJob>().ShouldContain(j => j.Kind == Deploy.KeepArtifact.Kind);
    }

    [Fact]
    public void C16_AttemptWanted_IsAllowedForTheNewestReleaseOnly()
    {
        Live("v1");
        Begin("v2");
        var second = Told<BeginRelease>("release/default/shop/2").Spec;
        Do(new ReleaseEnded(2, ReleaseOutcome.Aborted, _state!.Stable, Actor.System("release"), null));
        Do(new AttemptWanted(second, Ana, "again"));
        Told<AllowAttempt>("release/default/shop/2").Stable.ShouldBe(_state.Stable);
        _state.Active!.Number.ShouldBe(2);
        Do(new AttemptWanted(second, Ana, "and again"));
        Told<RefuseAttempt>("release/default/shop/2").Reason!.ShouldContain("in flight");
    }

    [Fact]
    public void D5_StableProcessDiesMidRelease_TheReleaseInFlightIsToldAndTheNextKnows()
    {
        Live("v1");
        Begin("v2");
        Do(new StableProcessChanged(1, null, "exit 137", Actor.System("supervisor"), null));
        Told<InstanceFailed>("release/default/shop/2").Why.ShouldBe("exit 137");
        _state!.Stable!.Address.ShouldBeNull();
        Do(new StableProcessChanged(1, "127.0.0.1:9", "back", Actor.System("supervisor"), null));
        Told<InstanceStarted>("release/default/shop/2").Address.ShouldBe("127.0.0.1:9");
    }

    [Fact]
    public void C10_RollBackInsideTheWindow_IsFastAndBuildsNothing()
    {
        Live("v1");
        Live("v2");
        Do(new RollBackTo(null, Ana, null));
        var spec = Told<BeginRelease>("release/default/shop/3").Spec;
        spec.Kind.ShouldBe(ReleaseKind.FastRollback);
        spec.ArtifactDigest.ShouldBe("sha256:v1");
    }

    [Fact]
    public void C11_RollBackOutsideTheWindow_TakesEveryStep()
    {
        for (var i = 1; i <= 5; i++) Live($"v{i}", pinned: 2);
        Do(new RollBackTo("v3", Ana, null));
        Told<BeginRelease>("release/default/shop/6").Spec.Kind.ShouldBe(ReleaseKind.FastRollback);
        Do(new ReleaseEnded(6, ReleaseOutcome.FastRolledBack, null, Actor.System("release"), null));
        Good().ShouldBe(["v5", "v4", "v3"]);
    }

    [Fact]
    public void I9_Promoted_ItsArtifactIsPinnedAmongTheLastGoodOnes()
    {
        Live("v1", pinned: 3);
        var keep = _effects.OfType<EnqueueJob>().Single(j => j.Kind == Deploy.KeepArtifact.Kind);
        KernelJson.Read<Deploy.KeepArtifact>(keep.PayloadJson).ShouldBe(new("default", "shop", "sha256:v1", 3));
    }

    [Fact]
    public void Decide_RollBackToUnknownVersion_SaysWhatIsThere()
    {
        Live("v1");
        Refused(new RollBackTo("v9", Ana, null)).Next.ShouldContain("v1");
    }

    [Fact]
    public void I1_FreezeWindowOpensAndCloses_TheReleaseInFlightIsTold()
    {
        Live("v1");
        Begin("v2");
        var window = new FreezeWindow(_now.AddHours(1), _now.AddHours(3), "Black Friday");
        Do(new SetFreezeWindows([window], Ana, null));
        ProjectMachine.WakeAt(_state!).ShouldBe(window.From);
        DoAt(new ProjectTick(), window.From);
        Told<FreezeRelease>("release/default/shop/2").Until.ShouldBe(window.Until);
        Rejection(new RequestRelease("v3", null, false, Ana, null), window.From).Code.ShouldBe("release.frozen");
        ProjectMachine.WakeAt(_state!).ShouldBe(window.Until);
        DoAt(new ProjectTick(), window.Until);
        Told<FreezeRelease>("release/default/shop/2").Until.ShouldBeNull();
        ProjectMachine.WakeAt(_state!).ShouldBeNull();
    }

    [Fact]
    public void I8_RollBackDuringAFreeze_IsAllowed()
    {
        Live("v1");
        Live("v2");
        Do(new SetFreezeWindows([new(_now, _now.AddHours(1), "audit")], Ana, null));
        Do(new RollBackTo(null, Ana, "broken"));
        _state!.Active!.Kind.ShouldBe(ReleaseKind.FastRollback);
    }

    [Fact]
    public void Freeze_OfProduction_AReleaseBeginsAndIsToldToStopAtItsDoor_AndGoesOnWhenItCloses()
    {
        Live("v1");
        var window = new FreezeWindow(_now, _now.AddHours(3), "Sale") { Environment = "production" };
        Do(new SetFreezeWindows([window], Ana, null));
        Begin("v2");
        Told<BeginRelease>("release/default/shop/2").Frozen.ShouldBe(window);
        ProjectMachine.WakeAt(_state!).ShouldBe(window.Until);
        DoAt(new ProjectTick(), window.Until);
        Told<FreezeRelease>("release/default/shop/2").Until.ShouldBeNull();
    }

    [Fact]
    public void Freeze_OfStaging_NoReleaseBegins_AndTheOneInFlightIsNotTold()
    {
        Live("v1");
        Begin("v2");
        var window = new FreezeWindow(_now.AddHours(1), _now.AddHours(3), "Load test") { Environment = "staging" };
        Do(new SetFreezeWindows([window], Ana, null));
        DoAt(new ProjectTick(), window.From);
        _effects.OfType<Tell>().ShouldBeEmpty();
        Rejection(new RequestRelease("v3", null, false, Ana, null), window.From).Code.ShouldBe("release.frozen");
        ProjectMachine.WakeAt(_state!).ShouldBe(window.Until);
        DoAt(new ProjectTick(), window.Until);
        _state!.Freeze.ShouldBeEmpty();
        ProjectMachine.WakeAt(_state).ShouldBeNull();
    }

    [Fact]
    public void Freeze_OfAnotherEnvironment_IsRefused()
    {
        Live("v1");
        Refused(new SetFreezeWindows([new(_now, _now.AddHours(1), "x") { Environment = "moon" }], Ana, null)).Code.ShouldBe("project.bad-window");
    }

    [Fact]
    public void Decide_WindowPassedWhileAway_IsForgottenWithoutALoop()
    {
        Live("v1");
        Do(new SetFreezeWindows([new(_now.AddHours(1), _now.AddHours(2), "x")], Ana, null));
        DoAt(new ProjectTick(), _now.AddHours(5));
        _state!.Freeze.ShouldBeEmpty();
        ProjectMachine.WakeAt(_state).ShouldBeNull();
    }

    [Fact]
    public void Decide_InfrastructurePlan_IsForKnownEnvironmentsAndCarriesThePolicy()
    {
        Imported();
        Refused(new RequestInfrastructurePlan("moon", false, Ana, null)).Code.ShouldBe("infrastructure.no-such-environment");
        Do(new RequestInfrastructurePlan("staging", true, Ana, null));
        var tell = _effects.OfType<Tell>().Single();
        tell.GrainKey.ShouldBe("infrastructure/default/shop/staging");
        KernelJson.Read<InfrastructureCommand>(tell.CommandJson).ShouldBe(new PlanInfrastructure(true, ApprovalMode.OncePerExecution, Ana, null));
    }

    [Fact]
    public void Decide_DriftOfProduction_BlocksTheReleaseInFlight_AndTheNextOne_UntilItIsGone()
    {
        Live("v1");
        Begin("v2");
        Do(new InfrastructureDrifted("staging", "The directory data is not there.", true, Ana, null));
        _effects.ShouldBeEmpty("production does not stand on staging");
        Do(new InfrastructureDrifted("production", "The database is not there.", true, Ana, null));
        Told<BlockRelease>("release/default/shop/2").ShouldBe(new(HoldReason.Drift, "The database is not there.", Ana, null));
        Do(new ReleaseEnded(2, ReleaseOutcome.Aborted, _state!.Stable, Ana, null));
        Begin("v3");
        Told<BeginRelease>("release/default/shop/3").Drift.ShouldBe("The database is not there.");
        Do(new InfrastructureDrifted("production", null, true, Ana, null));
        Told<UnblockRelease>("release/default/shop/3").Why.ShouldBe(HoldReason.Drift);
        _state!.Drift.Keys.ShouldBe(["staging"]);
    }

    [Fact]
    public void Decide_DriftOfProduction_NeverKeepsFromGoingBack()
    {
        Live("v1");
        Live("v2");
        Do(new InfrastructureDrifted("production", "The database is not there.", true, Ana, null));
        Do(new RollBackTo(null, Ana, "broken"));
        Told<BeginRelease>("release/default/shop/3").Drift.ShouldBeNull();
        Do(new InfrastructureDrifted("production", "The role is not there.", true, Ana, null));
        _effects.ShouldBeEmpty();
    }

    [Fact]
    public void Apply_OverTheJsonOfEveryEvent_GivesTheSameState()
    {
        Live("v1");
        Live("v2");
        var replayed = _events.Select(e => KernelJson.Read<ProjectEvent>(KernelJson.Write(e))).Aggregate((Project?)null, ProjectMachine.Apply);
        KernelJson.Write(replayed).ShouldBe(KernelJson.Write(_state));
    }

    private readonly List<ProjectEvent> _events = [];

    private void Imported()
    {
        Do(new ImportProject("/src/shop", Ana, null));
        Do(new ImportOutcome(new("main", "c0ffee00c0ffee00", 3), null));
    }

    private void Begin(string version)
    {
        Do(new RequestRelease(version, null, false, Ana, null));
        Do(Approved(_state!.LastPlan, version));
    }

    private void Live(string version, int pinned = 5)
    {
        if (_state is null) Imported();
        Do(new RequestRelease(version, null, false, Ana, null));
        Do(Approved(_state!.LastPlan, version, pinned));
        var spec = _state!.Active!;
        Do(new ReleaseEnded(spec.Number, ReleaseOutcome.Promoted, new(spec.Number, version, spec.Commit, $"sha256:{version}", "127.0.0.1:1"), Actor.System("release"), null));
        _state!.Stable!.Version.ShouldBe(version);
    }

    [Fact]
    public void Decide_ReleaseOfAPlanWhoseWaiverEnded_IsRefused_AndNotBefore()
    {
        Imported();
        Do(new RequestPlan("v1", null, Ana, null));
        Do(Approved(1, "v1") with { WaivedUntil = _now.AddDays(1) });
        var release = new RequestRelease(null, 1, false, Ana, null);
        ProjectMachine.Decide(_state, Key, release, _now.AddDays(1)).Rejection!.Code.ShouldBe("plan.waiver-ended");
        ProjectMachine.Decide(_state, Key, release, _now.AddDays(1).AddTicks(-1)).Rejection.ShouldBeNull();
    }

    private static PlanSettled Approved(int number, string version, int pinned = 5) => new(number, version, Documents.Plan($"commit-{version}", pinned), Ana, null);

    private string[] Good() => [.. _state!.Good.Select(g => g.Version.Version)];

    private void Do(ProjectCommand command) => DoAt(command, _now);

    private void DoAt(ProjectCommand command, DateTimeOffset at)
    {
        var decision = ProjectMachine.Decide(_state, Key, command, at);
        decision.Rejection.ShouldBeNull();
        _state = decision.Events.Aggregate(_state, ProjectMachine.Apply);
        _events.AddRange(decision.Events);
        _effects = decision.Effects;
    }

    private Rejection Refused(ProjectCommand command) => Rejection(command, _now);

    private Rejection Rejection(ProjectCommand command, DateTimeOffset at) => ProjectMachine.Decide(_state, Key, command, at).Rejection.ShouldNotBeNull();

    private T Told<T>(string key) where T : ReleaseCommand =>
        KernelJson.Read<ReleaseCommand>(_effects.OfType<Tell>().Single(t => t.GrainKey == key).CommandJson).ShouldBeOfType<T>();
}
