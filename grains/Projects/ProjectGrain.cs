using System.Collections.Immutable;
using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Projects;

[GrainType("project")]
public sealed class ProjectGrain([PersistentState("project", "machines")] IPersistentState<MachineState<Project>> store)
    : MachineGrain<Project, ProjectCommand, ProjectEvent>(store), IProjectGrain
{
    public Task<CommandResult> Do(ProjectCommand command) => RunAsync(command);

    public Task<ProjectView?> View() => Task.FromResult(State is null ? null : ProjectViews.View(State, Key, Version, Clock.GetUtcNow()));

    public Task<WaiverList?> Waivers() => Task.FromResult(State is null ? null : ProjectViews.Waivers(State, Clock.GetUtcNow()));

    public Task<ImmutableDictionary<string, string>> Variables() => Task.FromResult(State?.Variables ?? ImmutableDictionary<string, string>.Empty);

    protected override ProjectCommand Tick { get; } = new ProjectTick();

    protected override Decision<ProjectEvent> Decide(Project? state, ProjectCommand command, DateTimeOffset now) => ProjectMachine.Decide(state, Key, command, now);

    protected override Project Apply(Project? state, ProjectEvent happened) => ProjectMachine.Apply(state, happened);

    protected override DateTimeOffset? WakeAt(Project state) => ProjectMachine.WakeAt(state);

    protected override ProjectCommand? OutcomeCommand(JobOutcome outcome) => outcome.Kind == ProjectJobs.Import
        ? new ImportOutcome(outcome.ResultJson is null ? null : KernelJson.Read<ImportResult>(outcome.ResultJson), outcome.Error)
        : null;

    protected override object ViewOf(Project state, long version, DateTimeOffset now) => ProjectViews.View(state, Key, version, now);

    protected override TimelineFact Describe(ProjectEvent happened, Project state) => ProjectViews.Fact(happened, state);
}
