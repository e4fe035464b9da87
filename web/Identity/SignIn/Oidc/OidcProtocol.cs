using System.Collections.Immutable;
using System.Text.Json;

namespace ProdSprint.Identity;

/// <summary>OpenID Connect's code flow with PKCE, for any issuer; Google and Apple are issuers with habits.</summary>
public sealed class OidcProtocol(OidcIssuers issuers, ProviderHttp http, TimeProvider time) : ISignInProtocol
{
    public async Task<Uri> StartAsync(IdentityProvider provider, PendingSignIn pending, Uri callback, CancellationToken cancellation)
    {
        var settings = provider.OAuth!;
        var metadata = await issuers.MetadataAsync(settings.Issuer, cancellation);
        var fields = new Dictionary<string, string>
        {
            ["response_type"] = "code", ["client_id"] = settings.ClientId, ["redirect_uri"] = callback.ToString(), ["scope"] = string.Join(' ', settings.Scopes.Prepend("openid")),
            ["state"] = pending.State, ["nonce"] = pending.Nonce, ["code_challenge"] = OAuthRequest.Challenge(pending.Verifier), ["code_challenge_method"] = "S256",
        };
        if (settings.PostsBack) fields["response_mode"] = "form_post";
        return OAuthRequest.Authorize(metadata.Authorization, fields);
    }

    public async Task<VouchedFor> FinishAsync(IdentityProvider provider, PendingSignIn pending, Uri callback, ProviderAnswer answer, CancellationToken cancellation)
    {
        var settings = provider.OAuth!;
        var metadata = await issuers.MetadataAsync(settings.Issuer, cancellation);
        // RFC 9207: an answer of another issuer must not be traded in at this one.
        if (answer["iss"] is { } iss ? iss != metadata.Issuer : metadata.SaysIssuer && answer["error"] is null)
            throw new SignInException(SignInFault.Untrusted, $"The answer is of '{answer["iss"]}', not of '{metadata.Issuer}'");
        var tokens = await ExchangeAsync(provider, metadata, OAuthRequest.CodeOf(answer), pending, callback, cancellation);
        if (IdToken.Text(tokens, "id_token") is not { } token) throw new SignInException(SignInFault.ProviderRefused, "The token endpoint gave no ID token");
        var access = IdToken.Text(tokens, "access_token");
        var verdict = await issuers.VerifyAsync(settings.Issuer, token, new(metadata.Issuer, settings.ClientId, pending.Nonce, access), cancellation);
        if (verdict.Flaw is { } flaw) throw new SignInException(FaultOf(flaw), $"The ID token is not to be trusted ({flaw}): {verdict.Detail}");
        var claims = verdict.Claims;
        if (IdToken.Text(claims, "email") is null && metadata.UserInfo is { } more && access is not null) claims = await UserInfoAsync(more, access, claims, cancellation);
        return Read(claims, verdict.Claims, provider.Connection?.GroupsClaim, answer);
    }

    private static SignInFault FaultOf(TokenFlaw flaw) => flaw switch
    {
        TokenFlaw.Expired or TokenFlaw.Clock => SignInFault.Clock,
        TokenFlaw.Subject => SignInFault.Incomplete,
        _ => SignInFault.Untrusted,
    };

    private async Task<JsonElement> ExchangeAsync(IdentityProvider provider, OidcMetadata metadata, string code, PendingSignIn pending, Uri callback, CancellationToken cancellation)
    {
        var settings = provider.OAuth!;
        var secret = settings.Apple is { } key ? AppleClientSecret.Make(key, settings.ClientId, settings.Issuer, time.GetUtcNow()) : provider.Secret!;
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = callback.ToString(), ["code_verifier"] = pending.Verifier,
        };
        var basic = metadata.BasicOnly && settings.Apple is null;
        if (!basic) (form["client_id"], form["client_secret"]) = (settings.ClientId, secret);
        return (await http.PostFormAsync(metadata.Token, form, basic ? (settings.ClientId, secret) : null, cancellation)).Granted();
    }

    /// <summary>Many issuers put the address there instead of into the ID token. It must be of the same subject (Core 5.3.2).</summary>
    private async Task<JsonElement> UserInfoAsync(Uri address, string access, JsonElement claims, CancellationToken cancellation)
    {
        var info = ProviderHttp.ReadObject(await http.GetAsync(address, access, cancellation), address);
        return IdToken.Text(info, "sub") == IdToken.Text(claims, "sub") ? info : throw new SignInException(SignInFault.Untrusted, "The user info is of another subject than the ID token");
    }

    private static VouchedFor Read(JsonElement claims, JsonElement token, string? groupsClaim, ProviderAnswer answer)
    {
        var groups = Groups(claims, groupsClaim);
        return new(
            IdToken.Text(token, "sub")!, IdToken.Text(claims, "email"), Verified(claims),
            IdToken.Text(claims, "preferred_username") ?? IdToken.Text(claims, "name") ?? AppleName(answer["user"]), groups.IsEmpty ? Groups(token, groupsClaim) : groups);
    }

    /// <summary>Apple writes "true".</summary>
    private static bool? Verified(JsonElement claims) =>
        claims.TryGetProperty("email_verified", out var value) ? value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.GetString() == "true") : null;

    private static ImmutableArray<string> Groups(JsonElement claims, string? name) => claims.TryGetProperty(name ?? "groups", out var groups) ? groups.ValueKind switch
    {
        JsonValueKind.Array => [.. groups.EnumerateArray().Where(g => g.ValueKind == JsonValueKind.String).Select(g => g.GetString()!)],
        JsonValueKind.String => [groups.GetString()!],
        _ => [],
    }
    : [];

    /// <summary>Apple tells the name once, beside the token and unsigned: good for showing, and for nothing else.</summary>
    private static string? AppleName(string? user)
    {
        if (user is not { Length: > 0 and < 4096 }) return null;
        try
        {
            using var json = JsonDocument.Parse(user);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.Object
                ? $"{IdToken.Text(name, "firstName")} {IdToken.Text(name, "lastName")}".Trim() is { Length: > 0 } full ? full : null
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
