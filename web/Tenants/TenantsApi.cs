using System.Collections.Immutable;
using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ProdSprint.Audit;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>Who belongs to the workspace, invitations, and what each role may.</summary>
public static partial class TenantsApi
{
    public sealed record MemberBody(ImmutableArray<Role> Roles, string? Reason = null) : IReasoned;
    public sealed record InvitationBody(ImmutableArray<Role> Roles, int? Days = null, string? Reason = null) : IReasoned;
    public sealed record AcceptBody(string Secret);

    private const int UsualDays = 7;
    private const int LongestDays = 30;

    public static void MapTenantsApi(this IEndpointRouteBuilder routes)
    {
        var members = routes.MapGroup("/v1/members").WithTags("Tenants");
        members.MapGet("", Members).WithName("GetMembers").WithSummary("Who belongs to the workspace, and as what");
        members.MapPut("{user}", Set).WithName("SetMember").WithSummary("Make someone a member, or change what they are")
            .IfMatch().Refuses(409, "member.same-roles", "member.last-admin").Refuses(422, "member.no-role", "member.first-is-admin", "member.bad-name", "member.no-account");
        members.MapDelete("{user}", Remove).WithName("RemoveMember").WithSummary("End a membership")
            .IfMatch().Refuses(404, "member.not-found", "workspace.no-members").Refuses(409, "member.last-admin").Refuses(422, "member.bad-name");
        var invitations = routes.MapGroup("/v1/invitations").WithTags("Tenants");
        invitations.MapPost("", Invite).WithName("InviteMember").WithSummary("Make an invitation; its secret is shown once").WithMetadata(new HoldsSecret())
            .Refuses(404, "workspace.no-members").Refuses(409, "invitation.exists", "invitation.too-many").Refuses(422, "member.no-role", "invitation.bad-expiry");
        invitations.MapPost("accept", Accept).WithName("AcceptInvitation").WithSummary("Become a member by an invitation").WithMetadata(new InTier(RateTier.SignIn))
            .Refuses(404, "invitation.not-valid", "workspace.no-members");
        invitations.MapDelete("{id}", Withdraw).WithName("WithdrawInvitation").WithSummary("Take an invitation back")
            .Refuses(404, "invitation.not-found", "workspace.no-members");
        routes.MapGet("/v1/permissions", () => JsonBody<PermissionsView>.Of(new PermissionsView(Permissions.All))).WithTags("Tenants").WithName("ListPermissions").WithSummary("Who may do what: the one table");
        routes.MapGet("/v1/me", Me).WithTags("Tenants").WithName("GetMe").WithSummary("Who you are here, and what you may");
    }

    private static async Task<JsonBody<MembersView>> Members(Caller caller, IGrainFactory grains) =>
        JsonBody<MembersView>.Of(await Grain(grains, caller).View() is { } view ? new MembersView(view.Members, view.Invitations, view.StateVersion) : new([], [], 0));

    private static async Task<JsonBody<MeView>> Me(Caller caller, Authorisation authorisation)
    {
        var (roles, open) = await authorisation.RolesAsync(caller);
        return JsonBody<MeView>.Of(new MeView(caller.Actor.Id, caller.Workspace, roles, open, [.. Permissions.All.Where(p => !p.Own && Authorisation.Has(caller, roles, p)).Select(p => p.Name)]));
    }

    private static async Task<CommandAnswer> Set(
        [Description("The member's name")] string user, MemberBody body, Caller caller, IGrainFactory grains, Memberships members, IdentityOptions options, Accounts accounts, HttpContext http, CancellationToken cancellation) =>
        await Do(new SetMember(await KnownAsync(user, options, accounts, cancellation), body.Roles, caller.Actor, body.Reason), caller, grains, members, http);

    private static Task<CommandAnswer> Remove([Description("The member's name")] string user, [Description("Why")] string? reason, Caller caller, IGrainFactory grains, Memberships members, HttpContext http) =>
        Do(new RemoveMember(Named(user), caller.Actor, reason), caller, grains, members, http);

