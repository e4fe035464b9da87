using ProdSprint.Identity;
using ProdSprint.Server;

namespace ProdSprint.Kernel;

/// <summary>
/// What is said on every answer: the request's id (<see cref="RequestId"/>), and to browsers no frames, no guessing of types, no referrer; and which scripts and styles may run. The dashboard's page names its own by
/// a nonce that no two pages share (<see cref="DashboardPage"/>); an answer of the API is no page, and may do nothing at all.
/// </summary>
public static class SecurityHeaders
{
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Orleans' own dashboard, which knows of no nonces.</summary>
    private const string Orleans = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>A year, as those ask who keep lists of such sites. Of this name only: what else is below it is not ours to say.</summary>
    private const string OnlyTls = "max-age=31536000";

    /// <summary>
    /// Scripts of the page's nonce and what those load; style elements of its nonce or from here. Style attributes may be set, because charts and menus are placed by
    /// them. The live connection is named for browsers to which 'self' is http only.
    /// </summary>
    /// <param name="host">By which the page was asked for, with its port.</param>
    public static string Page(string nonce, bool reports, HostString host) =>
        $"default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + $"connect-src 'self'{(Uri.CheckHostName(host.Host) == UriHostNameType.Unknown ? "" : $" ws://{host} wss://{host}")}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'{(reports ? $"; report-uri {CspReports.Path}" : "")}";

    private static readonly Func<object, Task> Plain = static context => Tell((HttpContext)context, secure: false), Secure = static context => Tell((HttpContext)context, secure: true);

    public static void UseSecurityHeaders(this WebApplication app)
    {
        // Where browsers reach the server by https, they are never to come otherwise.
        var tell = app.Services.GetRequiredService<IdentityOptions>().IsSecure ? Secure : Plain;
        app.Use((context, next) =>
        {
            // When the answer starts, because an exception clears the headers that were set before it.
            context.Response.OnStarting(tell, context);
            return next(context);
        });
    }

    private static Task Tell(HttpContext context, bool secure)
    {
        context.Response.Headers[RequestId.Header] = context.TraceIdentifier;
        // Whoever is told that nothing has changed keeps the headers it was given with the answer (RFC 9111, 4.3.4).
        if (context.Response.StatusCode == StatusCodes.Status304NotModified) return Task.CompletedTask;
        var headers = context.Response.Headers;
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(WebParts.OrleansDashboard) ? Orleans : Nothing;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (secure) headers.StrictTransportSecurity = OnlyTls;
        return Task.CompletedTask;
    }
}
