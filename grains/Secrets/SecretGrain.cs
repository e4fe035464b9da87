using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

[GrainType("secret")]
public sealed class SecretGrain([PersistentState("secret", "machines")] IPersistentState<MachineState<SecretState>> store)
    : MachineGrain<SecretState, SecretCommand, SecretEvent>(store), ISecretGrain
{
    public Task<CommandResult> Do(SecretCommand command) => RunAsync(command);

    public Task<SecretView?> View() => Task.FromResult(State is null ? null : SecretViews.View(State, Key, Version));

    protected override SecretCommand Tick { get; } = new SecretTick();

    protected override Decision<SecretEvent> Decide(SecretState? state, SecretCommand command, DateTimeOffset now) => SecretMachine.Decide(state, Key, Version, command, now);

    protected override SecretState Apply(SecretState? state, SecretEvent happened) => SecretMachine.Apply(state, happened);

    protected override DateTimeOffset? WakeAt(SecretState state) => SecretMachine.DueAt(state);

    protected override SecretCommand OutcomeCommand(JobOutcome outcome) => new SecretOutcome(outcome.JobId, Result(outcome), outcome.Error);

    protected override object ViewOf(SecretState state, long version, DateTimeOffset now) => SecretViews.View(state, Key, version);

    protected override TimelineFact Describe(SecretEvent happened, SecretState state) => SecretViews.Fact(happened, state);

    private static object? Result(JobOutcome outcome) => (outcome.Kind, outcome.ResultJson) switch
    {
        (_, null) => null,
        (SecretJobs.Place, { } json) => KernelJson.Read<SecretPlaced>(json),
        (_, { } json) => KernelJson.Read<SecretLooked>(json),
    };
}
