using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Machines.Projects;

/// <summary>Freeze windows and variables: what cannot be meant is refused, never dropped in silence.</summary>
public sealed class ProjectSettingsTests
{
    private const string Key = "project/default/shop";
    private static readonly Actor Ana = Actor.User("ana");
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private readonly Project _project = ProjectMachine.Apply(null, new ImportStarted("default", "shop", "/src/shop", 1, Now, Ana.Id, null));

    [Fact]
    public void Decide_WindowThatEndsBeforeItBegins_IsRefused() =>
        Refused(new SetFreezeWindows([new(Now.AddHours(2), Now.AddHours(1), "sale")], Ana, null)).Code.ShouldBe("project.bad-window");

    [Fact]
    public void Decide_WindowWithoutAReason_IsRefused() =>
        Refused(new SetFreezeWindows([new(Now, Now.AddHours(1), " ")], Ana, null)).Code.ShouldBe("project.bad-window");

    [Theory]
    [InlineData("")]
    [InlineData("1ST")]
    [InlineData("A B")]
    [InlineData("PATH=x")]
    [InlineData("NAME\n")]
    public void Decide_NoNameOfAVariable_IsRefused(string name) =>
        Refused(new SetVariables(ImmutableDictionary<string, string?>.Empty.Add(name, "1"), Ana, null)).Kind.ShouldBe(RejectionKind.Invalid);

    [Fact]
    public void Decide_VariablesSetAndRemoved_OthersStay()
    {
        var before = _project with { Variables = _project.Variables.Add("OLD", "1").Add("KEPT", "3") };
        var decision = ProjectMachine.Decide(
            before, Key,
            new SetVariables(ImmutableDictionary<string, string?>.Empty.Add("OLD", null).Add("NEW", "2"), Ana, "rotate"), Now);
        var after = ProjectMachine.Apply(before, decision.Events.Single());
        after.Variables["NEW"].ShouldBe("2");
        after.Variables.Keys.Order().ShouldBe(["KEPT", "NEW"]);
    }

    private Rejection Refused(ProjectCommand command) => ProjectMachine.Decide(_project, Key, command, Now).Rejection.ShouldNotBeNull();
}
