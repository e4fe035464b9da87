using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

[GrainType("plan")]
public sealed class PlanGrain([PersistentState("plan", "machines")] IPersistentState<MachineState<Plan>> store)
    : MachineGrain<Plan, PlanCommand, PlanEvent>(store), IPlanGrain
{
    public Task<CommandResult> Do(PlanCommand command) => RunAsync(command);

    public Task<PlanView?> View() => Task.FromResult(State is null ? null : PlanViews.View(State, Key, Version));

    /// <summary>A plan has no deadlines; an outcome that is not one changes nothing.</summary>
    protected override PlanCommand Tick { get; } = new PlanOutcome(null, null);

    protected override Decision<PlanEvent> Decide(Plan? state, PlanCommand command, DateTimeOffset now) => PlanMachine.Decide(state, Key, command, now);

    protected override Plan Apply(Plan? state, PlanEvent happened) => PlanMachine.Apply(state, happened);

    protected override DateTimeOffset? WakeAt(Plan state) => null;

    protected override PlanCommand? OutcomeCommand(JobOutcome outcome) => outcome.Kind switch
    {
        ProjectJobs.Plan => new PlanOutcome(outcome.ResultJson is null ? null : KernelJson.Read<PlanResult>(outcome.ResultJson), outcome.Error),
        ProjectJobs.Branch => new BranchOutcome(outcome.ResultJson is null ? null : KernelJson.Read<BranchResult>(outcome.ResultJson), outcome.Error),
        _ => null,
    };

    protected override object ViewOf(Plan state, long version, DateTimeOffset now) => PlanViews.View(state, Key, version);

    protected override TimelineFact Describe(PlanEvent happened, Plan state) => PlanViews.Fact(happened, state);
}
