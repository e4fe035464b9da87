using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Where browsers go to sign in and come back to: redirects only, no API. Every failure ends at the sign-in page with a code.</summary>
public static class SignInApi
{
    /// <summary>The longest answer a provider may post.</summary>
    private const int LongestForm = 1 << 20;

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var ways = routes.MapGroup("/sign-in").ExcludeFromDescription().WithMetadata(new Tenants.InTier(Tenants.RateTier.Stranger));
        ways.MapGet("start/{provider}", Start);
        ways.MapGet("callback/{provider}", Back);
        ways.MapPost("callback/{provider}", Posted).WithMetadata(new FromOtherSites());
        ways.MapPost("saml/{provider}", Posted).WithMetadata(new FromOtherSites());
        ways.MapGet("saml/{provider}", Back);
        ways.MapGet("saml/{provider}/metadata", Metadata);
    }

    private static Task<RedirectHttpResult> Start(string provider, string? returnTo, HttpContext http, SignInFlow flow, SignInCookie cookie) => Told(http, flow, provider, async () =>
        (await flow.StartAsync(http, provider, cookie.Ensure(http), ReturnTo(returnTo), null)).ToString());

    /// <summary>The browser is back, by a redirect of the provider's or of ours (<see cref="Posted"/>): only now it shows its cookie.</summary>
    private static Task<RedirectHttpResult> Back(string provider, HttpContext http, SignInFlow flow, SignInCookie cookie) => Told(http, flow, provider, () =>
    {
        var fields = http.Request.Query.ToDictionary(q => q.Key, q => q.Value.Count == 1 ? q.Value.ToString() : "", StringComparer.Ordinal);
        var state = fields.GetValueOrDefault("state") ?? "";
        return flow.FinishAsync(http, provider, state, cookie.Read(http), fields.Count > 1 ? new(fields) : null);
    });

    /// <summary>A form of another site comes without our cookie, so what it says is kept, and the browser fetches it by a redirect, with the cookie.</summary>
    private static Task<RedirectHttpResult> Posted(string provider, HttpContext http, SignInFlow flow, PendingSignIns pending) => Told(http, flow, provider, async () =>
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength > LongestForm) throw new SignInException(SignInFault.NotAsked, "What was posted is no form");
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            throw new SignInException(SignInFault.NotAsked, "What was posted is no form", e);
        }
        var fields = form.ToDictionary(f => f.Key, f => f.Value.Count == 1 ? f.Value.ToString() : "", StringComparer.Ordinal);
        var state = fields.GetValueOrDefault("state") ?? fields.GetValueOrDefault(SamlProtocol.RelayState) ?? "";
        // When nobody waits for it any more, the next step says why.
        await pending.KeepAnswerAsync(provider, state, new(fields), http.RequestAborted);
        return $"{http.Request.Path}?state={Uri.EscapeDataString(state)}";
    });

    private static async Task<IResult> Metadata(string provider, HttpContext http, Connections connections) =>
        await connections.ProviderAsync(provider, http.RequestAborted) is { Kind: ProviderKind.Saml }
            ? TypedResults.Text(SamlMetadata.OfThisServer(SignInAddresses.Of(http).Callback(provider, ProviderKind.Saml)), "application/samlmetadata+xml")
            : throw ProblemException.NotFound("connection", provider, "Copy the address from the connection's settings");

    private static async Task<RedirectHttpResult> Told(HttpContext http, SignInFlow flow, string provider, Func<Task<string>> go)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            return TypedResults.Redirect(await go());
        }
        catch (SignInException e)
        {
            return TypedResults.Redirect(await flow.RefusedAsync(http, provider, e));
        }
    }

    /// <summary>A path of this server, and nothing that a browser takes for another one.</summary>
    public static string ReturnTo(string? asked) =>
        asked is { Length: > 0 and <= 2000 } && asked[0] == '/' && !asked.StartsWith("//", StringComparison.Ordinal) && !asked.Contains('\\', StringComparison.Ordinal) && asked.All(c => c is > ' ' and <= '~')
            ? asked
            : "/";
}
