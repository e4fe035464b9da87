namespace ProdSprint.Identity;

/// <summary>Where browsers, providers and directories reach this server: what is registered at providers.</summary>
/// <param name="Root">The public address, else the one under which the request came.</param>
public sealed record SignInAddresses(Uri Root)
{
    public static SignInAddresses Of(HttpContext http) =>
        new(http.RequestServices.GetRequiredService<IdentityOptions>().Public ?? new Uri($"{http.Request.Scheme}://{http.Request.Host}"));

    public Uri Scim => new(Root, "/scim/v2");

    /// <summary>One for each provider, so that no answer of one can be passed off as another's.</summary>
    public Uri Callback(string provider, ProviderKind kind) => new(Root, $"/sign-in/{(kind == ProviderKind.Saml ? "saml" : "callback")}/{provider}");

    /// <summary>Begins a sign-in when a browser goes there.</summary>
    public static string Start(string provider) => $"/sign-in/start/{provider}";
}
