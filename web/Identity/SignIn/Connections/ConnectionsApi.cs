using System.ComponentModel;
using System.Text.RegularExpressions;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>A workspace's own ways to sign in, set up by its Admins.</summary>
public static partial class ConnectionsApi
{
    private const int IdLength = 12;
    private const int MostConnections = 20;

    /// <summary>Belong to everybody: whoever stated one to be theirs would be shown to all who have an address there.</summary>
    private static readonly string[] PublicMail =
        ["gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de", "qq.com", "163.com", "mail.ru", "yandex.ru"];

    public static void MapConnectionsApi(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/connections").WithTags("Sign-in");
        all.MapGet("", List).WithName("ListConnections").WithSummary("The workspace's own ways to sign in");
        all.MapPost("", Create).WithName("CreateConnection").WithSummary("Let members sign in by a provider of the workspace's own")
            .Refuses(404, "workspace.no-members").Refuses(409, "connection.too-many").Refuses(422, "connection.bad-settings");
        all.MapGet("{id}", Get).WithName("GetConnection").WithSummary("One connection, with what is to be registered at the provider").Refuses(404, "connection.not-found");
        all.MapPut("{id}/settings", Change).WithName("ChangeConnection").WithSummary("Change a connection; what is left out gets its default, the secret stays")
            .IfMatch(required: true).Refuses(404, "connection.not-found").Refuses(422, "connection.bad-settings");
        all.MapDelete("{id}", Remove).WithName("RemoveConnection").WithSummary("Remove a connection; members stay, and cannot sign in by it any more").Refuses(404, "connection.not-found");
        all.MapPost("{id}/test", Test).WithName("TestConnection").WithSummary("What of a connection works, step by step, without signing anybody in").Refuses(404, "connection.not-found");
        all.MapPut("{id}/domains/{domain}", State).WithName("StateDomain").WithSummary("State that a domain is the workspace's own: once it is proven, who has an address there signs in by this connection")
            .Refuses(404, "connection.not-found").Refuses(409, "domain.taken").Refuses(422, "domain.bad-name", "domain.no-reason", "domain.public");
        all.MapPost("{id}/domains/{domain}/verify", Verify).WithName("VerifyDomain").WithSummary("Look in the DNS for the record that proves a domain; it leads here from then on")
            .Refuses(404, "connection.not-found", "domain.not-found").Refuses(409, "domain.not-proven", "domain.taken").Refuses(503, "domain.resolver-down");
        all.MapDelete("{id}/domains/{domain}", Drop).WithName("DropDomain").WithSummary("Let a domain go").Refuses(404, "connection.not-found", "domain.not-found");
        all.MapPost("{id}/scim-token", MakeToken).WithName("MakeScimToken").WithSummary("A new token for the directory, shown once and good for a year; the one before ends").WithMetadata(new HoldsSecret()).Refuses(404, "connection.not-found");
        all.MapDelete("{id}/scim-token", RevokeToken).WithName("RevokeScimToken").WithSummary("Let the directory come no more").Refuses(404, "connection.not-found");
    }

    private static async Task<JsonPage<ConnectionView>> List(Caller caller, Connections connections, HttpContext http, CancellationToken cancellation) =>
        JsonPage<ConnectionView>.Of((await connections.ListAsync(caller.Workspace, cancellation)).Select(c => ConnectionView.Of(c, SignInAddresses.Of(http))));

    private static async Task<JsonBody<ConnectionView>> Get([Description("The connection's id")] string id, Caller caller, Connections connections, HttpContext http, CancellationToken cancellation) =>
        JsonBody<ConnectionView>.Of(ConnectionView.Of(await Find(connections, caller, id, cancellation), SignInAddresses.Of(http)));

