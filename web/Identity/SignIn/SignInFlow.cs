using ProdSprint.Audit;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>A sign-in from its beginning to a session, whatever the protocol: begun, taken once, proved, joined to an account, recorded.</summary>
public sealed partial class SignInFlow(
    ServerProviders server, Connections connections, PendingSignIns pending, OidcProtocol oidc, GitHubProtocol github, SamlProtocol saml,
    SignInAccounts accounts, Sessions sessions, AuditTrail trail, ILogger<SignInFlow> logger)
{
    private const string Nobody = "unknown";
    private const string NoCredential = "none";

    /// <exception cref="SignInException">There is no such way to sign in.</exception>
    public async Task<IdentityProvider> ProviderAsync(string id, CancellationToken cancellation) =>
        server.Find(id) ?? await connections.ProviderAsync(id, cancellation) ?? throw new SignInException(SignInFault.NoWay, $"There is no provider '{id}'");

    /// <returns>Where to send the browser.</returns>
    public async Task<Uri> StartAsync(HttpContext http, string id, string browser, string returnTo, LinkRequest? link)
    {
        var provider = await ProviderAsync(id, http.RequestAborted);
        var begun = await pending.BeginAsync(id, browser, returnTo, link, http.RequestAborted);
        return await Protocol(provider).StartAsync(provider, begun, SignInAddresses.Of(http).Callback(id, provider.Kind), http.RequestAborted);
    }

    /// <returns>Where the browser goes on: a path of this server.</returns>
    public async Task<string> FinishAsync(HttpContext http, string id, string state, string? browser, ProviderAnswer? answer)
    {
        var (begun, kept) = await pending.TakeAsync(id, state, browser, http.RequestAborted);
        var provider = await ProviderAsync(id, http.RequestAborted);
        var who = await Protocol(provider).FinishAsync(provider, begun, SignInAddresses.Of(http).Callback(id, provider.Kind), answer ?? kept ?? new(new Dictionary<string, string>()), http.RequestAborted);
        if (who is { Email: not null, EmailVerified: false }) throw new SignInException(SignInFault.EmailUnverified, $"{id}: the address of subject {who.Subject} is not verified");
        if (begun.Link is { } link)
        {
            await accounts.LinkAsync(provider, who, link, http.RequestAborted);
            await trail.SignedInAsync(http, link.Account, SessionFacts.CredentialOf(link.Session), id, "linked");
            return begun.ReturnTo;
        }
        var account = await accounts.OpenAsync(http, provider, who, http.RequestAborted);
        try
        {
            await sessions.StartAsync(http, account, id, cancellation: http.RequestAborted);
        }
        catch (ProblemException e) when (e.Code == "account.disabled")
        {
            throw new SignInException(SignInFault.Deactivated, e.Message, e);
        }
        return begun.ReturnTo;
    }

    /// <summary>What could not be is written down as well, and told with a code that the sign-in page has words for.</summary>
    public async Task<string> RefusedAsync(HttpContext http, string id, SignInException e)
    {
        LogRefused(e, id, e.Fault.Code, e.Message);
        await trail.SignedInAsync(http, Nobody, NoCredential, id.Length <= 64 ? id : id[..64], $"refused: {e.Fault.Code}");
        return $"/sign-in?error={e.Fault.Code}&request={RequestId.Of(http)}";
    }

    private ISignInProtocol Protocol(IdentityProvider provider) => provider.Kind switch
    {
        ProviderKind.GitHub => github,
        ProviderKind.Saml => saml,
        _ => oidc,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in by {Provider} was refused with {Code}: {Detail}")]
    private partial void LogRefused(Exception exception, string provider, string code, string detail);
}
