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
public sealed class Authorisation(Memberships members, IIdentity identity, IdentityOptions options, AuditTrail trail, TimeProvider time)
{
    public async Task LetThrough(HttpContext http, RequestDelegate next)
    {
        var action = http.Request.Path.StartsWithSegments(WebParts.OrleansDashboard) ? "GetGrains"
            : http.Request.Path.StartsWithSegments("/v1") && http.GetEndpoint() is not null ? ApiAction.Of(http) : null;
        if (action is null || Permissions.Anonymous.Contains(action))
        {
            await next(http);
            return;
        }
        var caller = identity.Of(http);
        if (!Permissions.Open.Contains(action) && !await MayAsync(caller, action))
        {
            await trail.LookedAsync(http, caller, "denied");
            throw Missing(caller, action);
        }
        if (NeedsStepUp(caller, action))
        {
            await trail.LookedAsync(http, caller, "denied: session.step-up");
            throw new ProblemException(StatusCodes.Status403Forbidden, "session.step-up", "Show that it is you",
                $"{action} cannot be taken back easily, and you last proved who you are more than {options.StepUpMinutes} minutes ago.", "Confirm with your second factor, or sign in again: prodsprint login");
        }
        await next(http);
    }

    private bool NeedsStepUp(Caller caller, string action) =>
        caller.Session is { } session && Permissions.Of(action) is { StepUp: true } && time.GetUtcNow() - session.ProvedAt > TimeSpan.FromMinutes(options.StepUpMinutes);

    public async ValueTask<bool> MayAsync(Caller caller, string action) =>
        Permissions.Of(action) is not { } needed ? (await RolesAsync(caller)).Open
        : needed.Own ? caller.Actor.IsUser
        : Permissions.Grants((await RolesAsync(caller)).Roles, needed);

    /// <summary>What the caller is in their workspace. Open: it has no members, and this caller may begin it.</summary>
    public async ValueTask<(ImmutableArray<Role> Roles, bool Open)> RolesAsync(Caller caller) =>
        await members.RolesAsync(caller.Workspace, caller.Actor.Id) is { } roles ? (roles, false)
        : caller.Session is { } session && !options.IsDevelopment && !session.IsAdministrator(options) ? ([], false) : ([Role.Admin], true);

    public static ProblemException Missing(Caller caller, string action) => new(
        StatusCodes.Status403Forbidden, "permission.missing", "You may not do this",
        $"{action} needs the permission '{Permissions.Of(action)?.Name ?? "none that exists"}' in workspace {caller.Workspace}, which {caller.Actor} does not have.",
        "Ask an Admin of the workspace: prodsprint members list");
}
