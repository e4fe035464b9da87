using System.Collections.Immutable;
using System.ComponentModel;
using System.Net;
using ProdSprint.Audit;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>The session one is in, and all one has.</summary>
public static class SessionsApi
{
    /// <param name="RefreshToken">Left out by a browser, which has it in a cookie.</param>
    public sealed record RefreshBody(string? RefreshToken = null);

    public static void MapSessionsApi(this IEndpointRouteBuilder routes)
    {
        var one = routes.MapGroup(SessionCookies.RefreshPath).WithTags("Identity");
        one.MapGet("", Current).WithName("GetSession").WithSummary("The session you are in").Refuses(404, "session.not-one");
        one.MapDelete("", SignOut).WithName("EndSession").WithSummary("Sign out").Refuses(404, "session.not-one");
        one.MapPost("refresh", Refresh).WithName("RefreshSession").WithSummary("A new access token for the refresh token, which is spent; its successor comes along")
            .WithMetadata(new NeverReplayed(), new InTier(RateTier.Stranger)).Refuses(401, "session.over", "session.reused");
        var all = routes.MapGroup("/v1/sessions").WithTags("Identity");
        all.MapGet("", List).WithName("ListSessions").WithSummary("Where you are signed in: with what, from where, when last");
        all.MapDelete("{id:guid}", Revoke).WithName("RevokeSession").WithSummary("End one of your sessions").Refuses(404, "session.not-found");
        all.MapDelete("", RevokeAll).WithName("RevokeSessions").WithSummary("End all your sessions but this one");
    }

    private static JsonBody<SessionView> Current(Caller caller, IdentityOptions options) => caller.Session is { } s
        ? JsonBody<SessionView>.Of(new SessionView(s.Id, s.Account, s.AuthenticatedAt, s.FactorAt, s.ProvedAt.AddMinutes(options.StepUpMinutes), s.EndsAt, s.NeedsFactor, s.IsAdministrator(options)))
        : throw NotOne();

    private static async Task<SessionsEnded> SignOut(Caller caller, Sessions sessions, SessionCookies cookies, HttpContext http, CancellationToken cancellation)
    {
        if (caller.Session is not { } session) throw NotOne();
        cookies.Clear(http.Response);
        return new(await sessions.EndAsync(session.Account, session.Id, "signed out", cancellation) ? 1 : 0);
    }

    private static async Task<SessionRefreshed> Refresh(RefreshBody? body, Sessions sessions, SessionCookies cookies, HttpContext http, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (body?.RefreshToken is { } shown)
        {
            var tool = await sessions.RefreshAsync(http, shown, cancellation);
            return new(tool.Account, tool.AccessExpires, tool.EndsAt, tool.AccessToken, tool.RefreshToken);
        }
        var started = await sessions.RefreshAsync(http, http.Request.Cookies[cookies.Refresh] ?? "", cancellation);
        cookies.Set(http.Response, started);
        return new(started.Account, started.AccessExpires, started.EndsAt);
    }

    private static async Task<JsonBody<SessionList>> List(Caller caller, SessionInventory inventory, CancellationToken cancellation) =>
        JsonBody<SessionList>.Of(new SessionList(await inventory.OfAsync(caller.Account, caller.Session?.Id, cancellation)));

    private static async Task<SessionsEnded> Revoke([Description("The session's id")] Guid id, Caller caller, Sessions sessions, CancellationToken cancellation) =>
        await sessions.EndAsync(caller.Account, id, "revoked", cancellation) ? new(1)
        : throw ProblemException.NotFound("session", id.ToString(), "List them: GET /v1/sessions");

    private static async Task<SessionsEnded> RevokeAll([Description("This one as well")] bool? all, Caller caller, Sessions sessions, CancellationToken cancellation) =>
        new(await sessions.EndAllAsync(caller.Account, "revoked", all is true ? null : caller.Session?.Id, cancellation));

    private static ProblemException NotOne() => new(
        StatusCodes.Status404NotFound, "session.not-one", "Not a session", "You are not signed in by a session.", "Sign in: prodsprint login, or the dashboard");
}

/// <param name="AuthenticatedAt">When you last signed in.</param>
/// <param name="FactorAt">When you last showed a second factor in this session.</param>
/// <param name="StepUpUntil">Until then nothing asks who you are again.</param>
/// <param name="NeedsFactor">Nothing can be done before the second factor has been shown.</param>
/// <param name="Administrator">May make the first Admin of a workspace.</param>
public sealed record SessionView(
    Guid Id, string Account, DateTimeOffset AuthenticatedAt, DateTimeOffset? FactorAt, DateTimeOffset StepUpUntil, DateTimeOffset EndsAt, bool NeedsFactor, bool Administrator);

/// <param name="AccessExpires">When to refresh again.</param>
/// <param name="AccessToken">For <c>Authorization: Bearer</c>; a browser has it in a cookie.</param>
public sealed record SessionRefreshed(string Account, DateTimeOffset AccessExpires, DateTimeOffset EndsAt, string? AccessToken = null, string? RefreshToken = null);

/// <param name="How">By what way it was signed in.</param>
/// <param name="UsedAt">To half a minute.</param>
/// <param name="Origin">The address it was last used from.</param>
/// <param name="Agent">The program, as it calls itself.</param>
/// <param name="Current">The one this was asked in.</param>
public sealed record SessionRow(Guid Id, string How, DateTimeOffset CreatedAt, DateTimeOffset UsedAt, DateTimeOffset EndsAt, string? Origin, string? Agent, bool Current)
{
    /// <summary>Of which network the address is: <c>loopback</c> (this machine), <c>private</c> (not of the open internet) or <c>public</c>. Where that is in the world is asked of nobody.</summary>
    public string? Network => !IPAddress.TryParse(Origin, out var address) ? null : IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) ? "loopback" : PublicAddresses.IsPublic(address) ? "public" : "private";
}

public sealed record SessionList(ImmutableArray<SessionRow> Items);

public sealed record SessionsEnded(int Ended);
