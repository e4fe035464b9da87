using System.Collections.Immutable;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>A workspace's own way to sign in, as it is stored; its secret is kept apart.</summary>
/// <param name="Saml">Of kind saml; the other of kind oidc.</param>
public sealed record ConnectionSettings(
    OidcConnection? Oidc, SamlSettings? Saml, bool JustInTime, ImmutableArray<Role> DefaultRoles, ImmutableArray<GroupRole> GroupRoles, string? GroupsClaim);

public sealed record OidcConnection(Uri Issuer, string ClientId, ImmutableArray<string> Scopes);

/// <param name="Id">Twelve letters and digits; in addresses and logins.</param>
/// <param name="Secret">Encrypted.</param>
/// <param name="Scim">A directory may come, by a token that is still good.</param>
public sealed record Connection(
    string Workspace, string Id, ProviderKind Kind, string Name, bool Enabled, ConnectionSettings Settings, string? Secret, bool Scim, ImmutableArray<ConnectionDomain> Domains,
    long Version, DateTimeOffset CreatedAt)
{
    public DateTimeOffset? ScimExpiresAt { get; init; }

    /// <summary>When the directory last came, to half a minute; null: never by its present token.</summary>
    public DateTimeOffset? ScimUsedAt { get; init; }

    public ConnectionRules Rules => new(Workspace, Settings.JustInTime, Settings.DefaultRoles, Settings.GroupRoles, Settings.GroupsClaim, [.. Domains.Where(d => d.ProvenAt is not null).Select(d => d.Domain)]);
}

/// <summary>A domain that an Admin states to be the workspace's own: once it is proven, who gives an address there is sent to the connection.</summary>
/// <param name="Value">What the TXT record has to say.</param>
/// <param name="ProvenAt">From then on it leads here; null: not yet.</param>
/// <param name="Proof">dns: by the record; stated: by an Admin's word alone, where the server asks for no more, or from before it did.</param>
public sealed record ConnectionDomain(string Domain, string StatedBy, DateTimeOffset StatedAt, string Value, DateTimeOffset? ProvenAt = null, string? Proof = null)
{
    /// <summary>The name of the TXT record that proves it.</summary>
    public string Record => $"_prodsprint-challenge.{Domain}";

    /// <summary>At how many daily looks in a row the record was not there; 0 of a domain that no record proved.</summary>
    public int Missed { get; init; }

    /// <summary>How many more days it leads here without its record; null: as long as it likes.</summary>
    public int? DaysLeft => ProvenAt is null ? null : DomainStanding.DaysLeft(Missed);
}
