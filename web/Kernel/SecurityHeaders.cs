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
    private const string Orleans = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>
    /// Scripts of the page's nonce and what those load; style elements of its nonce or from here. Style attributes may be set, because charts and menus are placed by
    /// them. <c>ws:</c> is the live connection in browsers to which 'self' is http only.
    /// </summary>
    public static string Page(string nonce, bool reports) =>
        $"default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + $"connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'{(reports ? $"; report-uri {CspReports.Path}" : "")}";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        // When the answer starts, because an exception clears the headers that were set before it.
        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
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
            return Task.CompletedTask;
        }, context);
        return next(context);
    });
}
