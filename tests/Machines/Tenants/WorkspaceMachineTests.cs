using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Projects;
using ProdSprint.Tenants;

namespace ProdSprint.Machines.Tenants;

public sealed class WorkspaceMachineTests
{
    private const string Key = "workspace/acme";
    private static readonly Actor Ana = Actor.User("ana"), Ben = Actor.User("ben");
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private Workspace? _state;

    private Rejection? Do(WorkspaceCommand command, DateTimeOffset? at = null)
    {
        var decision = WorkspaceMachine.Decide(_state, Key, command, at ?? Now);
        foreach (var happened in decision.Events) _state = WorkspaceMachine.Apply(_state, happened);
        return decision.Rejection;
    }

    private Rejection? Set(Actor member, params Role[] roles) => Do(new SetMember(member, [.. roles], Ana, null));

    private ImmutableArray<Role> RolesOf(Actor member) => _state!.Members[member.Id].Roles;

    [Fact]
    public void Decide_FirstMember_HasToBeAnAdmin()
    {
        Set(Ana, Role.Planner)!.Code.ShouldBe("member.first-is-admin");
        Set(Ana, Role.Admin).ShouldBeNull();
        _state!.Name.ShouldBe("acme");
    }

    [Fact]
    public void Decide_Freeze_CountsItsLists_AsksForTheJob_AndLeavesAnOpenWorkspaceOpen()
    {
        FreezeWindow window = new(Now, Now.AddHours(1), "audit");
        Do(new SetWorkspaceFreeze([window with { Reason = " " }], Ana, null))!.Code.ShouldBe("project.bad-window");
        var decision = WorkspaceMachine.Decide(_state, Key, new SetWorkspaceFreeze([window, new(Now.AddHours(-2), Now.AddHours(-1), "over")], Ana, "why"), Now);
        decision.Effects.ShouldHaveSingleItem().ShouldBeOfType<EnqueueJob>().ShouldSatisfyAllConditions(j => j.Kind.ShouldBe(TenantJobs.Freeze), j => KernelJson.Read<FreezeRequest>(j.PayloadJson).Workspace.ShouldBe("acme"));
        Do(new SetWorkspaceFreeze([window], Ana, "why")).ShouldBeNull();
        Set(Ben, Role.Viewer)!.Code.ShouldBe("member.first-is-admin");
        Do(new RemoveMember(Ben, Ana, null))!.Code.ShouldBe("workspace.no-members");
        Set(Ana, Role.Admin).ShouldBeNull();
        Do(new SetWorkspaceFreeze([], Ana, null)).ShouldBeNull();
        (_state!.Freeze!.Revision, _state.Freeze.Windows.Length, _state.Members.Count).ShouldBe((2, 0, 1));
    }

    [Fact]
    public void Decide_MemberWithoutARole_IsRefused() => Set(Ana)!.Code.ShouldBe("member.no-role");

    private static readonly Actor Directory = Actor.System("sign-in");

    [Fact]
    public void Decide_LastAdminWhoIsSentAway_IsSuspended_UntilThereIsAnother()
    {
        Set(Ana, Role.Admin);
        Set(Ben, Role.Viewer);
        Do(new DismissMember(Ana, Directory, "SCIM")).ShouldBeNull();
        _state!.Members[Ana.Id].SuspendedAt.ShouldBe(Now);
        Do(new DismissMember(Ana, Directory, "SCIM"), Now.AddHours(1)).ShouldBeNull();
        _state!.Members[Ana.Id].SuspendedAt.ShouldBe(Now);
        Do(new RemoveMember(Ana, Ben, null))!.Code.ShouldBe("member.last-admin");
        Do(new InviteMember("i", "digest", [Role.Viewer], Now.AddDays(1), Directory, null)).ShouldBeNull();
        Do(new AcceptInvitation("digest", Ana, null))!.Code.ShouldBe("invitation.not-valid", "no way round it");
        Do(new SetMember(Ben, [Role.Admin], Directory, null)).ShouldBeNull();
        _state!.Members.Keys.ShouldBe([Ben.Id]);
    }

    [Fact]
    public void Decide_LastAdminWhoComesBack_IsWhatTheyWere()
    {
        Set(Ana, Role.Admin);
        Do(new DismissMember(Ana, Directory, "SCIM")).ShouldBeNull();
        Do(new SetMember(Ana, [Role.Viewer], Directory, "SCIM")).ShouldBeNull();
        (_state!.Members[Ana.Id].SuspendedAt, RolesOf(Ana)[0]).ShouldBe((null, Role.Admin));
        Set(Ben, Role.Viewer);
        Do(new DismissMember(Ben, Directory, "SCIM")).ShouldBeNull();
        Do(new DismissMember(Ben, Directory, "SCIM"))!.Code.ShouldBe("member.not-found");
        _state!.Members.Keys.ShouldBe([Ana.Id]);
    }

