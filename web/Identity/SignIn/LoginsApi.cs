using System.ComponentModel;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <param name="Provider">A way's id, from <c>/v1/config</c> or <c>/v1/sign-in/route</c>.</param>
/// <param name="ReturnTo">A path of the dashboard; <c>/</c> when left out.</param>
public sealed record LinkBody(string Provider, string? ReturnTo = null);

/// <param name="Location">Where the browser is to go; the login is linked when it comes back.</param>
public sealed record LinkStarted(string Location);

/// <summary>The logins that open one's own account: list, add another, take one away.</summary>
public static class LoginsApi
{
    public static void MapLoginsApi(this IEndpointRouteBuilder routes)
    {
        var logins = routes.MapGroup("/v1/me/logins").WithTags("Sign-in");
        logins.MapGet("", List).WithName("ListLogins").WithSummary("The logins that open your account");
        logins.MapPost("", Link).WithName("LinkLogin").WithSummary("Begin to link another login; completed by signing in with it in this browser").WithMetadata(new NeverReplayed())
            .Refuses(404, "way.not-found").Refuses(409, "session.needed").Refuses(503, "provider.unavailable");
        logins.MapDelete("{id}", Unlink).WithName("UnlinkLogin").WithSummary("Unlink a login; the last one stays").Refuses(404, "login.not-found").Refuses(409, "login.last");
    }

    private static async Task<JsonPage<LoginView>> List(Caller caller, Logins logins, CancellationToken cancellation) => JsonPage<LoginView>.Of(await logins.ListAsync(AccountOf(caller), cancellation));

    private static async Task<JsonBody<LinkStarted>> Link(LinkBody body, Caller caller, SignInFlow flow, SignInCookie cookie, HttpContext http)
    {
        if (caller.Session is not { } session)
            throw new ProblemException(StatusCodes.Status409Conflict, "session.needed", "Not in a session", "A login is linked to the account that a browser is signed in to.", "Sign in at the dashboard first");
        try
        {
            return JsonBody<LinkStarted>.Of(new LinkStarted((await flow.StartAsync(http, body.Provider ?? "", cookie.Ensure(http), SignInApi.ReturnTo(body.ReturnTo), new(session.Account, session.Id))).ToString()));
        }
        catch (SignInException e) when (e.Fault == SignInFault.NoWay)
        {
            throw new ProblemException(StatusCodes.Status404NotFound, "way.not-found", "No such way to sign in", e.Message, "Choose one of /v1/config");
        }
        catch (SignInException e)
        {
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "provider.unavailable", e.Fault.Title, e.Message, e.Fault.Next);
        }
    }

    private static async Task<JsonPage<LoginView>> Unlink([Description("The login's id")] string id, Caller caller, Logins logins, CancellationToken cancellation) =>
        await logins.UnlinkAsync(AccountOf(caller), id, cancellation) switch
        {
            Logins.Unlinked.NotFound => throw ProblemException.NotFound("login", id, "See your logins: GET /v1/me/logins"),
            Logins.Unlinked.LastWay => throw new ProblemException(StatusCodes.Status409Conflict, "login.last", "The last way in", "Without it you could not sign in any more.", "Link another login first"),
            _ => JsonPage<LoginView>.Of(await logins.ListAsync(AccountOf(caller), cancellation)),
        };

    private static string AccountOf(Caller caller) => caller.Actor.Id["user:".Length..];
}
