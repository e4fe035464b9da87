using System.Collections.Immutable;
using ProdSprint.Audit;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>Makes whoever comes by a connection a member of its workspace, as what their groups say.</summary>
public sealed partial class SignInMembers(IGrainFactory grains, Memberships members, AuditTrail trail, ILogger<SignInMembers> logger)
{
    private static readonly Actor By = Actor.System("sign-in");

    /// <param name="credential">By whose word: <c>connection:ID</c>, <c>scim:ID</c>; for the audit log.</param>
    /// <returns>False: they are no member, and nothing makes them one.</returns>
    public async Task<bool> ApplyAsync(HttpContext http, ConnectionRules rules, string credential, string account, IEnumerable<string> groups, string why)
    {
        var actor = Actor.User(account);
        var now = await members.RolesAsync(rules.Workspace, actor.Id) is { IsDefaultOrEmpty: false } roles ? roles : (ImmutableArray<Role>?)null;
        var wanted = RoleMapping.Roles(rules, groups, now);
        if (wanted.IsEmpty) return false;
        if (now is { } already && already.SequenceEqual(wanted)) return true;
        Task Tell(string outcome) => trail.MemberAsync(http, new(By, rules.Workspace, credential), "SetMember", account, now, wanted, why, outcome);
        await Tell("requested");
        var result = await grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(rules.Workspace)).Do(new SetMember(actor, wanted, By, why));
        await members.RefreshAsync(rules.Workspace);
        await Tell(result.Rejection is { } no ? $"refused: {no.Code}" : "accepted");
        if (result.Rejection is not { } rejection || rejection.Code == "member.same-roles") return true;
        LogKept(actor.Id, rules.Workspace, rejection.Code);
        // The last Admin stays one, whatever the directory says: otherwise nobody could put it right.
        return now is not null;
    }

    /// <returns>False: the workspace would be without an Admin.</returns>
    public async Task<bool> EndAsync(HttpContext http, string workspace, string credential, string account, string why)
    {
        if (await members.RolesAsync(workspace, Actor.User(account).Id) is not { IsEmpty: false } roles) return true;
        Task Tell(string outcome) => trail.MemberAsync(http, new(By, workspace, credential), "RemoveMember", account, roles, null, why, outcome);
        await Tell("requested");
        var result = await grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(workspace)).Do(new RemoveMember(Actor.User(account), By, why));
        await members.RefreshAsync(workspace);
        await Tell(result.Rejection is { } no ? $"refused: {no.Code}" : "accepted");
        if (result.Rejection is { Code: "member.last-admin" } rejection)
        {
            LogKept(Actor.User(account).Id, workspace, rejection.Code);
            return false;
        }
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} stays what they are in {Workspace}: {Code}")]
    private partial void LogKept(string actor, string workspace, string code);
}
