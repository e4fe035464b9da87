using ProdSprint.Kernel;
using ProdSprint.Secrets;

namespace ProdSprint.Machines.Secrets;

/// <summary>A secret's machine with its clock, and what it wanted last.</summary>
internal sealed class SecretWalk(string key)
{
    private long _version;

    public SecretState? State { get; private set; }

    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    public List<SecretEvent> Events { get; } = [];

    public IReadOnlyList<Effect> Effects { get; private set; } = [];

    public Decision<SecretEvent> Decide(SecretCommand command) => SecretMachine.Decide(State, key, _version, command, Now);

    public void Do(SecretCommand command)
    {
        var decision = Decide(command);
        decision.Rejection.ShouldBeNull();
        Take(decision);
    }

    /// <summary>A refusal changes nothing.</summary>
    public void Try(SecretCommand command)
    {
        if (Decide(command) is { Rejection: null } decision) Take(decision);
        else Effects = [];
    }

    public void Ended(object? result, string? problem = null) => Do(new SecretOutcome(State!.Job!, result, problem));

    public EnqueueJob? Job() => Effects.OfType<EnqueueJob>().SingleOrDefault();

    public SecretRequest Request() => KernelJson.Read<SecretRequest>(Job()!.PayloadJson);

    private void Take(Decision<SecretEvent> decision)
    {
        State = decision.Events.Aggregate(State, SecretMachine.Apply);
        Events.AddRange(decision.Events);
        Effects = decision.Effects;
        if (decision.Events.Count > 0) _version++;
        if (decision.Effects.OfType<EnqueueJob>().SingleOrDefault(j => j.Group is not null) is not null) State!.Job.ShouldBe($"{key}@{_version}.{decision.Effects.Count - 1}", "the id that the outbox gives the job");
    }
}
