using System.ComponentModel;
using ProdSprint.Audit;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>Organisations own workspaces; their Admins make workspaces and say who else is an Admin. For anyone else an organisation is not there.</summary>
public static class OrganisationsApi
{
    public sealed record OrganisationBody(string Id, string? Title = null, string? Reason = null) : IReasoned;
    public sealed record OrganisationPolicyBody(bool SecondFactor, string? Reason = null) : IReasoned;
    public sealed record ReasonBody(string? Reason = null) : IReasoned;

    public static void MapOrganisationsApi(this IEndpointRouteBuilder routes)
    {
        var organisations = routes.MapGroup("/v1/organisations").WithTags("Tenants");
        organisations.MapGet("", List).WithName("ListOrganisations").WithSummary("Organisations you are an Admin of, by id");
        organisations.MapPost("", Create).WithName("CreateOrganisation").WithSummary("A new organisation, with you as its Admin")
            .Refuses(403, "workspace.administrators-only").Refuses(409, "organisation.exists").Refuses(422, "organisation.bad-id", "workspace.bad-title");
        organisations.MapGet("{organisation}", Get).WithName("GetOrganisation").WithSummary("One organisation with its Admins and workspaces").Refuses(404, "organisation.not-found");
        organisations.MapPut("{organisation}/admins/{user}", Add).WithName("SetOrganisationAdmin").WithSummary("Make someone an Admin of the organisation")
            .Refuses(404, "organisation.not-found").Refuses(422, "member.bad-name", "member.no-account");
        organisations.MapDelete("{organisation}/admins/{user}", Remove).WithName("RemoveOrganisationAdmin").WithSummary("End that; one always stays")
            .Refuses(404, "organisation.not-found").Refuses(409, "organisation.last-admin").Refuses(422, "member.bad-name");
        organisations.MapPut("{organisation}/workspaces/{workspace}/admin", Administer).WithName("JoinWorkspace").WithSummary("Become an Admin of a workspace of your organisation; its timeline says so")
            .Refuses(404, "organisation.not-found", "workspace.not-found");
        organisations.MapPut("{organisation}/security-policy", Ask).WithName("SetOrganisationPolicy").WithSummary("Ask everybody in the organisation's workspaces for a second factor, or no longer; the audit log of each says so")
            .Refuses(404, "organisation.not-found").Refuses(409, "security.not-yourself");
    }

    internal static ProblemException Missing(string id) => ProblemException.NotFound("organisation", WorkspacesApi.Short(id), "List yours: prodsprint organisations list");

    private static async Task<JsonPage<OrganisationItem>> List(Caller caller, Organisations organisations, CancellationToken cancellation) =>
        JsonPage<OrganisationItem>.Of(await organisations.ListAsync(caller.Actor.Id, cancellation));

    private static async Task<OrganisationView> Create(OrganisationBody body, Caller caller, Organisations organisations, Authorisation authorisation, CancellationToken cancellation)
    {
        authorisation.MayBegin(caller);
        if (!WorkspacesApi.Name().IsMatch(body.Id)) throw ProblemException.Invalid("organisation.bad-id", $"'{WorkspacesApi.Short(body.Id)}' is no id of an organisation.", "1 to 64 lower-case letters, digits, '.', '-' or '_', beginning with a letter or digit");
        if (!await organisations.CreateAsync(body.Id, WorkspacesApi.Title(body.Title ?? body.Id), caller.Actor.Id, cancellation))
            throw new ProblemException(StatusCodes.Status409Conflict, "organisation.exists", "The id is taken", $"There is an organisation '{body.Id}' already.", "Choose another id, or ask one of its Admins");
        return await FindAsync(body.Id, caller, organisations, cancellation);
    }

    private static async Task<JsonBody<OrganisationView>> Get([Description("The organisation's id")] string organisation, Caller caller, Organisations organisations, CancellationToken cancellation) =>
        JsonBody<OrganisationView>.Of(await FindAsync(organisation, caller, organisations, cancellation));

