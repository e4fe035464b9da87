using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using ProdSprint.Audit;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>The workspaces somebody has something to do with, and a new one. Needs no membership: who makes one is its first Admin.</summary>
public static partial class WorkspacesApi
{
    public sealed record WorkspaceBody(string Name, string? Title = null, string? Organisation = null, string? Reason = null) : IReasoned;

    public sealed record AdminBody(string Reason) : IReasoned;

    public static void MapWorkspacesApi(this IEndpointRouteBuilder routes)
    {
        var workspaces = routes.MapGroup("/v1/workspaces").WithTags("Tenants");
        workspaces.MapGet("", List).WithName("ListWorkspaces").WithSummary("Workspaces you are a member of, and those of your organisations, by name").Refuses(422, "page.bad-limit", "page.bad-cursor");
        workspaces.MapPost("", Create).WithName("CreateWorkspace").WithSummary("A new workspace, with you as its Admin")
            .Refuses(403, "workspace.administrators-only").Refuses(404, "organisation.not-found").Refuses(409, "workspace.exists").Refuses(422, "workspace.bad-name", "workspace.bad-title");
        workspaces.MapPut("{workspace}/admins/{user}", NameAdmin).WithName("NameWorkspaceAdmin").WithSummary("Name an Admin of a workspace whose own are all suspended; its audit log says so")
            .Refuses(403, "workspace.administrators-only").Refuses(404, "workspace.not-found").Refuses(409, "workspace.has-admin").Refuses(422, "member.bad-name", "member.no-account", "workspace.no-reason");
    }

    private static async Task<JsonPage<WorkspaceItem>> List(
        [MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit, Caller caller, WorkspaceDirectory directory, CancellationToken cancellation)
    {
        if (after is not null && !Cursor().IsMatch(after)) throw new ArgumentException("Not a name", "cursor");
        var (items, next) = await directory.ListAsync(caller.Actor.Id, after, Page.Limit(limit), cancellation);
        return JsonPage<WorkspaceItem>.Of(([.. items.Select(KernelJson.Write)], next));
    }

    private static async Task<WorkspaceItem> Create(
        WorkspaceBody body, Caller caller, WorkspaceDirectory directory, Organisations organisations, IGrainFactory grains, Memberships members, Authorisation authorisation,
        AuditTrail trail, HttpContext http, CancellationToken cancellation)
    {
        if (body.Organisation is null) authorisation.MayBegin(caller);
        if (!Name().IsMatch(body.Name)) throw ProblemException.Invalid("workspace.bad-name", $"'{Short(body.Name)}' is no name of a workspace.", "1 to 64 lower-case letters, digits, '.', '-' or '_', beginning with a letter or digit");
        var title = Title(body.Title ?? body.Name);
        if (body.Organisation is { } organisation) await OrganisationsApi.FindAsync(organisation, caller, organisations, cancellation);
        var grain = grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(body.Name));
        if (await grain.View() is not null || !await directory.ClaimAsync(body.Name, body.Organisation, title, caller.Actor.Id, cancellation))
            throw new ProblemException(StatusCodes.Status409Conflict, "workspace.exists", "The name is taken", $"There is a workspace '{body.Name}' already.", "Choose another name, or ask its Admin for an invitation");
        await trail.AboutAsync(http, caller, [body.Name], body.Reason);
        var made = await grain.Do(new SetMember(caller.Actor, [Role.Admin], caller.Actor, body.Reason));
        if (made.Rejection is { } rejection) throw ProblemException.Of(rejection);
        await members.RefreshAsync(body.Name);
        return new(body.Name, body.Organisation, title, ["admin"]);
    }

    /// <summary>For whoever runs the installation, and only where nobody within the workspace could do it: a directory has sent its last Admin away.</summary>
    private static async Task<CommandAnswer> NameAdmin(
        [Description("The workspace's name")] string workspace, [Description("The user's name")] string user, AdminBody body, Caller caller, IGrainFactory grains, Memberships members,
        Authorisation authorisation, IdentityOptions options, Accounts accounts, AuditTrail trail, HttpContext http, CancellationToken cancellation)
    {
        authorisation.MayBegin(caller);
        if (string.IsNullOrWhiteSpace(body.Reason)) throw ProblemException.Invalid("workspace.no-reason", "'reason' is empty.", "Say why: it stays in the workspace's audit log");
        var admin = await TenantsApi.KnownAsync(user, options, accounts, cancellation);
        var grain = grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(workspace));
        if ((Name().IsMatch(workspace) ? await grain.View() : null) is not { Members.IsEmpty: false } view) throw ProblemException.NotFound("workspace", Short(workspace), "Ask whoever wants an Admin for its exact name");
        if (view.Members.Any(m => m.SuspendedAt is null && m.Roles.Contains(Role.Admin)))
            throw new ProblemException(StatusCodes.Status409Conflict, "workspace.has-admin", "It has an Admin", $"Who may what in {workspace} is for its own Admins to say.", "Ask one of them for an invitation");
        await trail.AboutAsync(http, caller, [workspace], body.Reason);
        var before = view.Members.FirstOrDefault(m => m.Actor == admin.Id && m.SuspendedAt is null)?.Roles ?? [];
        var made = await grain.Do(new SetMember(admin, [.. before, Role.Admin], caller.Actor, body.Reason));
        if (made.Rejection is { } rejection) throw ProblemException.Of(rejection);
        await members.RefreshAsync(workspace);
        return new(made.Key, made.Version, null);
    }

    internal static string Title(string title) => title.Length is > 0 and <= 200 ? title : throw ProblemException.Invalid("workspace.bad-title", "The title is empty or longer than 200 characters.", "1 to 200 characters");

    internal static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;

    /// <summary>Workspaces of older servers may have capital letters.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Cursor();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    internal static partial Regex Name();
}