    private static async Task<JsonBody<ConnectionView>> Create(ConnectionBody body, Caller caller, Connections connections, ConnectionReader reader, Memberships members, Making making, HttpContext http, CancellationToken cancellation)
    {
        if (await members.RolesAsync(caller.Workspace, caller.Actor.Id) is null)
            throw new ProblemException(StatusCodes.Status404NotFound, "workspace.no-members", "No members yet", "The workspace is open, so whoever signs in could do everything.", "Make yourself its Admin: prodsprint members set NAME --role Admin");
        var kind = body.Kind switch
        {
            "oidc" => ProviderKind.Oidc,
            "saml" => ProviderKind.Saml,
            _ => throw ProblemException.Invalid("connection.bad-settings", $"'kind' is '{body.Kind}'.", "Say oidc or saml"),
        };
        if ((await connections.ListAsync(caller.Workspace, cancellation)).Count >= MostConnections)
            throw new ProblemException(StatusCodes.Status409Conflict, "connection.too-many", "Enough connections", $"A workspace has at most {MostConnections}.", "Remove one first");
        if (kind == ProviderKind.Oidc && string.IsNullOrWhiteSpace(body.ClientSecret)) throw ProblemException.Invalid("connection.bad-settings", "'clientSecret' is missing.", "Take it from the provider's page for this application");
        var id = making.Hex(http, "connection", IdLength);
        var settings = await reader.ReadAsync(body, kind, cancellation);
        await connections.AddAsync(
            new(caller.Workspace, id, kind, body.Name, body.Enabled ?? true, settings, kind == ProviderKind.Oidc ? connections.Protect(body.ClientSecret!) : null, false, [], 1, default), cancellation);
        return await Get(id, caller, connections, http, cancellation);
    }

    private static async Task<JsonBody<ConnectionView>> Change([Description("The connection's id")] string id, ConnectionBody body, Caller caller, Connections connections, ConnectionReader reader, HttpContext http, CancellationToken cancellation)
    {
        var old = await Find(connections, caller, id, cancellation);
        if (IfVersion.Refusal($"connection {id}", old.Version) is { } stale) throw ProblemException.Of(stale);
        if (body.Kind is not null && body.Kind != (old.Kind == ProviderKind.Saml ? "saml" : "oidc")) throw ProblemException.Invalid("connection.bad-settings", "'kind' cannot be changed.", "Make another connection");
        var changed = old with
        {
            Name = body.Name,
            Enabled = body.Enabled ?? true,
            Settings = await reader.ReadAsync(body, old.Kind, cancellation),
            Secret = string.IsNullOrWhiteSpace(body.ClientSecret) ? old.Secret : connections.Protect(body.ClientSecret),
        };
        if (!await connections.ChangeAsync(changed, cancellation))
            throw new ProblemException(StatusCodes.Status412PreconditionFailed, "precondition.stale", "Changed since you looked", "Somebody changed it at the same moment.", "Read it again, and send its ETag as If-Match");
        return await Get(id, caller, connections, http, cancellation);
    }

    private static async Task<JsonBody<ConnectionView>> Remove([Description("The connection's id")] string id, Caller caller, Connections connections, HttpContext http, CancellationToken cancellation)
    {
        var old = await Find(connections, caller, id, cancellation);
        if (!await connections.RemoveAsync(caller.Workspace, id, cancellation)) throw Missing(id);
        return JsonBody<ConnectionView>.Of(ConnectionView.Of(old, SignInAddresses.Of(http)));
    }

    private static async Task<JsonBody<ConnectionTested>> Test([Description("The connection's id")] string id, Caller caller, Connections connections, ConnectionTest test, CancellationToken cancellation) =>
        JsonBody<ConnectionTested>.Of(await test.RunAsync(await Find(connections, caller, id, cancellation), cancellation));

