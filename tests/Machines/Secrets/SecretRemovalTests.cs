using ProdSprint.Kernel;
using ProdSprint.Secrets;

namespace ProdSprint.Machines.Secrets;

/// <summary>The end of a secret: seen first, then without a way back, and its name free again.</summary>
public sealed class SecretRemovalTests
{
    private const string Key = "secret/default/shop/production/DATABASE_URL";
    private static readonly Actor Ana = Actor.User("ana");
    private readonly SecretWalk _walk = new(Key);

    private SecretState State => _walk.State!;

    [Fact]
    public void Remove_WhatIsHeld_IsRefused_AndEverythingIsAsItWas()
    {
        Overlap();
        _walk.Do(new RemoveSecret(false, Ana, "not used any more"));
        _walk.Job()!.Kind.ShouldBe(SecretJobs.Holders);
        _walk.Request().Versions.Select(v => v.Number).ShouldBe([2, 1]);
        _walk.Do(new RemoveSecret(false, Ana, null));
        _walk.Effects.ShouldBeEmpty("it is being looked at");
        _walk.Ended(new SecretLooked("release 3 of production runs with it"));
        State.ShouldSatisfyAllConditions(
            s => s.Current!.Number.ShouldBe(2), s => s.Previous!.Number.ShouldBe(1), s => s.Removing.ShouldBeFalse(),
            s => s.Problem!.ShouldContain("release 3 of production runs with it. Next: end that, or remove it all the same: prodsprint secrets remove DATABASE_URL --force"));
    }

