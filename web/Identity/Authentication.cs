using ProdSprint.Audit;
using ProdSprint.Kernel;
using ProdSprint.Server;

namespace ProdSprint.Identity;

/// <summary>
/// Finds out by which credential a request comes, before anything asks who it is: <c>Authorization: Bearer</c>, else the browser's cookie. What it finds is kept with the
/// request (<see cref="SignedIn"/>), so that <see cref="IIdentity.Of"/> need not wait for the database.
/// </summary>
public sealed class Authentication(SessionTokens tokens, SessionCookies cookies, KnownCredentials known, LastUse lastUse, AuditTrail trail, TimeProvider time)
{
    private const string Bearer = "Bearer ";

    public async Task Resolve(HttpContext http, RequestDelegate next)
    {
        var now = time.GetUtcNow();
        if (Asks(http.Request.Path) && await FindAsync(http, now) is { } found)
        {
            http.Features.Set(found);
            if (found is { ByCookie: true, Session: { } session }) await RefuseForgedAsync(http, session);
            lastUse.Of(found, http.Connection.RemoteIpAddress, now);
        }
        await next(http);
    }

    /// <summary>Null: no credential was shown.</summary>
    private async ValueTask<SignedIn?> FindAsync(HttpContext http, DateTimeOffset now)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return await BearerAsync(header.AsMemory(Bearer.Length).Trim(), now, http.RequestAborted);
        if (http.Request.Cookies[cookies.Access] is not { Length: > 0 } cookie) return null;
        var session = await SessionAsync(cookie, now, http.RequestAborted);
        return new(session, ByCookie: true, Problem: session is null ? NotValid() : null);
    }

    /// <summary>What cannot have been made here is not looked for.</summary>
    private async ValueTask<SignedIn> BearerAsync(ReadOnlyMemory<char> shown, DateTimeOffset now, CancellationToken cancellation)
    {
        if (TokenFormat.IsWhole(shown.Span) && await known.TokenAsync(shown.ToString(), cancellation) is { } token) return new(null, token);
        return await SessionAsync(shown.Span, now, cancellation) is { } session ? new(session) : new(null, Problem: NotValid());
    }

    private ValueTask<SessionFacts?> SessionAsync(ReadOnlySpan<char> token, DateTimeOffset now, CancellationToken cancellation) =>
        tokens.ReadAccess(token) is { } read && read.Expires > now ? known.SessionAsync(read.Session, now, cancellation) : default;

    /// <summary>
    /// A browser sends cookies of itself, so a mutation has to show that it comes from a page of ours: by a header that only such a page can read from its cookie.
    /// Beside the cookie's SameSite and <see cref="SameOrigin"/>, which also stands before the live connection, where a browser can set no header.
    /// </summary>
    private async ValueTask RefuseForgedAsync(HttpContext http, SessionFacts session)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || http.Request.Path.StartsWithSegments("/hubs")) return;
        if (http.GetEndpoint()?.Metadata.GetMetadata<FromOtherSites>() is not null) return;
        if (SessionTokens.AreSame(http.Request.Headers[SessionCookies.ForgeryHeader].ToString(), tokens.Forgery(session.Id))) return;
        await TellAsync(http, session, "request.forged");
        throw new ProblemException(StatusCodes.Status403Forbidden, "request.forged", "Not sent by the dashboard",
            $"A change that a browser asks for needs the header {SessionCookies.ForgeryHeader}.", $"Send what the cookie {cookies.Forgery} says; the dashboard does");
    }

    /// <summary>A page of another site made a browser ask that is signed in here. Of a browser that is not, nothing is known and nothing written.</summary>
    public async ValueTask RefusedAsync(HttpContext http, string code)
    {
        if (Asks(http.Request.Path) && http.Request.Cookies[cookies.Access] is { Length: > 0 } cookie && await SessionAsync(cookie, time.GetUtcNow(), http.RequestAborted) is { } session) await TellAsync(http, session, code);
    }

    private Task TellAsync(HttpContext http, SessionFacts session, string code) =>
        trail.LookedAsync(http, new(session.Actor, RequestIdentity.Workspace(http) ?? Caller.DefaultWorkspace, session.Credential) { Session = session }, $"denied: {code}");

    private static bool Asks(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/hubs") || path.StartsWithSegments("/sign-in") || path.StartsWithSegments(WebParts.OrleansDashboard);

    private static ProblemException NotValid() => new(
        StatusCodes.Status401Unauthorized, "session.expired", "Not signed in", "What you were signed in with is not, or no longer, valid.", "Refresh the session, or sign in again: prodsprint login");
}
