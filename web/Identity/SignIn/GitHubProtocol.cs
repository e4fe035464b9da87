using System.Text.Json;

namespace ProdSprint.Identity;

/// <summary>GitHub's OAuth, which is no OpenID Connect: who somebody is comes from its API, asked with the token that the code was traded for.</summary>
public sealed class GitHubProtocol(ProviderHttp http) : ISignInProtocol
{
    public Task<Uri> StartAsync(IdentityProvider provider, PendingSignIn pending, Uri callback, CancellationToken cancellation)
    {
        var settings = provider.OAuth!;
        return Task.FromResult(OAuthRequest.Authorize(new(settings.Issuer, "/login/oauth/authorize"), new Dictionary<string, string>
        {
            ["client_id"] = settings.ClientId, ["redirect_uri"] = callback.ToString(), ["scope"] = string.Join(' ', settings.Scopes), ["state"] = pending.State,
            ["code_challenge"] = OAuthRequest.Challenge(pending.Verifier), ["code_challenge_method"] = "S256",
        }));
    }

    public async Task<VouchedFor> FinishAsync(IdentityProvider provider, PendingSignIn pending, Uri callback, ProviderAnswer answer, CancellationToken cancellation)
    {
        var settings = provider.OAuth!;
        var form = new Dictionary<string, string>
        {
            ["client_id"] = settings.ClientId, ["client_secret"] = provider.Secret!, ["code"] = OAuthRequest.CodeOf(answer), ["redirect_uri"] = callback.ToString(),
            ["code_verifier"] = pending.Verifier,
        };
        var tokens = (await http.PostFormAsync(new(settings.Issuer, "/login/oauth/access_token"), form, null, cancellation)).Granted();
        if (IdToken.Text(tokens, "access_token") is not { } access) throw new SignInException(SignInFault.ProviderRefused, "GitHub gave no access token");

        var address = new Uri(settings.Api!, "user");
        var user = ProviderHttp.ReadObject(await http.GetAsync(address, access, cancellation), address);
        // The number: a login may be renamed, and its old name taken by someone else.
        if (!user.TryGetProperty("id", out var id) || !id.TryGetInt64(out var number)) throw new SignInException(SignInFault.Incomplete, "GitHub did not say the user's number");
        var email = await VerifiedAsync(new(settings.Api!, "user/emails"), access, cancellation);
        return new(number.ToString(System.Globalization.CultureInfo.InvariantCulture), email, email is null ? null : true, IdToken.Text(user, "login"), []);
    }

    /// <summary>The primary address, if it is verified: the one in the profile may be anything.</summary>
    private async Task<string?> VerifiedAsync(Uri address, string access, CancellationToken cancellation)
    {
        try
        {
            using var emails = JsonDocument.Parse(await http.GetAsync(address, access, cancellation));
            if (emails.RootElement.ValueKind != JsonValueKind.Array) return null;
            return emails.RootElement.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object && Is(e, "primary") && Is(e, "verified"))
                .Select(e => IdToken.Text(e, "email")).FirstOrDefault();
        }
        catch (JsonException e)
        {
            throw new SignInException(SignInFault.ProviderDown, $"{address} did not answer with JSON", e);
        }
    }

    private static bool Is(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
