using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Tenants;

[GrainType("workspace")]
public sealed class WorkspaceGrain([PersistentState("workspace", "machines")] IPersistentState<MachineState<Workspace>> store)
    : MachineGrain<Workspace, WorkspaceCommand, WorkspaceEvent>(store), IWorkspaceGrain
{
    public Task<CommandResult> Do(WorkspaceCommand command) => RunAsync(command);

    public Task<WorkspaceView?> View() => Task.FromResult(State is null ? null : Of(State, Version, Clock.GetUtcNow()));

    public Task<WorkspaceFreeze?> Freeze() => Task.FromResult(State?.Freeze);

    /// <summary>Nothing is ever due: an expired invitation is simply not valid, and windows open and close in the projects.</summary>
    protected override WorkspaceCommand Tick => throw new InvalidOperationException("A workspace has no deadlines.");

    protected override Decision<WorkspaceEvent> Decide(Workspace? state, WorkspaceCommand command, DateTimeOffset now) => WorkspaceMachine.Decide(state, Key, command, now);

    protected override Workspace Apply(Workspace? state, WorkspaceEvent happened) => WorkspaceMachine.Apply(state, happened);

    protected override DateTimeOffset? WakeAt(Workspace state) => null;

    protected override WorkspaceCommand? OutcomeCommand(JobOutcome outcome) => null;

    protected override object ViewOf(Workspace state, long version, DateTimeOffset now) => Of(state, version, now);

    protected override TimelineFact Describe(WorkspaceEvent happened, Workspace state) => happened switch
    {
        MemberSet e => new("workspace.member-set", e.By, e.Reason, $"{e.Member.Actor} is {WorkspaceMachine.Text(e.Member.Roles)}"),
        MemberRemoved e => new("workspace.member-removed", e.By, e.Reason, $"{e.Actor} is no member any more"),
        MemberSuspended e => new("workspace.member-suspended", e.By, e.Reason, $"{e.Actor} is the last Admin and may nothing any more"),
        MemberInvited e => new("workspace.member-invited", e.By, e.Reason, $"Invitation {e.Invitation.Id} as {WorkspaceMachine.Text(e.Invitation.Roles)}"),
        InvitationClosed e => new("workspace.invitation-closed", e.By, e.Reason, e.How == "expired" ? $"Invitation {e.Id} has expired" : $"Invitation {e.Id} was {e.How}"),
        WorkspaceFreezeSet e => new("workspace.freeze-set", e.By, e.Reason, e.Windows.IsEmpty ? "No freeze windows any more" : $"{e.Windows.Length} freeze window{(e.Windows.Length == 1 ? "" : "s")} set for every project"),
        _ => new("workspace.changed", happened.By, happened.Reason, happened.GetType().Name),
    };

    private WorkspaceView Of(Workspace state, long version, DateTimeOffset now) => new(Key, state.Name, [.. state.Members.Values], [.. state.Invitations.Values], version)
    {
        Freeze = state.Freeze is { } f ? FreezeCalendar.From(f.Windows, now) : [],
    };
}
