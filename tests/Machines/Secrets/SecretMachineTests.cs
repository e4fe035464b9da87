using ProdSprint.Kernel;
using ProdSprint.Secrets;

namespace ProdSprint.Machines.Secrets;

public sealed class SecretMachineTests
{
    private const string Key = "secret/default/shop/production/DATABASE_URL";
    private static readonly Actor Ana = Actor.User("ana");
    private static readonly ApiKeyProvider Keys = new("https://keys.example/keys", "https://keys.example/me", "https://keys.example/keys/{id}", "ADMIN_TOKEN");
    private readonly SecretWalk _walk = new(Key);

    private SecretState State => _walk.State!;

    [Fact]
    public void Set_OfADatabasePassword_IsMadePlacedVerifiedAndOnlyThenCurrent()
    {
        _walk.Do(new SetSecret(SecretKind.PostgresPassword, null, null, Ana, "first"));
        State.Current.ShouldBeNull();
        _walk.Job()!.Kind.ShouldBe(SecretJobs.Place);
        _walk.Ended(new SecretPlaced("role_a"));
        State.Current.ShouldBeNull("nobody gets what was not tried");
        _walk.Job()!.Kind.ShouldBe(SecretJobs.Verify);
        _walk.Request().Version.ProviderId.ShouldBe("role_a");
        _walk.Ended(new SecretLooked(null));
        State.Current!.ShouldSatisfyAllConditions(v => v.Number.ShouldBe(1), v => v.Slot.ShouldBe(0), v => v.ProviderId.ShouldBe("role_a"), v => v.CurrentAt.ShouldBe(_walk.Now));
        State.RevokeAt.ShouldBeNull("there was none before");
        SecretMachine.DueAt(State).ShouldBe(_walk.Now + SecretMachine.CheckEvery);
    }