    private static async Task<JsonBody<ConnectionView>> State(
        [Description("The connection's id")] string id, [Description("The domain of addresses, e.g. example.com")] string domain, DomainBody body, Caller caller, Connections connections, DomainProof proof, HttpContext http, CancellationToken cancellation)
    {
        var old = await Find(connections, caller, id, cancellation);
        var name = domain.ToLowerInvariant();
        if (name.Length > 253 || !Domain().IsMatch(name)) throw ProblemException.Invalid("domain.bad-name", $"'{domain}' is no domain.", "Give what stands after the @, e.g. example.com");
        if (PublicMail.Contains(name)) throw ProblemException.Invalid("domain.public", $"{name} belongs to everybody who has an address there.", "State domains that are your organisation's own");
        if (string.IsNullOrWhiteSpace(body.Reason)) throw ProblemException.Invalid("domain.no-reason", "'reason' is empty.", "Say why the domain is yours: it stays in the audit log");
        if (old.Domains.All(d => d.Domain != name) && !await connections.StateDomainAsync(caller.Workspace, id, name, caller.Actor.Id, !proof.Asked, cancellation)) throw Taken(name);
        return await Get(id, caller, connections, http, cancellation);
    }

    private static async Task<JsonBody<ConnectionView>> Verify(
        [Description("The connection's id")] string id, [Description("The domain")] string domain, Caller caller, Connections connections, DomainProof proof, HttpContext http, CancellationToken cancellation)
    {
        var stated = (await Find(connections, caller, id, cancellation)).Domains.FirstOrDefault(d => d.Domain == domain.ToLowerInvariant()) ?? throw ProblemException.NotFound("domain", domain, "State it first");
        await proof.ProveAsync(stated, cancellation);
        if (!await connections.ProvenAsync(caller.Workspace, id, stated.Domain, cancellation)) throw Taken(stated.Domain);
        return await Get(id, caller, connections, http, cancellation);
    }

    private static ProblemException Taken(string domain) => new(
        StatusCodes.Status409Conflict, "domain.taken", "Another connection's", $"{domain} leads to another connection already.", "Let it go there first; where that is not yours to do, ask whoever runs this server to settle it");

    private static async Task<JsonBody<ConnectionView>> Drop([Description("The connection's id")] string id, [Description("The domain")] string domain, Caller caller, Connections connections, HttpContext http, CancellationToken cancellation)
    {
        await Find(connections, caller, id, cancellation);
        if (!await connections.DropDomainAsync(caller.Workspace, id, domain.ToLowerInvariant(), cancellation)) throw ProblemException.NotFound("domain", domain, "See the connection's domains");
        return await Get(id, caller, connections, http, cancellation);
    }

    private static async Task<JsonBody<ScimTokenMade>> MakeToken([Description("The connection's id")] string id, Caller caller, Connections connections, HttpContext http, CancellationToken cancellation)
    {
        await Find(connections, caller, id, cancellation);
        var token = TokenFormat.New(TokenFormat.Directory);
        var expires = await connections.SetScimTokenAsync(caller.Workspace, id, TokenFormat.Digest(token), cancellation) ?? throw Missing(id);
        return JsonBody<ScimTokenMade>.Of(new ScimTokenMade(SignInAddresses.Of(http).Scim.ToString(), token, expires));
    }

    private static async Task<JsonBody<ConnectionView>> RevokeToken([Description("The connection's id")] string id, Caller caller, Connections connections, HttpContext http, CancellationToken cancellation)
    {
        await Find(connections, caller, id, cancellation);
        await connections.SetScimTokenAsync(caller.Workspace, id, null, cancellation);
        return await Get(id, caller, connections, http, cancellation);
    }

    private static async Task<Connection> Find(Connections connections, Caller caller, string id, CancellationToken cancellation) =>
        await connections.FindAsync(caller.Workspace, id, cancellation) ?? throw Missing(id);

    private static ProblemException Missing(string id) => ProblemException.NotFound("connection", id, "See the list: GET /v1/connections");

    [GeneratedRegex(@"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")]
    private static partial Regex Domain();
}

/// <param name="Secret">Shown this once.</param>
public sealed record ScimTokenMade(string Base, string Secret, DateTimeOffset Expires);
