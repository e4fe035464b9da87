using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ProdSprint.Identity;

/// <summary>What OpenID Connect and GitHub's OAuth have in common: the way there, and what is made of a refusal.</summary>
internal static class OAuthRequest
{
    public static Uri Authorize(Uri endpoint, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var address = new UriBuilder(endpoint);
        var query = string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"));
        address.Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{query}" : query;
        return address.Uri;
    }

    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>The code, or why there is none.</summary>
    public static string CodeOf(ProviderAnswer answer) => (answer["error"], answer["code"]) switch
    {
        ("access_denied" or "user_cancelled_authorize", _) => throw new SignInException(SignInFault.Cancelled, $"The provider answered '{answer["error"]}'"),
        ("temporarily_unavailable" or "server_error", _) => throw new SignInException(SignInFault.ProviderDown, $"The provider answered '{answer["error"]}': {answer["error_description"]}"),
        ({ } error, _) => throw new SignInException(SignInFault.ProviderRefused, $"The provider answered '{error}': {answer["error_description"]}"),
        (_, { Length: > 0 } code) => code,
        _ => throw new SignInException(SignInFault.ProviderRefused, "The provider sent neither a code nor an error"),
    };

    /// <exception cref="SignInException">The token endpoint refused.</exception>
    public static JsonElement Granted(this JsonElement tokens) =>
        IdToken.Text(tokens, "error") is not { } error ? tokens
        : error is "invalid_grant" or "bad_verification_code" ? throw new SignInException(SignInFault.Replayed, $"The provider does not take the code (any more): {IdToken.Text(tokens, "error_description")}")
        : throw new SignInException(SignInFault.ProviderRefused, $"The token endpoint answered '{error}': {IdToken.Text(tokens, "error_description")}");
}
