namespace ProdSprint.Identity;

/// <summary>
/// The cookies of a browser. Strict: the dashboard asks for everything by itself, so nothing that another site starts ever needs them. Over https their names carry the
/// prefixes with which browsers refuse what plain http or a neighbouring host has set; without https (a machine of one's own) they cannot.
/// </summary>
public sealed class SessionCookies(IdentityOptions options)
{
    public const string ForgeryHeader = "X-CSRF-Token";

    /// <summary>The refresh token goes nowhere else.</summary>
    public const string RefreshPath = "/v1/session";

    public string Access { get; } = options.IsSecure ? "__Host-prodsprint" : "prodsprint";

    public string Refresh { get; } = options.IsSecure ? "__Secure-prodsprint-refresh" : "prodsprint-refresh";

    /// <summary>Read by the dashboard, which sends it back as <see cref="ForgeryHeader"/>.</summary>
    public string Forgery { get; } = options.IsSecure ? "__Host-prodsprint-csrf" : "prodsprint-csrf";

    public void Set(HttpResponse response, SessionStarted started)
    {
        response.Cookies.Append(Access, started.AccessToken, Cookie("/", started.EndsAt));
        response.Cookies.Append(Refresh, started.RefreshToken, Cookie(RefreshPath, started.EndsAt));
        var forgery = Cookie("/", started.EndsAt);
        forgery.HttpOnly = false;
        response.Cookies.Append(Forgery, started.Forgery, forgery);
        response.Headers.CacheControl = "no-store";
    }

    public void Clear(HttpResponse response)
    {
        response.Cookies.Delete(Access, Cookie("/", null));
        response.Cookies.Delete(Refresh, Cookie(RefreshPath, null));
        response.Cookies.Delete(Forgery, Cookie("/", null));
    }

    private CookieOptions Cookie(string path, DateTimeOffset? expires) =>
        new() { Path = path, Expires = expires, Secure = options.IsSecure, HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true };
}