    [Fact]
    public void Remove_WhatNothingHolds_EndsEveryVersion_AndTheNameIsFreeForAnotherKind_WithNumbersThatGoOn()
    {
        Overlap();
        _walk.Do(new RemoveSecret(false, Ana, null));
        _walk.Ended(new SecretLooked(null));
        _walk.Job()!.Kind.ShouldBe(SecretJobs.Holders, "once more, when nothing that starts gets it any more");
        _walk.Ended(new SecretLooked(null));
        _walk.Job()!.Kind.ShouldBe(SecretJobs.Remove);
        _walk.Request().ShouldSatisfyAllConditions(r => r.Version.Number.ShouldBe(2), r => r.Versions.Length.ShouldBe(2), r => r.Since.ShouldBe(_walk.Now));
        Refused(new SetSecret(SecretKind.PostgresPassword, null, null, Ana, null)).Code.ShouldBe("secret.busy");
        _walk.Ended(new SecretLooked(null));
        State.ShouldSatisfyAllConditions(s => s.Current.ShouldBeNull(), s => s.Previous.ShouldBeNull(), s => s.RemovedAt.ShouldBe(_walk.Now), s => s.Versions.ShouldAllBe(v => v.EndedAt != null));
        SecretMachine.DueAt(State).ShouldBeNull();
        Refused(new RotateSecret(null, Ana, null)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("secret.not-found"), r => r.Next.ShouldContain("secrets set DATABASE_URL"));
        _walk.Do(new RemoveSecret(false, Ana, null));
        _walk.Effects.ShouldBeEmpty("done is done");
        _walk.Do(new SetSecret(SecretKind.Value, "anew", null, Ana, null));
        State.ShouldSatisfyAllConditions(s => s.Current!.Number.ShouldBe(3), s => s.Kind.ShouldBe(SecretKind.Value), s => s.RemovedAt.ShouldBeNull(), s => s.EveryDays.ShouldBeNull());
        var replayed = _walk.Events.Select(e => KernelJson.Read<SecretEvent>(KernelJson.Write(e))).Aggregate((SecretState?)null, SecretMachine.Apply);
        KernelJson.Write(replayed).ShouldBe(KernelJson.Write(State));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Remove_WhatSomebodyGotWhileItWasLookedAt_IsTakenBack_AndItIsGivenOutAgain(bool held)
    {
        Overlap();
        var before = SecretViews.View(State, Key, 1);
        _walk.Do(new RemoveSecret(false, Ana, null));
        SecretViews.View(State, Key, 1).Phase.ShouldBe(before.Phase, "it may be held, and then it stays");
        _walk.Ended(new SecretLooked(null));
        var withheld = SecretViews.View(State, Key, 1);
        (withheld.Phase, withheld.Waiting).ShouldBe((SecretPhase.Removing, "It is given to nobody, and seen once more whether anything that has started meanwhile holds it"));
        Refused(new RotateSecret(null, Ana, null)).Code.ShouldBe("secret.busy");
        _walk.Do(new RemoveSecret(false, Ana, null));
        _walk.Effects.ShouldBeEmpty("it is being looked at");
        // Nobody may be cut off unseen: also when it could not be seen.
        if (held) _walk.Ended(new SecretLooked("release 3 of production is running, and was given it"));
        else _walk.Ended(null, "PostgreSQL cannot be asked.");
        _walk.Effects.ShouldBeEmpty();
        SecretViews.View(State, Key, 1).ShouldSatisfyAllConditions(
            v => v.Phase.ShouldBe(before.Phase), v => v.Versions.ShouldBe(before.Versions), v => v.RevokeAt.ShouldBe(before.RevokeAt), v => v.Waiting.ShouldBeNull(),
            v => v.Problem!.ShouldContain("was not removed"));
        SecretMachine.DueAt(State).ShouldNotBeNull("what was due is due again");
    }

    [Fact]
    public void Remove_ByForce_WhileItIsWithheld_DoesNotWaitForTheLook()
    {
        Overlap();
        _walk.Do(new RemoveSecret(false, Ana, null));
        _walk.Ended(new SecretLooked(null));
        var looking = State.Job!;
        _walk.Do(new RemoveSecret(true, Ana, "leaked"));
        _walk.Effects[0].ShouldBe(new CancelJobs(Key));
        _walk.Job()!.Kind.ShouldBe(SecretJobs.Remove);
        SecretViews.View(State, Key, 1).ShouldSatisfyAllConditions(v => v.Phase.ShouldBe(SecretPhase.Removing), v => v.Waiting.ShouldBeNull("it is known that it goes"));
        _walk.Decide(new SecretOutcome(looking, new SecretLooked("release 3 of production is running, and was given it"), null)).ShouldBe(Decision<SecretEvent>.Nothing);
    }

    [Fact]
    public void Remove_ByForce_NeedsAReason_AndWhatIsGoingOnGivesWay()
    {
        _walk.Do(new SetSecret(SecretKind.PostgresPassword, null, null, Ana, null));
        var placing = State.Job!;
        Refused(new RemoveSecret(false, Ana, null)).Code.ShouldBe("secret.busy");
        Refused(new RemoveSecret(true, Ana, " ")).Code.ShouldBe("secret.no-reason");
        _walk.Do(new RemoveSecret(true, Ana, "leaked"));
        _walk.Effects[0].ShouldBe(new CancelJobs(Key));
        _walk.Job()!.Kind.ShouldBe(SecretJobs.Remove);
        _walk.Decide(new SecretOutcome(placing, new SecretPlaced("role_a"), null)).ShouldBe(Decision<SecretEvent>.Nothing);
    }

    [Fact]
    public void Remove_WhenTheProviderIsAway_IsTriedAgain_AndCannotBeStopped()
    {
        Overlap();
        _walk.Do(new RemoveSecret(true, Ana, "leaked"));
        _walk.Ended(null, "PostgreSQL cannot be asked.");
        State.ShouldSatisfyAllConditions(s => s.Removing.ShouldBeTrue(), s => s.Problem!.ShouldContain("tried again: PostgreSQL cannot be asked."));
        SecretViews.View(State, Key, 1).Phase.ShouldBe(SecretPhase.Removing);
        Refused(new RestoreSecret(Ana, null)).Code.ShouldBe("secret.busy");
        SecretMachine.DueAt(State).ShouldBe(_walk.Now + SecretMachine.AgainAfter);
        _walk.Now += SecretMachine.AgainAfter;
        _walk.Do(new SecretTick());
        _walk.Request().Versions.Select(v => v.Number).ShouldBe([2, 1]);
        _walk.Ended(new SecretLooked(null));
        SecretViews.View(State, Key, 1).ShouldSatisfyAllConditions(v => v.Phase.ShouldBe(SecretPhase.Removed), v => v.RemovedAt.ShouldBe(_walk.Now), v => v.Problem.ShouldBeNull());
    }

    /// <summary>Versions 1 and 2 work.</summary>
    private void Overlap()
    {
        _walk.Do(new SetSecret(SecretKind.PostgresPassword, null, null, Ana, null));
        for (var version = 1; ; version++)
        {
            _walk.Ended(new SecretPlaced($"role_{version}"));
            _walk.Ended(new SecretLooked(null));
            if (version == 2) return;
            _walk.Do(new ScheduleSecret(30, 24, Ana, null));
            _walk.Do(new RotateSecret(null, Ana, null));
        }
    }

    private Rejection Refused(SecretCommand command) => _walk.Decide(command).Rejection.ShouldNotBeNull();
}