    private static async Task<InvitationMade> Invite(InvitationBody body, Caller caller, IGrainFactory grains, Memberships members, HttpContext http, Making making, TimeProvider time)
    {
        if (body.Days is < 1 or > LongestDays) throw ProblemException.Invalid("invitation.bad-expiry", $"'days' is {body.Days}.", $"1 to {LongestDays}, {UsualDays} when left out");
        var (id, secret) = (making.Hex(http, "invitation", 8), $"psi_{making.Hex(http, "invitation secret", 40)}");
        var expires = time.GetUtcNow().AddDays(body.Days ?? UsualDays);
        await Do(new InviteMember(id, Digest(secret), body.Roles, expires, caller.Actor, body.Reason), caller, grains, members, http);
        return new(id, secret, expires);
    }

    private static async Task<CommandAnswer> Accept(AcceptBody body, Caller caller, IGrainFactory grains, Memberships members, AuditTrail trail, HttpContext http)
    {
        var answer = await Do(new AcceptInvitation(Digest(body.Secret ?? ""), caller.Actor, null), caller, grains, members, http);
        // Only now: whoever guesses writes nothing in the workspace's log.
        await trail.AboutAsync(http, caller, [caller.Workspace], null);
        return answer;
    }

    private static Task<CommandAnswer> Withdraw([Description("The invitation's id")] string id, Caller caller, IGrainFactory grains, Memberships members, HttpContext http) =>
        Do(new WithdrawInvitation(id, caller.Actor, null), caller, grains, members, http);

    private static async Task<CommandAnswer> Do(WorkspaceCommand command, Caller caller, IGrainFactory grains, Memberships members, HttpContext http)
    {
        var concerned = command switch { SetMember c => c.Member.Id, RemoveMember c => c.Member.Id, AcceptInvitation c => c.By.Id, _ => null };
        var before = concerned is null ? null : (await Grain(grains, caller).View())?.Members.FirstOrDefault(m => m.Actor == concerned)?.Roles;
        var result = await Grain(grains, caller).Do(command);
        if (result.Rejection is { } rejection) throw ProblemException.Of(rejection);
        await members.RefreshAsync(caller.Workspace);
        if (concerned is not null) AuditTrail.Changed(http, AuditTrail.RolesText(before), AuditTrail.RolesText(await members.RolesAsync(caller.Workspace, concerned)));
        return new(result.Key, result.Version, null);
    }

    private static IWorkspaceGrain Grain(IGrainFactory grains, Caller caller) => grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(caller.Workspace));

    private static string Digest(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Somebody who is there: rights that wait for a name would go to whoever is the first to be called so.</summary>
    internal static async Task<Actor> KnownAsync(string user, IdentityOptions options, Accounts accounts, CancellationToken cancellation)
    {
        if (!options.IsDevelopment && await accounts.FindAsync(user, cancellation) is null)
            throw ProblemException.Invalid("member.no-account", $"Nobody called '{user}' has signed in here yet.", "Invite them: prodsprint members invite");
        return Named(user);
    }

    internal static Actor Named(string user) => Name().IsMatch(user)
        ? Actor.User(user)
        : throw ProblemException.Invalid("member.bad-name", $"'{user}' is no name of a user.", "1 to 64 letters, digits, '.', '-', '_' or '@'");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
    private static partial Regex Name();
}

public sealed record MembersView(ImmutableArray<Member> Members, ImmutableArray<Invitation> Invitations, long StateVersion);

/// <param name="Open">Nobody is a member yet, so everybody may everything.</param>
public sealed record MeView(string Actor, string Workspace, ImmutableArray<Role> Roles, bool Open, ImmutableArray<string> Permissions);

/// <param name="Secret">Shown this once: whoever has it may accept.</param>
public sealed record InvitationMade(string Id, string Secret, DateTimeOffset Expires);

public sealed record PermissionsView(ImmutableArray<Permissions.Permission> Items);