    [Fact]
    public void Decide_LastAdmin_StaysAdmin()
    {
        Set(Ana, Role.Admin);
        Set(Ben, Role.Viewer);
        Set(Ana, Role.Viewer)!.Code.ShouldBe("member.last-admin");
        Do(new RemoveMember(Ana, Ana, null))!.Code.ShouldBe("member.last-admin");
        Set(Ben, Role.Admin).ShouldBeNull();
        Do(new RemoveMember(Ana, Ana, null)).ShouldBeNull();
        _state!.Members.Keys.ShouldBe([Ben.Id]);
    }

    [Fact]
    public void Decide_RolesTheyHave_IsRefused_InWhateverOrder()
    {
        Set(Ana, Role.Admin, Role.Planner);
        Set(Ana, Role.Planner, Role.Admin, Role.Planner)!.Code.ShouldBe("member.same-roles");
    }

    [Fact]
    public void Decide_Invitation_WorksOnceAndAddsToWhatSomeoneIs()
    {
        Set(Ana, Role.Admin);
        Set(Ben, Role.Viewer);
        Do(new InviteMember("i1", "digest", [Role.Planner], Now.AddDays(7), Ana, null)).ShouldBeNull();
        Do(new AcceptInvitation("digest", Ben, null)).ShouldBeNull();
        RolesOf(Ben).ShouldBe([Role.Viewer, Role.Planner]);
        Do(new AcceptInvitation("digest", Actor.User("mallory"), null))!.Code.ShouldBe("invitation.not-valid");
    }

    [Fact]
    public void Decide_InvitationExpiredOrWithdrawnOrGuessed_AnswersTheSame()
    {
        Set(Ana, Role.Admin);
        Do(new InviteMember("i1", "d1", [Role.Planner], Now.AddDays(7), Ana, null));
        Do(new InviteMember("i2", "d2", [Role.Planner], Now.AddDays(7), Ana, null));
        Do(new WithdrawInvitation("i2", Ana, null)).ShouldBeNull();
        var answers = new[] { Do(new AcceptInvitation("d1", Ben, null), Now.AddDays(7)), Do(new AcceptInvitation("d2", Ben, null)), Do(new AcceptInvitation("d3", Ben, null)) };
        answers.Distinct().Single()!.Code.ShouldBe("invitation.not-valid");
    }

    [Fact]
    public void Decide_Invitations_AreBounded_AndThoseThatAreOverGo()
    {
        Set(Ana, Role.Admin);
        for (var i = 0; i < 500; i++) Do(new InviteMember($"i{i}", $"d{i}", [Role.Viewer], Now.AddDays(7), Ana, null)).ShouldBeNull();
        Do(new InviteMember("one-more", "d", [Role.Viewer], Now.AddDays(7), Ana, null))!.Code.ShouldBe("invitation.too-many");
        Do(new InviteMember("later", "d", [Role.Viewer], Now.AddDays(20), Ana, null), Now.AddDays(8)).ShouldBeNull();
        _state!.Invitations.Values.Select(i => i.Id).ShouldBe(["later"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31 * 24)]
    public void Decide_InvitationThatEndsNowOrTooLate_IsRefused(int hours)
    {
        Set(Ana, Role.Admin);
        Do(new InviteMember("i1", "d1", [Role.Planner], Now.AddHours(hours), Ana, null))!.Code.ShouldBe("invitation.bad-expiry");
    }

    [Fact]
    public void Decide_StrangersAndDoubles_AreRefused()
    {
        Do(new RemoveMember(Ben, Ana, null))!.Code.ShouldBe("workspace.no-members");
        Set(Ana, Role.Admin);
        Do(new RemoveMember(Ben, Ana, null))!.Code.ShouldBe("member.not-found");
        Do(new WithdrawInvitation("i9", Ana, null))!.Code.ShouldBe("invitation.not-found");
        Do(new InviteMember("i1", "d1", [Role.Planner], Now.AddDays(1), Ana, null));
        Do(new InviteMember("i1", "d2", [Role.Planner], Now.AddDays(1), Ana, null))!.Code.ShouldBe("invitation.exists");
    }
}
