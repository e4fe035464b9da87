using FsCheck;
using FsCheck.Fluent;
using ProdSprint.Kernel;
using ProdSprint.Secrets;

namespace ProdSprint.Machines.Secrets;

/// <summary>
/// Any walk through a secret's life with a provider that breaks: jobs are done, done twice, done with their outcome lost, not done and said to have failed, and done again long after they
/// were given up. Whatever happens, what is handed out as current works.
/// </summary>
public sealed class SecretProperties
{
    private const string Key = "secret/default/shop/production/DATABASE_URL";
    private static readonly Actor Ana = Actor.User("ana");
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261121, 7);

    /// <summary>Long enough for several rotations.</summary>
    private static readonly Arbitrary<int[]> AnyWalk = Gen.Choose(0, 999).ArrayOf(80).ToArbitrary();

    [Fact]
    public void AnyWalk_WhatIsCurrentIsLetIn() => Prop.ForAll(AnyWalk, walk =>
    {
        var machine = new SecretWalk(Key);
        var provider = new Provider();
        var asked = new List<(string Kind, SecretRequest Request)>();
        machine.Do(new SetSecret(SecretKind.PostgresPassword, null, null, Ana, null));
        foreach (var step in walk)
        {
            if (machine.Job() is { } job && machine.State!.Job is not null) asked.Add((job.Kind, machine.Request()));
            Step(machine, provider, asked, step);
            Holds(machine, provider);
        }
    }).Check(Many);

    [Fact]
    public void AnyWalk_ReplayedFromItsEventsAsJson_GivesTheSameState() => Prop.ForAll(AnyWalk, walk =>
    {
        var machine = new SecretWalk(Key);
        var provider = new Provider();
        machine.Do(new SetSecret(SecretKind.PostgresPassword, null, null, Ana, null));
        foreach (var step in walk) Step(machine, provider, [], step);
        var replayed = machine.Events.Select(e => KernelJson.Read<SecretEvent>(KernelJson.Write(e))).Aggregate((SecretState?)null, SecretMachine.Apply);
        KernelJson.Write(replayed).ShouldBe(KernelJson.Write(machine.State));
    }).Check(Many.WithMaxTest(50));

    private static void Step(SecretWalk machine, Provider provider, List<(string Kind, SecretRequest Request)> asked, int step)
    {
        var (what, which) = (step % 10, step / 10);
        if (machine.State!.Job is { } id && what < 6)
        {
            var (kind, request) = Asked(machine);
            object? result = what is 4 ? null : what is 3 && kind == SecretJobs.Revoke ? new SecretLooked("It is in use.") : provider.Do(kind, request);
            if (what is 1) result = provider.Do(kind, request);
            machine.Do(what is 4 or 5 ? new SecretOutcome(id, null, "It broke off.") : new SecretOutcome(id, result, result is null ? "It is of the past." : null));
            return;
        }
        // Somebody who was given up long ago is still at it.
        if (what is 6 && asked.Count > 0) provider.Do(asked[which % asked.Count].Kind, asked[which % asked.Count].Request);
        else if (what is 7) machine.Try((which % 4) switch { 0 => new RevokeSecret(Ana, null), 1 => new RestoreSecret(Ana, null), 2 => new CheckSecret(Ana, null), _ => new ScheduleSecret(1 + which % 5, which % 20, Ana, null) });
        else if (what is 8) machine.Try(new RotateSecret(which % 3, Ana, null));
        else if (SecretMachine.DueAt(machine.State) is { } due)
        {
            machine.Now = due > machine.Now ? due : machine.Now;
            machine.Try(new SecretTick());
        }
    }

    private static (string Kind, SecretRequest Request) Asked(SecretWalk machine)
    {
        var s = machine.State!;
        var version = s.JobKind switch { SecretJobs.Undo => s.Undoing!, SecretJobs.Revoke => s.Previous!, SecretJobs.Check => s.Current!, _ => s.Making! };
        return (s.JobKind!, new(s.Workspace, s.Project, s.Environment, s.Name, s.Kind, version, null, null, true));
    }

    private static void Holds(SecretWalk machine, Provider provider)
    {
        var s = machine.State!;
        s.Versions.Count(v => v.State == SecretVersionState.Current).ShouldBe(machine.Events.OfType<SecretSwitched>().Any() ? 1 : 0, "there is always one that is handed out, from the first on");
        if (s.Current is { } current) provider.LetsIn(current).ShouldBeTrue($"version {current.Number} is handed out");
        s.Versions.Where(v => v.EndedAt is null).Select(v => v.Slot).ShouldBeUnique();
        if (s.Job is not null) Asked(machine).ShouldSatisfyAllConditions(a => (a.Kind is SecretJobs.Undo or SecretJobs.Revoke && a.Request.Version.Number == s.Current?.Number).ShouldBeFalse());
    }

    /// <summary>Two places, each with the version it was given last and whether that one still works; nothing older than that has a say.</summary>
    private sealed class Provider
    {
        private readonly (int Number, bool Works)[] _places = [(0, false), (0, false)];

        public bool LetsIn(SecretVersion v) => _places[v.Slot] == (v.Number, true);

        public object? Do(string kind, SecretRequest request)
        {
            ref var place = ref _places[request.Version.Slot];
            var number = request.Version.Number;
            switch (kind)
            {
                case SecretJobs.Place:
                    if (place.Number > number || place == (number, false)) return null;
                    place = (number, true);
                    return new SecretPlaced($"role_{request.Version.Slot}");
                case SecretJobs.Undo or SecretJobs.Revoke:
                    if (place.Number <= number) place = (number, false);
                    return new SecretLooked(null);
                default:
                    return new SecretLooked(LetsIn(request.Version) ? null : "It is not let in.");
            }
        }
    }
}
