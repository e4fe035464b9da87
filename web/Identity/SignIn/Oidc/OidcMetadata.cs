using System.Collections.Immutable;
using System.Text.Json;

namespace ProdSprint.Identity;

/// <summary>What an issuer says of itself (OpenID Connect Discovery 1.0), as far as it is needed here.</summary>
/// <param name="BasicOnly">It takes the client's secret in a header and not in the form.</param>
/// <param name="SaysIssuer">Its answers name it (RFC 9207): one that does not comes from someone else.</param>
public sealed record OidcMetadata(string Issuer, Uri Authorization, Uri Token, Uri Keys, Uri? UserInfo, bool BasicOnly, bool SaysIssuer)
{
    public static Uri AddressOf(Uri issuer) => new(issuer.ToString().TrimEnd('/') + "/.well-known/openid-configuration");

    /// <exception cref="SignInException">It is another issuer's, incomplete, or leads where secrets must not go.</exception>
    public static OidcMetadata Read(JsonElement json, Uri issuer, bool privately)
    {
        var said = IdToken.Text(json, "issuer");
        // An issuer is a name, compared letter by letter (Discovery 4.3); what Uri adds to a bare host is no part of it.
        if (said is null || (said != issuer.OriginalString && said != issuer.ToString().TrimEnd('/')))
            throw new SignInException(SignInFault.ProviderRefused, $"The document at {AddressOf(issuer)} is of the issuer '{said}', not of '{issuer.OriginalString}'");
        if (Words(json, "code_challenge_methods_supported") is { IsEmpty: false } methods && !methods.Contains("S256"))
            throw new SignInException(SignInFault.ProviderRefused, $"{said} does not know PKCE with S256");
        var auth = Words(json, "token_endpoint_auth_methods_supported");
        return new(said, Address(json, "authorization_endpoint", privately), Address(json, "token_endpoint", privately), Address(json, "jwks_uri", privately),
            json.TryGetProperty("userinfo_endpoint", out _) ? Address(json, "userinfo_endpoint", privately) : null, auth.IsEmpty || (auth.Contains("client_secret_basic") && !auth.Contains("client_secret_post")),
            json.TryGetProperty("authorization_response_iss_parameter_supported", out var iss) && iss.ValueKind == JsonValueKind.True);
    }

    private static Uri Address(JsonElement json, string name, bool privately) =>
        Uri.TryCreate(IdToken.Text(json, name), UriKind.Absolute, out var address) && ProviderAddress.IsSafe(address, privately)
            ? address
            : throw new SignInException(SignInFault.ProviderRefused, $"Its '{name}' is '{IdToken.Text(json, name)}', which is no https address");

    private static ImmutableArray<string> Words(JsonElement json, string name) => json.TryGetProperty(name, out var words) && words.ValueKind == JsonValueKind.Array
        ? [.. words.EnumerateArray().Where(w => w.ValueKind == JsonValueKind.String).Select(w => w.GetString()!)]
        : [];
}