    private static async Task<OrganisationView> Add(
        [Description("The organisation's id")] string organisation, [Description("The user's name")] string user, ReasonBody? body, Caller caller, Organisations organisations,
        IdentityOptions options, Accounts accounts, AuditTrail trail, HttpContext http, CancellationToken cancellation)
    {
        var before = await FindAsync(organisation, caller, organisations, cancellation);
        var admin = await TenantsApi.KnownAsync(user, options, accounts, cancellation);
        await trail.AboutAsync(http, caller, before.Workspaces, body?.Reason);
        await organisations.AddAdminAsync(organisation, admin.Id, caller.Actor.Id, cancellation);
        return await FindAsync(organisation, caller, organisations, cancellation);
    }

    private static async Task<OrganisationView> Remove(
        [Description("The organisation's id")] string organisation, [Description("The user's name")] string user, Caller caller, Organisations organisations, AuditTrail trail, HttpContext http,
        CancellationToken cancellation)
    {
        var before = await FindAsync(organisation, caller, organisations, cancellation);
        var admin = TenantsApi.Named(user).Id;
        if (!before.Admins.Contains(admin)) return before;
        await trail.AboutAsync(http, caller, before.Workspaces, null);
        if (!await organisations.RemoveAdminAsync(organisation, admin, cancellation))
            throw new ProblemException(StatusCodes.Status409Conflict, "organisation.last-admin", "The last Admin", "Without one nobody could say who may what.", "Make someone else an Admin first");
        return before with { Admins = before.Admins.Remove(admin) };
    }

    private static async Task<CommandAnswer> Administer(
        [Description("The organisation's id")] string organisation, [Description("The workspace's name")] string workspace, ReasonBody? body,
        Caller caller, Organisations organisations, IGrainFactory grains, Memberships members, AuditTrail trail, HttpContext http, CancellationToken cancellation)
    {
        if (!(await FindAsync(organisation, caller, organisations, cancellation)).Workspaces.Contains(workspace))
            throw new ProblemException(StatusCodes.Status404NotFound, "workspace.not-found", "No such workspace", $"{organisation} has no workspace '{WorkspacesApi.Short(workspace)}'.", $"See them: prodsprint organisations show {organisation}");
        var grain = grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(workspace));
        var already = (await grain.View())?.Members.FirstOrDefault(m => m.Actor == caller.Actor.Id);
        if (already?.Roles.Contains(Role.Admin) == true) return new(GrainKeys.ForWorkspace(workspace), 0, null);
        await trail.AboutAsync(http, caller, [workspace], body?.Reason);
        var result = await grain.Do(new SetMember(caller.Actor, [.. already?.Roles ?? [], Role.Admin], caller.Actor, body?.Reason ?? $"Admin of {organisation}"));
        if (result.Rejection is { } rejection) throw ProblemException.Of(rejection);
        await members.RefreshAsync(workspace);
        return new(result.Key, result.Version, null);
    }

    private static async Task<OrganisationView> Ask(
        [Description("The organisation's id")] string organisation, OrganisationPolicyBody body, Caller caller, Organisations organisations, AuditTrail trail, HttpContext http, CancellationToken cancellation)
    {
        var before = await FindAsync(organisation, caller, organisations, cancellation);
        // Whoever asks it of others would otherwise have locked themselves out with the next click.
        if (body.SecondFactor && caller.WithoutFactor) throw SecurityPolicyApi.NotYourself();
        await trail.AboutAsync(http, caller, before.Workspaces, body.Reason);
        AuditTrail.Changed(http, Asked(before.SecondFactor), Asked(body.SecondFactor));
        await organisations.AskForFactorAsync(organisation, body.SecondFactor, cancellation);
        return before with { SecondFactor = body.SecondFactor };
    }

    private static string Asked(bool secondFactor) => secondFactor ? "second factor: asked for" : "second factor: not asked for";

    /// <exception cref="ProblemException">404: it is not there, or not for this caller; 403 <c>organisation.second-factor</c>.</exception>
    internal static async Task<OrganisationView> FindAsync(string id, Caller caller, Organisations organisations, CancellationToken cancellation)
    {
        var found = await organisations.FindAsync(id, caller.Actor.Id, cancellation) ?? throw Missing(id);
        return found.SecondFactor && caller.WithoutFactor ? throw Authorisation.OrganisationAsks(id) : found;
    }
}
