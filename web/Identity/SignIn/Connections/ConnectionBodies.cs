using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ProdSprint.Audit;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <param name="Kind">oidc or saml; cannot be changed.</param>
/// <param name="ClientSecret">Left out of a change: stays as it is.</param>
/// <param name="MetadataUrl">Of saml: where the provider's metadata is, which is read now; instead of entityId, signOnUrl and certificates.</param>
/// <param name="Certificates">PEM or base64; several while the provider changes them.</param>
/// <param name="Signed">Of saml: what has to carry the provider's signature; both when left out.</param>
/// <param name="JustInTime">Whoever the provider vouches for becomes a member; true when left out.</param>
/// <param name="DefaultRoles">Of a new member in no mapped group; viewer when left out.</param>
public sealed record ConnectionBody(
    string Name, string? Kind = null, bool? Enabled = null, string? Issuer = null, string? ClientId = null, string? ClientSecret = null, IReadOnlyList<string>? Scopes = null,
    string? MetadataUrl = null, string? EntityId = null, string? SignOnUrl = null, IReadOnlyList<string>? Certificates = null, SamlSigned? Signed = null,
    bool? JustInTime = null, IReadOnlyList<Role>? DefaultRoles = null, IReadOnlyList<GroupRole>? GroupRoles = null, string? GroupsClaim = null, string? Reason = null) : IReasoned;

/// <param name="Reason">Why the domain is the workspace's own: it stays in the audit log.</param>
public sealed record DomainBody(string Reason) : IReasoned;

/// <summary>A connection as its Admins see it: never its secret.</summary>
/// <param name="Callback">To be registered at the provider: redirect address, or assertion consumer.</param>
/// <param name="Metadata">Of saml: our metadata document, which is our entity id as well.</param>
/// <param name="ScimBase">For the directory.</param>
/// <param name="ScimExpiresAt">Until when its token is good; null: it has none.</param>
/// <param name="ScimUsedAt">When it last came by that token, to half a minute; null: not yet.</param>
public sealed record ConnectionView(
    string Id, string Kind, string Name, bool Enabled, string? Issuer, string? ClientId, ImmutableArray<string> Scopes, bool HasSecret,
    string? EntityId, string? SignOnUrl, ImmutableArray<string> Certificates, SamlSigned? Signed, bool JustInTime, ImmutableArray<Role> DefaultRoles, ImmutableArray<GroupRole> GroupRoles,
    string? GroupsClaim, ImmutableArray<ConnectionDomain> Domains, string Callback, string? Metadata, string ScimBase, bool Scim, DateTimeOffset? ScimExpiresAt, DateTimeOffset? ScimUsedAt,
    long StateVersion, DateTimeOffset CreatedAt)
{
    public static ConnectionView Of(Connection c, SignInAddresses here)
    {
        var s = c.Settings;
        var saml = c.Kind == ProviderKind.Saml;
        return new(
            c.Id, saml ? "saml" : "oidc", c.Name, c.Enabled, s.Oidc?.Issuer.OriginalString, s.Oidc?.ClientId, s.Oidc?.Scopes ?? [], c.Secret is not null,
            s.Saml?.EntityId, s.Saml?.SignOn.ToString(), s.Saml?.Certificates ?? [], s.Saml?.Signed, s.JustInTime, s.DefaultRoles, s.GroupRoles, s.GroupsClaim, c.Domains,
            here.Callback(c.Id, c.Kind).ToString(), saml ? SamlProtocol.EntityId(here.Callback(c.Id, c.Kind)) : null, here.Scim.ToString(), c.Scim, c.ScimExpiresAt, c.ScimUsedAt, c.Version, c.CreatedAt);
    }
}

/// <summary>Turns what an Admin sends into what can be used, or says what is wrong with it.</summary>
public sealed partial class ConnectionReader(ProviderHttp http, SignInOptions options)
{
    private const int MostCertificates = 8;
    private const int MostGroups = 200;

    public async Task<ConnectionSettings> ReadAsync(ConnectionBody body, ProviderKind kind, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(body.Name) || body.Name.Length > 100) throw Bad("'name' is empty or longer than 100 characters.", "Say what people see on the sign-in page");
        if (body.GroupRoles?.Count > MostGroups) throw Bad($"There are {body.GroupRoles.Count} groups.", $"Map at most {MostGroups}");
        if (body.GroupRoles.Whole("groupRoles").Any(g => string.IsNullOrWhiteSpace(g.Group) || !Enum.IsDefined(g.Role))) throw Bad("A group has no name or no role.", "Name a group and a role");
        return new(
            kind == ProviderKind.Oidc ? Oidc(body) : null, kind == ProviderKind.Saml ? await SamlAsync(body, cancellation) : null, body.JustInTime ?? true,
            [.. body.DefaultRoles?.Distinct().Order() ?? (IEnumerable<Role>)[Role.Viewer]], body.GroupRoles.Whole("groupRoles"), string.IsNullOrWhiteSpace(body.GroupsClaim) ? null : body.GroupsClaim);
    }

    private OidcConnection Oidc(ConnectionBody body)
    {
        if (string.IsNullOrWhiteSpace(body.ClientId)) throw Bad("'clientId' is missing.", "Take it from the provider's page for this application");
        return new(Address(body.Issuer, "issuer"), body.ClientId, body.Scopes is { Count: > 0 } scopes ? [.. scopes.Where(s => s is not null and not "openid" && Word().IsMatch(s))] : ["email", "profile"]);
    }

    private async Task<SamlSettings> SamlAsync(ConnectionBody body, CancellationToken cancellation)
    {
        if (body.MetadataUrl is { } metadata)
        {
            try
            {
                return SamlMetadata.OfProvider(await http.GetAsync(Address(metadata, "metadataUrl"), null, cancellation), options.PrivateProviders) with { Signed = body.Signed ?? SamlSigned.Both };
            }
            catch (SignInException e)
            {
                throw Bad(e.Message, "Look at the address in a browser, or give entityId, signOnUrl and certificates");
            }
        }
        if (string.IsNullOrWhiteSpace(body.EntityId)) throw Bad("'entityId' is missing.", "It is the provider's name in its metadata; or give metadataUrl");
        if (body.Certificates is not { Count: > 0 and <= MostCertificates }) throw Bad("'certificates' names none.", $"Give 1 to {MostCertificates} signing certificates of the provider");
        ImmutableArray<string> certificates = [.. body.Certificates.Whole("certificates").Select(Plain)];
        if (certificates.Any(c => SamlSignature.Read(c) is null)) throw Bad("One of 'certificates' is none.", "Give X.509 in PEM, or its base64");
        return new(body.EntityId, Address(body.SignOnUrl, "signOnUrl"), certificates, body.Signed ?? SamlSigned.Both);
    }

    private Uri Address(string? text, string field) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && ProviderAddress.IsSafe(address, options.PrivateProviders)
            ? address
            : throw Bad($"'{field}' is '{text}', which is no https address.", "Copy it from the provider");

    private static string Plain(string certificate) => string.Concat(Armour().Replace(certificate, "").Where(c => !char.IsWhiteSpace(c)));

    private static ProblemException Bad(string detail, string next) => ProblemException.Invalid("connection.bad-settings", detail, next);

    [GeneratedRegex("-----(BEGIN|END) CERTIFICATE-----")]
    private static partial Regex Armour();

    [GeneratedRegex("^[A-Za-z0-9_.:/-]{1,100}$")]
    private static partial Regex Word();
}
