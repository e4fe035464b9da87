using System.Collections.Immutable;
using ProdSprint.Audit;
using ProdSprint.Kernel;
using ProdSprint.Server;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>
/// Lets a request through when one of the caller's roles has the permission its action needs (<see cref="Permissions"/>), before its body is read. A refusal names
/// the permission and leaves a row in the audit log. A workspace without members is open in development mode, else an administrator's of the installation: its first
/// member is its first Admin, and closes it.
/// </summary>
public sealed class Authorisation(Memberships members, IIdentity identity, IdentityOptions options, KnownCredentials known, AuditTrail trail, TimeProvider time)
{
    public async Task LetThrough(HttpContext http, RequestDelegate next)
    {
        var action = http.Request.Path.StartsWithSegments(WebParts.OrleansDashboard) ? "GetGrains"
            : http.Request.Path.StartsWithSegments("/v1") && http.GetEndpoint() is { } endpoint ? ApiAction.Of(http, endpoint) : null;
        if (action is null || Permissions.Anonymous.Contains(action))
        {
            await next(http);
            return;
        }
        var caller = await WhoAsync(http);
        var refusal = BeforeFactor(caller, action);
        if (refusal is null && !(Permissions.Open.Contains(action) ? MayOpen(caller, http.Request.Method) : await MayAsync(caller, action))) refusal = Missing(caller, action);
        refusal ??= await WithoutFactorAsync(caller, action) ?? StepUp(caller, action);
        if (refusal is not null)
        {
            await trail.LookedAsync(http, caller, refusal.Code == "permission.missing" ? "denied" : $"denied: {refusal.Code}");
            throw refusal;
        }
        if (Permissions.Recorded.Contains(action)) await trail.LookedAsync(http, caller, "read");
        await next(http);
    }

    /// <summary>That somebody shows one workspace's token at another's is written down where the token belongs.</summary>
    private ValueTask<Caller> WhoAsync(HttpContext http)
    {
        try
        {
            return new(identity.Of(http));
        }
        catch (ProblemException e) when (e.Code == "token.other-workspace" && http.SignedIn() is { Token: not null })
        {
            return ElsewhereAsync(http, http.SignedIn()!.Token!, e);
        }
    }

    private async ValueTask<Caller> ElsewhereAsync(HttpContext http, TokenFacts token, ProblemException refusal)
    {
        await trail.LookedAsync(http, new(token.Actor, token.Workspace, token.Credential) { Token = token }, $"denied: {refusal.Code}");
        throw refusal;
    }

    /// <summary>Whoever has a second factor shows it before anything else.</summary>
    private static ProblemException? BeforeFactor(Caller caller, string action) => caller.Session is { NeedsFactor: true } && !Permissions.BeforeFactor.Contains(action)
        ? new(StatusCodes.Status403Forbidden, "session.second-factor", "Your second factor, please", "This session has not shown the account's second factor yet.", "Confirm it with a code or a passkey: POST /v1/session/confirm")
        : null;

    /// <summary>A workspace, and the organisation that owns it, may ask everybody to have one.</summary>
    private async ValueTask<ProblemException?> WithoutFactorAsync(Caller caller, string action)
    {
        if (!caller.WithoutFactor || Permissions.Of(action) is not { Own: false }) return null;
        var policy = await known.PolicyAsync(caller.Workspace);
        if (!policy.AsksForFactor()) return null;
        return new(StatusCodes.Status403Forbidden, "workspace.second-factor", "This workspace asks for a second factor",
            policy.Organisation is { } organisation ? $"Organisation {organisation} lets nobody into workspace {caller.Workspace} without one." : $"Workspace {caller.Workspace} lets nobody in without one.", SetUp);
    }

    /// <summary>What an organisation asks of those who come into its workspaces counts for its own Admins too.</summary>
    internal static ProblemException OrganisationAsks(string organisation) => new(
        StatusCodes.Status403Forbidden, "organisation.second-factor", "This organisation asks for a second factor", $"Organisation {organisation} lets nobody in without one.", SetUp);

    private const string SetUp = "Set up one-time passwords or a passkey in your account, and confirm the session with it";

    private ProblemException? StepUp(Caller caller, string action) =>
        caller.Session is { } session && Permissions.Of(action) is { StepUp: true } && time.GetUtcNow() - session.ProvedAt > TimeSpan.FromMinutes(options.StepUpMinutes)
            ? new(StatusCodes.Status403Forbidden, "session.step-up", "Show that it is you",
                $"{action} cannot be taken back easily, and you last proved who you are more than {options.StepUpMinutes} minutes ago.", "Confirm with your second factor, or sign in again: prodsprint login")
            : null;

    public ValueTask<bool> MayAsync(Caller caller, string action) => Permissions.Of(action) is { } needed ? HasAsync(caller, needed) : IsOpenAsync(caller);

    /// <summary>What stands in no permission is for whoever may begin the workspace.</summary>
    private async ValueTask<bool> IsOpenAsync(Caller caller) => (await RolesAsync(caller)).Open;

    public async ValueTask<bool> HasAsync(Caller caller, Permissions.Permission needed) => Has(caller, needed.Own ? [] : (await RolesAsync(caller)).Roles, needed);

    /// <summary>A token has what it was given, and of that a person's only what the person has now.</summary>
    public static bool Has(Caller caller, ImmutableArray<Role> roles, Permissions.Permission needed) => caller.Token switch
    {
        { } token when !needed.MayBeATokens() || !token.Permissions.Contains(needed.Name) => false,
        { Service: true } => true,
        _ => needed.Own ? caller.Actor.IsUser : Permissions.Grants(roles, needed),
    };

    /// <summary>A token was not given what needs no permission: it may see who it is and what there is, and no more.</summary>
    private static bool MayOpen(Caller caller, string method) => caller.Token is null || HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    /// <summary>
    /// Whoever makes a workspace is its first Admin, so with accounts that is for administrators of the installation (and, within an organisation, for its Admins).
    /// </summary>
    public void MayBegin(Caller caller)
    {
        if (options.IsDevelopment || caller.Session?.IsAdministrator(options) is true) return;
        throw new ProblemException(StatusCodes.Status403Forbidden, "workspace.administrators-only", "For administrators", $"{caller.Actor} is no administrator of this installation.",
            "Ask an administrator, or make it within an organisation of yours");
    }

    /// <summary>What the caller is in their workspace. Open: it has no members, and this caller may begin it.</summary>
    public async ValueTask<(ImmutableArray<Role> Roles, bool Open)> RolesAsync(Caller caller) =>
        await members.RolesAsync(caller.Workspace, caller.Actor.Id) is { } roles ? (roles, false)
        : options.IsDevelopment || caller.Session?.IsAdministrator(options) is true ? ([Role.Admin], true) : ([], false);

    public static ProblemException Missing(Caller caller, string action) => new(
        StatusCodes.Status403Forbidden, "permission.missing", "You may not do this",
        $"{action} needs the permission '{Permissions.Of(action)?.Name ?? "none that exists"}' in workspace {caller.Workspace}, which {caller.Actor} does not have.",
        "Ask an Admin of the workspace: prodsprint members list");
}
