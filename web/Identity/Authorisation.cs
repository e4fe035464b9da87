using ProdSprint.Audit;
using ProdSprint.Kernel;
using ProdSprint.Server;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>
/// Lets a request through when one of the caller's roles has the permission its action needs (<see cref="Permissions"/>), before its body is read. A refusal names
/// the permission and leaves a row in the audit log. A workspace without members is open to whoever may sign in: its first member is its first Admin, and closes it.
/// </summary>
public sealed class Authorisation(Memberships members, IIdentity identity, AuditTrail trail)
{
    public async Task LetThrough(HttpContext http, RequestDelegate next)
    {
        var action = http.Request.Path.StartsWithSegments(WebParts.OrleansDashboard) ? "GetGrains"
            : http.Request.Path.StartsWithSegments("/v1") && http.GetEndpoint() is not null ? ApiAction.Of(http) : null;
        if (action is null || Permissions.Open.Contains(action))
        {
            await next(http);
            return;
        }
        var caller = identity.Of(http);
        if (!await MayAsync(caller, action))
        {
            await trail.LookedAsync(http, caller, "denied");
            throw Missing(caller, action);
        }
        await next(http);
    }

    public async ValueTask<bool> MayAsync(Caller caller, string action) =>
        await members.RolesAsync(caller.Workspace, caller.Actor.Id) is not { } roles || (Permissions.Of(action) is { } needed && Permissions.Grants(roles, needed));

    public static ProblemException Missing(Caller caller, string action) => new(
        StatusCodes.Status403Forbidden, "permission.missing", "You may not do this",
        $"{action} needs the permission '{Permissions.Of(action)?.Name ?? "none that exists"}' in workspace {caller.Workspace}, which {caller.Actor} does not have.",
        "Ask an Admin of the workspace: prodsprint members list");
}
