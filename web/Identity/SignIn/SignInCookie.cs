namespace ProdSprint.Identity;

/// <summary>Ties a sign-in to the browser that began it. Lax, because the browser comes back from another site; it opens nothing by itself.</summary>
public sealed class SignInCookie(IdentityOptions options)
{
    private const int Shortest = 40;

    public string Name { get; } = options.IsSecure ? "__Host-prodsprint-sign-in" : "prodsprint-sign-in";

    public string? Read(HttpContext http) => http.Request.Cookies[Name];

    /// <summary>The same for all tabs, so that two sign-ins may be under way.</summary>
    public string Ensure(HttpContext http)
    {
        var secret = Read(http) is { Length: >= Shortest and < 100 } known ? known : PendingSignIns.NewSecret();
        http.Response.Cookies.Append(Name, secret, new()
        {
            Path = "/", HttpOnly = true, Secure = options.IsSecure, SameSite = SameSiteMode.Lax, MaxAge = PendingSignIns.Life, IsEssential = true,
        });
        return secret;
    }
}
