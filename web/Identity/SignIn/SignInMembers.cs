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
        var wanted = RoleMapping.Roles(rules, groups, now ?? await SuspendedAsync(rules.Workspace, actor.Id));
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

    /// <summary>What they were when they were sent away as the last Admin; null: they were not.</summary>
    private async Task<ImmutableArray<Role>?> SuspendedAsync(string workspace, string actor) =>
        (await grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(workspace)).View())?.Members.FirstOrDefault(m => m.Actor == actor && m.SuspendedAt is not null)?.Roles;

    /// <summary>The last Admin's membership is suspended: they may nothing, and are named among the members until somebody else is an Admin.</summary>
    public async Task EndAsync(HttpContext http, string workspace, string credential, string account, string why)
    {
        var actor = Actor.User(account);
        if (await members.RolesAsync(workspace, actor.Id) is not { IsEmpty: false } roles) return;
        Task Tell(string outcome) => trail.MemberAsync(http, new(By, workspace, credential), "RemoveMember", account, roles, null, why, outcome);
        await Tell("requested");
        var result = await grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(workspace)).Do(new DismissMember(actor, By, why));
        await members.RefreshAsync(workspace);
        var suspended = await SuspendedAsync(workspace, actor.Id) is not null;
        await Tell(result.Rejection is { } no ? $"refused: {no.Code}" : suspended ? "accepted: suspended" : "accepted");
        if (suspended) LogSuspended(actor.Id, workspace);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} was the last Admin of {Workspace} and has been sent away: nobody is one until the directory makes somebody one, or takes them back")]
    private partial void LogSuspended(string actor, string workspace);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} stays what they are in {Workspace}: {Code}")]
    private partial void LogKept(string actor, string workspace, string code);
}