    [Fact]
    public void Rotate_TheOneBeforeGoesOnWorking_UntilTheOverlapIsOverAndNothingUsesIt()
    {
        Steady();
        _walk.Do(new RotateSecret(48, Ana, "leaver"));
        State.Current!.Number.ShouldBe(1, "until the new one is verified");
        _walk.Request().Version.Slot.ShouldBe(1);
        _walk.Ended(new SecretPlaced("role_b"));
        _walk.Ended(new SecretLooked(null));
        State.ShouldSatisfyAllConditions(s => s.Current!.Number.ShouldBe(2), s => s.Previous!.Number.ShouldBe(1), s => s.RevokeAt.ShouldBe(_walk.Now.AddHours(48)));
        Refused(new RotateSecret(null, Ana, null)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("secret.overlap"), r => r.Next.ShouldContain("secrets revoke"));

        Until(SecretJobs.Revoke);
        _walk.Request().ShouldSatisfyAllConditions(r => r.Version.Number.ShouldBe(1), r => r.Force.ShouldBeFalse(), r => r.Since.ShouldBe(State.Current!.CurrentAt));
        _walk.Ended(new SecretLooked("release 3 was started before"));
        State.ShouldSatisfyAllConditions(s => s.Previous!.Number.ShouldBe(1), s => s.Waiting.ShouldBe("release 3 was started before"), s => s.Problem.ShouldBeNull());
        Refused(new RestoreSecret(Ana, null)).Code.ShouldBe("secret.doubtful", "whoever was asked to end it may still be at it");
        Until(SecretJobs.Revoke);
        _walk.Ended(new SecretLooked(null));
        State.ShouldSatisfyAllConditions(s => s.Previous.ShouldBeNull(), s => s.Waiting.ShouldBeNull(), s => s.Versions.Select(v => v.State).ShouldBe([SecretVersionState.Current, SecretVersionState.Retired]));
        _walk.Do(new RotateSecret(null, Ana, null));
        _walk.Request().Version.Slot.ShouldBe(0, "the place of the one that works no more");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rotate_ThatFails_IsTakenBack_AndTheCurrentOneIsWhatItWas(bool placed)
    {
        Steady();
        _walk.Do(new RotateSecret(null, Ana, null));
        if (placed) _walk.Ended(new SecretPlaced("role_b"));
        _walk.Ended(null, "No connection. Next: see that PostgreSQL runs");
        _walk.Job()!.Kind.ShouldBe(SecretJobs.Undo);
        State.Current!.Number.ShouldBe(1);
        Refused(new RotateSecret(null, Ana, null)).Code.ShouldBe("secret.busy");
        _walk.Ended(new SecretLooked(null));
        State.ShouldSatisfyAllConditions(
            s => s.Versions[0].State.ShouldBe(SecretVersionState.Failed), s => s.Current!.Number.ShouldBe(1), s => s.Job.ShouldBeNull(),
            s => s.Problem.ShouldBe("Version 2 was taken back, and version 1 is what it was: No connection. Next: see that PostgreSQL runs"));
        _walk.Do(new RotateSecret(null, Ana, "again"));
        _walk.Request().Version.ShouldSatisfyAllConditions(v => v.Number.ShouldBe(3), v => v.Slot.ShouldBe(1, "the current one's place stays its own"));
    }

    [Fact]
    public void Rotate_NotLetIn_IsTakenBack_AndWhatCannotBeTakenAwayIsTriedAgain()
    {
        Steady();
        _walk.Do(new RotateSecret(null, Ana, null));
        _walk.Ended(new SecretPlaced("role_b"));
        _walk.Ended(new SecretLooked("role_b is not let in"));
        for (var i = 0; i < 3; i++)
        {
            _walk.Job()!.Kind.ShouldBe(SecretJobs.Undo);
            _walk.Ended(null, "No connection.");
            State.Problem.ShouldBe("Version 2 was taken back, and version 1 is what it was: role_b is not let in Version 2 could not be taken away either, which is tried again: No connection.");
            Until(SecretJobs.Undo);
        }
        _walk.Ended(new SecretLooked(null));
        State.Undoing.ShouldBeNull();
    }

    [Fact]
    public void Rotate_WhileWhatWasTakenBackCannotBeTakenAway_GivesThatUp_AndTellsWhatMayBeLeft()
    {
        Steady();
        _walk.Do(new RotateSecret(null, Ana, null));
        _walk.Ended(new SecretPlaced("role_b"));
        _walk.Ended(new SecretLooked("role_b is not let in"));
        Refused(new RotateSecret(null, Ana, null)).Code.ShouldBe("secret.busy", "it is being taken away");
        _walk.Ended(null, "No connection.");
        _walk.Do(new RotateSecret(null, Ana, "go on"));
        _walk.Events.OfType<SecretGivenUp>().Single().ProviderId.ShouldBe("role_b");
        State.ShouldSatisfyAllConditions(s => s.Undoing.ShouldBeNull(), s => s.UndoAt.ShouldBeNull(), s => s.Making!.Slot.ShouldBe(1), s => s.Current!.Number.ShouldBe(1));
    }

    [Fact]
    public void Schedule_RotatesWhenDue_NotDuringTheOverlap_AndNotAtOnceAfterAFailure()
    {
        Steady();
        Refused(new ScheduleSecret(1, 24, Ana, null)).Code.ShouldBe("secret.bad-schedule");
        Refused(new ScheduleSecret(0, 0, Ana, null)).Code.ShouldBe("secret.bad-schedule");
        _walk.Do(new ScheduleSecret(30, 24, Ana, "policy"));
        SecretMachine.RotateAt(State).ShouldBe(_walk.Now.AddDays(30));
        Until(SecretJobs.Place);
        _walk.Events.OfType<SecretRotationBegun>().Last().ShouldSatisfyAllConditions(e => e.By.ShouldBe("system:schedule"), e => e.Reason.ShouldBe("every 30 days"));
        _walk.Ended(null, "away");
        _walk.Ended(new SecretLooked(null));
        SecretMachine.RotateAt(State).ShouldBe(_walk.Now + SecretMachine.RotateAgainAfter);
        Until(SecretJobs.Place);
        _walk.Ended(new SecretPlaced("role_b"));
        _walk.Ended(new SecretLooked(null));
        SecretMachine.RotateAt(State).ShouldBeNull("two versions work");
        Until(SecretJobs.Revoke);
        _walk.Ended(new SecretLooked(null));
        SecretMachine.RotateAt(State).ShouldBe(State.Current!.CurrentAt!.Value.AddDays(30));
        _walk.Do(new ScheduleSecret(null, 24, Ana, null));
        SecretMachine.RotateAt(State).ShouldBeNull();
    }

    [Fact]
    public void Revoke_Now_EndsTheOverlapByForce_AlsoOverOneThatWaits()
    {
        Steady();
        Refused(new RevokeSecret(Ana, null)).Code.ShouldBe("secret.no-previous");
        Rotated();
        Until(SecretJobs.Revoke);
        _walk.Do(new RevokeSecret(Ana, "leaked"));
        _walk.Effects[0].ShouldBe(new CancelJobs(Key));
        _walk.Request().ShouldSatisfyAllConditions(r => r.Force.ShouldBeTrue(), r => r.Version.Number.ShouldBe(1));
        _walk.Ended(null, "No connection.");
        State.ShouldSatisfyAllConditions(s => s.Problem!.ShouldContain("Version 1 still works"), s => s.Previous!.Number.ShouldBe(1));
        Refused(new RestoreSecret(Ana, null)).Code.ShouldBe("secret.doubtful", "it may be ended by now");
    }

    [Fact]
    public void Restore_DuringTheOverlap_MakesThePreviousOneCurrent_AndTheOtherIsEndedInItsTime()
    {
        Steady();
        Rotated();
        _walk.Do(new RestoreSecret(Ana, "the new one has no rights"));
        State.ShouldSatisfyAllConditions(s => s.Current!.Number.ShouldBe(1), s => s.Previous!.Number.ShouldBe(2), s => s.RevokeAt.ShouldBe(_walk.Now.AddHours(24)));
        Until(SecretJobs.Revoke);
        _walk.Request().Version.Number.ShouldBe(2);
    }

    [Fact]
    public void Check_NotLetInDuringTheOverlap_SaysRestore_AndWhatIsRestoredIsLookedAtItself()
    {
        Steady();
        Rotated();
        _walk.Do(new CheckSecret(Ana, null));
        _walk.Ended(new SecretLooked("PostgreSQL does not let role_b in."));
        State.Drift!.ShouldContain("prodsprint secrets restore");
        _walk.Do(new RestoreSecret(Ana, null));
        State.Drift.ShouldBeNull("that was seen of the other one");
        SecretMachine.DueAt(State).ShouldBe(_walk.Now);
        Until(SecretJobs.Check);
        _walk.Request().Version.Number.ShouldBe(1);
    }

    [Fact]
    public void Check_NotLetIn_ShowsAndSaysWhatToDo_AndNotBeingAbleToLookIsNoDrift()
    {
        Steady();
        Until(SecretJobs.Check);
        _walk.Ended(null, "No connection.");
        State.ShouldSatisfyAllConditions(s => s.Drift.ShouldBeNull(), s => s.CheckedAt.ShouldBe(_walk.Now));
        Until(SecretJobs.Check);
        _walk.Ended(new SecretLooked("PostgreSQL does not let role_a in."));
        State.Drift.ShouldBe("PostgreSQL does not let role_a in. Next: rotate it, which makes a version that is let in: prodsprint secrets rotate DATABASE_URL");
        Rotated();
        State.Drift.ShouldBeNull();
    }

    [Fact]
    public void Check_GivesWayToARotation()
    {
        Steady();
        Until(SecretJobs.Check);
        var old = State.Job!;
        _walk.Do(new RotateSecret(null, Ana, null));
        _walk.Effects[0].ShouldBe(new CancelJobs(Key));
        _walk.Decide(new SecretOutcome(old, new SecretLooked("x"), null)).ShouldBe(Decision<SecretEvent>.Nothing);
    }

    [Fact]
    public void Set_OfAValue_IsCurrentAtOnce_TheOneBeforeIsForgottenAfterTheOverlap()
    {
        Refused(new SetSecret(SecretKind.Value, null, null, Ana, null)).Code.ShouldBe("secret.no-value");
        foreach (var reference in (string[])["one", "two"]) _walk.Do(new SetSecret(SecretKind.Value, reference, null, Ana, null));
        State.ShouldSatisfyAllConditions(s => s.Current!.Reference.ShouldBe("two"), s => s.Previous!.Reference.ShouldBe("one"), s => s.RevokeAt.ShouldBe(_walk.Now.AddHours(24)), s => s.Job.ShouldBeNull());
        _walk.Do(new SetSecret(SecretKind.Value, "three", null, Ana, null));
        _walk.Request().ShouldSatisfyAllConditions(r => r.Version.Reference.ShouldBe("one"), r => r.Force.ShouldBeTrue());
        State.Versions.Select(v => (v.Reference, v.State)).ShouldBe([("three", SecretVersionState.Current), ("two", SecretVersionState.Previous), ("one", SecretVersionState.Retired)]);
        Until(SecretJobs.Revoke);
        _walk.Request().Version.Reference.ShouldBe("two");
        Refused(new RotateSecret(null, Ana, null)).Code.ShouldBe("secret.no-rotator");
        Refused(new ScheduleSecret(30, 24, Ana, null)).Code.ShouldBe("secret.no-rotator");
        Refused(new CheckSecret(Ana, null)).Code.ShouldBe("secret.no-check");
        Refused(new SetSecret(SecretKind.ApiKey, null, Keys, Ana, null)).Code.ShouldBe("secret.other-kind");
    }

    [Fact]
    public void Set_OfAnApiKey_NeedsItsProvider_AndALaterRotationUsesIt()
    {
        Refused(new SetSecret(SecretKind.ApiKey, null, null, Ana, null)).Code.ShouldBe("secret.no-provider");
        _walk.Do(new SetSecret(SecretKind.ApiKey, null, Keys, Ana, null));
        _walk.Ended(new SecretPlaced("key_1"));
        _walk.Ended(new SecretLooked(null));
        _walk.Do(new RotateSecret(0, Ana, null));
        _walk.Request().ShouldSatisfyAllConditions(r => r.Provider.ShouldBe(Keys), r => r.Version.ProviderId.ShouldBeNull("the new one has none yet"));
    }

    [Fact]
    public void Decide_OfWhatIsNotThere_SaysSo()
    {
        Refused(new RotateSecret(null, Ana, null)).Kind.ShouldBe(RejectionKind.NotFound);
        _walk.Decide(new SecretTick()).ShouldBe(Decision<SecretEvent>.Nothing);
    }

    [Fact]
    public void Apply_KeepsTwentyVersions_AndEveryOneThatWorks()
    {
        for (var i = 1; i <= 40; i++) _walk.Do(new SetSecret(SecretKind.Value, $"r{i}", null, Ana, null));
        State.Versions.Length.ShouldBe(SecretMachine.KeptVersions);
        State.Current!.Number.ShouldBe(40);
        State.Previous!.Number.ShouldBe(39);
    }

    private void Steady()
    {
        _walk.Do(new SetSecret(SecretKind.PostgresPassword, null, null, Ana, null));
        _walk.Ended(new SecretPlaced("role_a"));
        _walk.Ended(new SecretLooked(null));
    }

    private void Rotated()
    {
        _walk.Do(new RotateSecret(null, Ana, null));
        _walk.Ended(new SecretPlaced("role_b"));
        _walk.Ended(new SecretLooked(null));
    }

    /// <summary>Lets time pass from one deadline to the next until a job of the kind begins; looks in between find nothing.</summary>
    private void Until(string kind)
    {
        for (var i = 0; i < 1000; i++)
        {
            _walk.Now = SecretMachine.DueAt(State).ShouldNotBeNull();
            _walk.Do(new SecretTick());
            if (_walk.Job()?.Kind == kind) return;
            if (_walk.Job()?.Kind == SecretJobs.Check) _walk.Ended(new SecretLooked(null));
        }
        throw new ShouldAssertException($"No {kind} in a thousand deadlines.");
    }

    private Rejection Refused(SecretCommand command) => _walk.Decide(command).Rejection.ShouldNotBeNull();
}
