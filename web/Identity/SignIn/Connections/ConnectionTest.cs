using System.Collections.Immutable;
using System.Net.Http.Headers;

namespace ProdSprint.Identity;

/// <param name="Ok">False: what comes after it was not tried.</param>
/// <param name="Next">What to do; only where it is not ok.</param>
public sealed record ConnectionStep(string Name, bool Ok, string Detail, string? Next = null);

public sealed record ConnectionTested(bool Ok, ImmutableArray<ConnectionStep> Steps);

/// <summary>Goes the way of a sign-in as far as it goes without a person: what is found out here is not found out by everybody who cannot sign in.</summary>
public sealed class ConnectionTest(OidcIssuers issuers, ProviderHttp http, Connections connections, TimeProvider time)
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public async Task<ConnectionTested> RunAsync(Connection connection, CancellationToken cancellation)
    {
        var steps = new List<ConnectionStep>();
        try
        {
            if (connection.Kind == ProviderKind.Saml) await SamlAsync(connection.Settings.Saml!, steps, cancellation);
            else await OidcAsync(connections.Provider(connection), steps, cancellation);
        }
        catch (SignInException e)
        {
            steps.Add(new(Following(steps.LastOrDefault()?.Name, connection.Kind), false, e.Message, e.Fault.Next));
        }
        steps.Add(connection.Domains.IsEmpty
            ? new("domains", false, "No domain is stated, so nobody is led here by their address.", "State the domains of your addresses")
            : connection.Domains.FirstOrDefault(d => d.ProvenAt is null) is { } open ? new("domains", false, $"{open.Domain} is not proven, so nobody is led here by it.", $"Make a TXT record {open.Record} with {open.Value}, and verify the domain")
            : new("domains", true, string.Join(", ", connection.Domains.Select(d => d.Domain))));
        return new(steps.TrueForAll(s => s.Ok), [.. steps]);
    }

    private async Task OidcAsync(IdentityProvider provider, List<ConnectionStep> steps, CancellationToken cancellation)
    {
        var metadata = await issuers.DiscoverAsync(provider.OAuth!.Issuer, cancellation);
        steps.Add(new("discovery", true, $"{metadata.Issuer} says where to sign in"));
        var keys = await issuers.KeysAsync(metadata, cancellation);
        if (keys.All.IsEmpty) throw new SignInException(SignInFault.ProviderRefused, $"{metadata.Keys} holds no key that is taken: RSA from 2,048 bits, or P-256 to P-521");
        steps.Add(new("keys", true, $"{keys.All.Length} signing keys"));
        steps.Add(await SecretAsync(provider, metadata, cancellation));
    }

    /// <summary>A code that nobody gave: the provider says whether it is the client or the code that it does not take.</summary>
    private async Task<ConnectionStep> SecretAsync(IdentityProvider provider, OidcMetadata metadata, CancellationToken cancellation)
    {
        var (id, secret) = (provider.OAuth!.ClientId, provider.Secret ?? "");
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = "test", ["redirect_uri"] = "https://test.invalid/", ["code_verifier"] = PendingSignIns.NewSecret() };
        if (!metadata.BasicOnly) (form["client_id"], form["client_secret"]) = (id, secret);
        var answer = await http.PostFormAsync(metadata.Token, form, metadata.BasicOnly ? (id, secret) : null, cancellation);
        return IdToken.Text(answer, "error") is "invalid_client" or "unauthorized_client"
            ? new("client", false, $"The provider does not take the client id or its secret: {IdToken.Text(answer, "error_description")}", "Copy both anew from the provider's page for this application")
            : new("client", true, "The provider takes client id and secret");
    }

    private async Task SamlAsync(SamlSettings settings, List<ConnectionStep> steps, CancellationToken cancellation)
    {
        foreach (var text in settings.Certificates)
        {
            using var certificate = SamlSignature.Read(text)!;
            var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
            // Providers sign with certificates that have run out as well; what is pinned is the key. Saying so early is for the person who will have to change it.
            steps.Add(new("certificate", certificate.PublicKey.GetRSAPublicKey()?.KeySize >= 2048,
                $"{certificate.Subject}, until {ends:yyyy-MM-dd}{(ends < time.GetUtcNow() + Soon ? ": the provider will change it soon" : "")}", "Only RSA keys from 2,048 bits are taken: change the provider's certificate"));
        }
        steps[^1] = steps[^1].Ok ? steps[^1] with { Next = null } : steps[^1];
        await http.ReachAsync(settings.SignOn, cancellation);
        steps.Add(new("sign-on", true, $"{settings.SignOn.Host} answers"));
        steps.Add(new("signatures", true, settings.Signed == SamlSigned.Either ? "Response or assertion has to be signed" : $"Has to be signed: {settings.Signed}"));
    }

    private static string Following(string? step, ProviderKind kind) => (step, kind) switch
    {
        (null, ProviderKind.Saml) => "certificate",
        (null, _) => "discovery",
        ("discovery", _) => "keys",
        ("keys", _) => "client",
        _ => "sign-on",
    };
}
