using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>Signing in where there is no browser, after RFC 8628, with JSON as everywhere here.</summary>
public static class DeviceApi
{
    /// <param name="Client">What asks, to be shown to the person: <c>prodsprint on laptop</c>.</param>
    public sealed record DeviceBody(string Client);

    public sealed record DeviceTokenBody(string DeviceCode);

    private const int LongestClient = 100;

    public static void MapDeviceApi(this IEndpointRouteBuilder routes)
    {
        var device = routes.MapGroup("/v1/device").WithTags("Identity");
        device.MapPost("", Start).WithName("StartDevice").WithSummary("Ask to be let in: a code to be shown to the person").WithMetadata(new NeverReplayed(), new InTier(RateTier.SignIn))
            .Refuses(422, "device.bad-client");
        device.MapPost("token", Poll).WithName("PollDevice").WithSummary("Whether somebody has let it in: then its session").WithMetadata(new NeverReplayed(), new InTier(RateTier.Stranger))
            .Refuses(400, "device.authorization-pending", "device.slow-down", "device.expired-token", "device.access-denied").Refuses(403, "account.disabled");
        device.MapGet("{code}", Get).WithName("GetDevice").WithSummary("What waits behind a code").Refuses(404, "device.not-found");
        device.MapPost("{code}/approve", Approve).WithName("ApproveDevice").WithSummary("Let it in: it gets a session of yours").Refuses(404, "device.not-found");
        device.MapPost("{code}/deny", Deny).WithName("DenyDevice").WithSummary("Send it away").Refuses(404, "device.not-found");
    }

    private static async Task<DeviceStarted> Start(DeviceBody body, DeviceCodes codes, IdentityOptions options, HttpContext http, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(body.Client) || body.Client.Length > LongestClient) throw ProblemException.Invalid("device.bad-client", "The program does not say what it is.", $"1 to {LongestClient} characters");
        var (device, user) = await codes.StartAsync(body.Client, http.Connection.RemoteIpAddress?.ToString(), cancellation);
        var page = $"{options.Public?.GetLeftPart(UriPartial.Authority) ?? $"{http.Request.Scheme}://{http.Request.Host}"}/device";
        http.Response.Headers.CacheControl = "no-store";
        return new(device, user, page, $"{page}?code={user}", (int)DeviceCodes.Life.TotalSeconds, options.DevicePollSeconds);
    }

    private static async Task<SessionRefreshed> Poll(DeviceTokenBody body, DeviceCodes codes, Accounts accounts, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        var (answer, id, factor) = await codes.PollAsync(body.DeviceCode, cancellation);
        if (answer != DeviceAnswer.LetIn || await accounts.FindAsync(id!, cancellation) is not { } account) throw NotYet(answer);
        var session = await sessions.OpenAsync(http, account, "device", factor, cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return new(session.Account, session.AccessExpires, session.EndsAt, session.AccessToken, session.RefreshToken);
    }

    private static async Task<JsonBody<DeviceView>> Get([Description("The code the program shows"), MaxLength(20)] string code, DeviceCodes codes, CancellationToken cancellation) =>
        JsonBody<DeviceView>.Of(await codes.FindAsync(code, cancellation) ?? throw Missing());

    private static async Task<CommandAnswer> Approve([Description("The code the program shows"), MaxLength(20)] string code, Caller caller, DeviceCodes codes, Accounts accounts, IdentityOptions options, CancellationToken cancellation)
    {
        // Whoever is only said to be somebody has an account from when it is first needed.
        if (options.IsDevelopment) await accounts.EnsureAsync(caller.Account, cancellation);
        return await codes.AnswerAsync(code, caller.Account, caller.Session?.FactorAt is not null, cancellation) ? new("device", 0, null) : throw Missing();
    }

    private static async Task<CommandAnswer> Deny([Description("The code the program shows"), MaxLength(20)] string code, DeviceCodes codes, CancellationToken cancellation) =>
        await codes.AnswerAsync(code, null, false, cancellation) ? new("device", 0, null) : throw Missing();

    private static ProblemException Missing() => new(
        StatusCodes.Status404NotFound, "device.not-found", "No such code", "Nothing waits behind this code, or no longer.", "Compare it with what the program shows, or start again: prodsprint login");

    /// <summary>The codes are the RFC's, in our shape.</summary>
    private static ProblemException NotYet(DeviceAnswer answer)
    {
        var (code, detail, next) = answer switch
        {
            DeviceAnswer.Pending => ("authorization-pending", "Nobody has let it in yet.", "Ask again after the interval"),
            DeviceAnswer.SlowDown => ("slow-down", "Asked too often.", "Wait for the interval between two questions"),
            DeviceAnswer.Denied => ("access-denied", "It was sent away.", "Start again if that was a mistake: prodsprint login"),
            _ => ("expired-token", "The code is not, or no longer, good.", "Start again: prodsprint login"),
        };
        return new(StatusCodes.Status400BadRequest, $"device.{code}", "Not let in", detail, next);
    }
}

/// <param name="DeviceCode">What the program asks with; a secret.</param>
/// <param name="UserCode">What the person enters.</param>
/// <param name="VerificationUri">Where.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Interval">Seconds between two questions.</param>
public sealed record DeviceStarted(string DeviceCode, string UserCode, string VerificationUri, string VerificationUriComplete, int ExpiresIn, int Interval);
