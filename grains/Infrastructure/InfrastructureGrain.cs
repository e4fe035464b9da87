using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Infrastructure;

[GrainType("infrastructure")]
public sealed class InfrastructureGrain([PersistentState("infrastructure", "machines")] IPersistentState<MachineState<InfrastructureState>> store)
    : MachineGrain<InfrastructureState, InfrastructureCommand, InfrastructureEvent>(store), IInfrastructureGrain
{
    public Task<CommandResult> Do(InfrastructureCommand command) => RunAsync(command);

    public Task<InfrastructureView?> View() => Task.FromResult(State is null ? null : InfrastructureViews.View(State, Key, Version));

    protected override InfrastructureCommand Tick { get; } = new InfrastructureTick();

    protected override Decision<InfrastructureEvent> Decide(InfrastructureState? state, InfrastructureCommand command, DateTimeOffset now) =>
        InfrastructureMachine.Decide(state, Key, Version, command, now);

    protected override InfrastructureState Apply(InfrastructureState? state, InfrastructureEvent happened) => InfrastructureMachine.Apply(state, happened);

    protected override DateTimeOffset? WakeAt(InfrastructureState state) => InfrastructureMachine.DueAt(state);

    protected override InfrastructureCommand OutcomeCommand(JobOutcome outcome) => new InfrastructureOutcome(outcome.JobId, Result(outcome), outcome.Error);

    protected override object ViewOf(InfrastructureState state, long version, DateTimeOffset now) => InfrastructureViews.View(state, Key, version);

    protected override TimelineFact Describe(InfrastructureEvent happened, InfrastructureState state) => InfrastructureViews.Fact(happened, state);

    private static object? Result(JobOutcome outcome) => (outcome.Kind, outcome.ResultJson) switch
    {
        (_, null) => null,
        (InfrastructureJobs.Plan, { } json) => KernelJson.Read<InfrastructurePlan>(json),
        (InfrastructureJobs.Check, { } json) => KernelJson.Read<DriftFound>(json),
        (_, { } json) => KernelJson.Read<InfrastructureApplied>(json),
    };
}
