using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Tenants;

namespace ProdSprint.Machines.Projects;

/// <summary>Windows of the workspace: they hold beside the project's own, whoever sets which and whatever comes late or twice.</summary>
public sealed class WorkspaceFreezeTests
{
    private const string Key = "project/default/shop";
    private static readonly Actor Ana = Actor.User("ana"), Ben = Actor.User("ben");
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private Project _project = ProjectMachine.Apply(null, new ImportStarted("default", "shop", "/src/shop", 1, Now, Ana.Id, null));
    private IReadOnlyList<Effect> _effects = [];

    private static FreezeWindow Window(int from, int until, string reason) => new(Now.AddHours(from), Now.AddHours(until), reason);

    [Fact]
    public void Follow_OlderOrSameRevision_ChangesNothing()
    {
        Do(Told(2, Window(1, 2, "new")));
        Do(Told(1, Window(1, 9, "old")));
        Do(Told(2));
        _project.WorkspaceFreeze.Single().Reason.ShouldBe("new");
        Do(Told(3));
        _project.WorkspaceFreeze.ShouldBeEmpty();
    }

    [Fact]
    public void Windows_OfBoth_HoldAndEndEachByItself()
    {
        Imported(null);
        Do(new SetFreezeWindows([Window(1, 3, "own")], Ana, null));
        Do(Told(1, Window(2, 4, "all")));
        Do(new SetFreezeWindows([Window(1, 3, "own, again")], Ana, null));
        _project.WorkspaceFreeze.Single().Reason.ShouldBe("all", "a project sets its own windows only");
        (string?, DateTimeOffset?) Next(int hour)
        {
            Do(new ProjectTick(), Now.AddHours(hour));
            return (_project.ClosedAt(Now.AddHours(hour))?.Reason, ProjectMachine.WakeAt(_project));
        }

        ProjectMachine.WakeAt(_project).ShouldBe(Now.AddHours(1));
        Next(1).ShouldBe(("own, again", Now.AddHours(3)));
        Refused(new RequestRelease("v1", null, false, Ana, null), 2).Code.ShouldBe("release.frozen");
        Next(3).ShouldBe(("all", Now.AddHours(4)));
        _project.Freeze.ShouldBeEmpty();
        Next(4).ShouldBe((null, null));
        _project.WorkspaceFreeze.ShouldBeEmpty();
    }

    [Fact]
    public void Follow_OpenWindow_TheReleaseInFlightIsTold_AndGoesOnWhenTheListIsTakenBack()
    {
        Imported(null);
        Do(new RequestRelease("v1", null, false, Ana, null));
        Do(new PlanSettled(1, "v1", Documents.Plan("commit-v1"), Ana, null));
        Do(Told(1, Window(-1, 2, "all")));
        Release<FreezeRelease>().Until.ShouldBe(Now.AddHours(2));
        Do(Told(2));
        Release<FreezeRelease>().Until.ShouldBeNull();
    }

    [Fact]
    public void Import_TakesTheWorkspacesWindows_UnlessItWasToldNewerOnesMeanwhile()
    {
        var early = _project;
        Imported(new(4, [Window(-1, 2, "all")], Ben.Id, "as every year"));
        Refused(new RequestRelease("v1", null, false, Ana, null)).Detail.ShouldContain("all");
        (_project.Import, _project.WorkspaceFreezeRevision, _project.ClosedTold).ShouldBe((ImportState.Imported, 4, true));

        _project = early;
        Do(Told(5));
        Imported(new(4, [Window(-1, 2, "all")], Ben.Id, null));
        (_project.Import, _project.WorkspaceFreezeRevision, _project.WorkspaceFreeze.Length).ShouldBe((ImportState.Imported, 5, 0));
    }

    [Fact]
    public void Weekly_OfTheWorkspace_ComesAgain()
    {
        Imported(null);
        var weekly = new FreezeWindow(new(2026, 3, 13, 15, 0, 0, TimeSpan.Zero), new(2026, 3, 16, 7, 0, 0, TimeSpan.Zero), "Weekend") { WeeklyIn = "Europe/Berlin" };
        Do(Told(1, weekly));
        // Saturday 21 November: since Friday 16:00 in Berlin, until Monday 08:00
        _project.ClosedAt(Now)!.Until.ShouldBe(new(2026, 11, 23, 7, 0, 0, TimeSpan.Zero));
        Do(new ProjectTick(), new(2026, 11, 23, 7, 0, 0, TimeSpan.Zero));
        ProjectMachine.WakeAt(_project).ShouldBe(new DateTimeOffset(2026, 11, 27, 15, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Apply_EventsOfBefore_LeaveTheWorkspacesWindows()
    {
        Do(Told(1, Window(1, 2, "all")));
        var old = KernelJson.Read<ProjectEvent>("""{"$event":"freeze-changed","until":null,"windows":[],"by":"system:timer"}""");
        _project = ProjectMachine.Apply(_project, old);
        _project.WorkspaceFreeze.Single().Reason.ShouldBe("all");
        KernelJson.Read<Project>("""{"workspace":"default","id":"shop","source":"/src","createdBy":"user:ana","createdAt":"2026-11-21T09:00:00Z"}""").WorkspaceFreeze.ShouldBeEmpty();
        KernelJson.Write<ProjectEvent>(new FreezeChanged(null, [], "system:timer", null)).ShouldNotContain("workspaceWindows");
    }

    private static WorkspaceFreezeChanged Told(long revision, params FreezeWindow[] windows) => new(revision, [.. windows], Ben, null);

    private void Imported(WorkspaceFreeze? freeze) => Do(new ImportOutcome(new("main", "c0ffee00c0ffee00", 3) { Freeze = freeze }, null));

    private void Do(ProjectCommand command, DateTimeOffset? at = null)
    {
        var decision = ProjectMachine.Decide(_project, Key, command, at ?? Now);
        decision.Rejection.ShouldBeNull();
        // As they are read back from a storage.
        _project = decision.Events.Select(e => KernelJson.Read<ProjectEvent>(KernelJson.Write(e))).Aggregate(_project, ProjectMachine.Apply);
        _effects = decision.Effects;
    }

    private Rejection Refused(ProjectCommand command, int hour = 0) => ProjectMachine.Decide(_project, Key, command, Now.AddHours(hour)).Rejection.ShouldNotBeNull();

    private T Release<T>() where T : ReleaseCommand => KernelJson.Read<ReleaseCommand>(_effects.OfType<Tell>().Single().CommandJson).ShouldBeOfType<T>();
}
