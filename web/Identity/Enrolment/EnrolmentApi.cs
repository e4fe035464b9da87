using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>Coming in by a code that was made at the machine.</summary>
public static class EnrolmentApi
{
    /// <param name="Code">As <c>prodsprint accounts enrol</c> printed it.</param>
    /// <param name="Tool">Tokens in the answer instead of cookies.</param>
    public sealed record EnrolBody(string Code, bool Tool = false);

    public static void MapEnrolmentApi(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/sign-in/enrol", Enrol).WithTags("Identity").WithName("Enrol").WithSummary("Sign in by a code that was made at the machine, once")
            .WithMetadata(new NeverReplayed(), new InTier(RateTier.SignIn)).Refuses(401, "enrolment.not-valid").Refuses(403, "account.disabled");

    private static async Task<SessionRefreshed> Enrol(EnrolBody body, Enrolments enrolments, Accounts accounts, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        if (await enrolments.TakeAsync(body.Code, cancellation) is not { } id || await accounts.FindAsync(id, cancellation) is not { } account)
            throw new ProblemException(StatusCodes.Status401Unauthorized, "enrolment.not-valid", "Not valid", "This code is not, or no longer, good.", "Have a new one made: prodsprint accounts enrol NAME");
        http.Response.Headers.CacheControl = "no-store";
        if (!body.Tool)
        {
            var browser = await sessions.StartAsync(http, account, "enrolment", cancellation: cancellation);
            return new(browser.Account, browser.AccessExpires, browser.EndsAt);
        }
        var tool = await sessions.OpenAsync(http, account, "enrolment", cancellation: cancellation);
        return new(tool.Account, tool.AccessExpires, tool.EndsAt, tool.AccessToken, tool.RefreshToken);
    }
}
