using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>What a provider speaks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProviderKind>))]
public enum ProviderKind
{
    [JsonStringEnumMemberName("google")] Google,
    [JsonStringEnumMemberName("apple")] Apple,
    [JsonStringEnumMemberName("github")] GitHub,
    [JsonStringEnumMemberName("oidc")] Oidc,
    [JsonStringEnumMemberName("saml")] Saml,
}

/// <summary>Someone who says who people are: the server's own (from its configuration), or a workspace's connection.</summary>
/// <param name="Id">In addresses and logins: <c>google</c>, or the connection's id.</param>
/// <param name="Secret">In the clear, for the length of a sign-in.</param>
/// <param name="Connection">Null: the server's own, which makes nobody a member of anything.</param>
public sealed record IdentityProvider(string Id, ProviderKind Kind, string Name, OAuthSettings? OAuth, string? Secret, SamlSettings? Saml, ConnectionRules? Connection);

/// <param name="Issuer">OpenID Connect issuer; of GitHub its address, https://github.com or an Enterprise server's.</param>
/// <param name="Scopes">Besides <c>openid</c>.</param>
/// <param name="PostsBack">The answer comes as a form (Apple, when it is asked for name or address).</param>
/// <param name="Api">GitHub only: where its API is.</param>
/// <param name="Apple">The secret is a statement signed with this key.</param>
public sealed record OAuthSettings(Uri Issuer, string ClientId, ImmutableArray<string> Scopes, bool PostsBack = false, Uri? Api = null, AppleKey? Apple = null);

/// <param name="PrivateKey">PKCS #8 PEM, P-256: the .p8 file that Apple gives out once.</param>
public sealed record AppleKey(string TeamId, string KeyId, string PrivateKey);

/// <param name="EntityId">The provider's.</param>
/// <param name="SignOn">Where people are sent (HTTP-Redirect).</param>
/// <param name="Certificates">Base64 DER; several while the provider changes them.</param>
/// <param name="Signed">What must carry a signature of its own.</param>
public sealed record SamlSettings(string EntityId, Uri SignOn, ImmutableArray<string> Certificates, SamlSigned Signed = SamlSigned.Either);

[JsonConverter(typeof(JsonStringEnumConverter<SamlSigned>))]
public enum SamlSigned
{
    /// <summary>The response or the assertion: both cover what is read.</summary>
    [JsonStringEnumMemberName("either")] Either,
    [JsonStringEnumMemberName("assertion")] Assertion,
    [JsonStringEnumMemberName("response")] Response,
    [JsonStringEnumMemberName("both")] Both,
}

/// <summary>What a connection makes of those who come by it.</summary>
/// <param name="JustInTime">Whoever the provider vouches for becomes a member; otherwise only those whom SCIM or an Admin has made one.</param>
/// <param name="DefaultRoles">Of a new member in no mapped group.</param>
/// <param name="GroupRoles">Group to role. When there are any, groups decide at every sign-in, and nobody else.</param>
/// <param name="Domains">Those the workspace states to be its own: only of addresses there its provider's word is taken.</param>
/// <param name="GroupsClaim">Where the provider names groups; null: <c>groups</c> and the usual SAML attributes.</param>
public sealed record ConnectionRules(
    string Workspace, bool JustInTime, ImmutableArray<Role> DefaultRoles, ImmutableArray<GroupRole> GroupRoles, string? GroupsClaim, ImmutableArray<string> Domains);

public sealed record GroupRole(string Group, Role Role);

/// <summary>Whom a provider vouches for.</summary>
/// <param name="Subject">Lasting and unique at the provider; never an address that may be given to someone else.</param>
/// <param name="EmailVerified">Null: it does not say.</param>
public sealed record VouchedFor(string Subject, string? Email, bool? EmailVerified, string? Name, ImmutableArray<string> Groups);
