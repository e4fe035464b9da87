using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>One's own second factor, and the proof that it is there.</summary>
public static class SecondFactorApi
{
    /// <param name="Code">Six digits from the application, or a recovery code.</param>
    public sealed record CodeBody(string Code);

    /// <param name="Code">A one-time password or a recovery code.</param>
    /// <param name="Challenge">Instead of it: what <c>POST /v1/sign-in/passkey/options</c> gave, and with it</param>
    /// <param name="Credential">what the browser made of it, as JSON.</param>
    public sealed record ConfirmBody(string? Code = null, Guid? Challenge = null, string? Credential = null);

    public static void MapSecondFactorApi(this IEndpointRouteBuilder routes)
    {
        var factor = routes.MapGroup("/v1/second-factor").WithTags("Identity");
        factor.MapGet("", Get).WithName("GetSecondFactor").WithSummary("Which second factors you have");
        factor.MapPost("totp", Start).WithName("StartTotp").WithSummary("Begin with one-time passwords: the secret, shown once").WithMetadata(new HoldsSecret()).Refuses(409, "factor.totp-on");
        WithCode(factor.MapPost("totp/confirm", Confirm).WithName("ConfirmTotp").WithSummary("The first code turns them on; recovery codes, shown once").WithMetadata(new HoldsSecret()));
        factor.MapDelete("totp", Remove).WithName("RemoveTotp").WithSummary("No one-time passwords any more").Refuses(404, "factor.totp-off");
        factor.MapPost("recovery-codes", Renew).WithName("NewRecoveryCodes").WithSummary("New recovery codes, shown once; the old ones are over").WithMetadata(new HoldsSecret()).Refuses(404, "factor.totp-off");
        WithCode(routes.MapPost("/v1/session/confirm", Prove).WithTags("Identity").WithName("ConfirmSession").WithSummary("Show in this session that it is you: by code or by passkey").WithMetadata(new NeverReplayed()))
            .Refuses(401, "passkey.refused").Refuses(404, "session.not-one").Refuses(422, "factor.nothing");
    }

    private static RouteHandlerBuilder WithCode(RouteHandlerBuilder route) =>
        route.WithMetadata(new InTier(RateTier.SignIn)).Refuses(422, "factor.wrong-code").Refuses(429, "factor.locked");

    private static async Task<JsonBody<SecondFactorView>> Get(Caller caller, SecondFactors factors, Passkeys passkeys, CancellationToken cancellation)
    {
        var (on, left) = await factors.OfAsync(caller.Account, cancellation);
        return JsonBody<SecondFactorView>.Of(new SecondFactorView(on, left, (await passkeys.OfAsync(caller.Account, cancellation)).Length));
    }

    private static async Task<TotpStarted> Start(Caller caller, SecondFactors factors, Accounts accounts, IdentityOptions options, HttpContext http, CancellationToken cancellation)
    {
        if (options.IsDevelopment) await accounts.EnsureAsync(caller.Account, cancellation);
        var secret = await factors.StartAsync(caller.Account, cancellation);
        var address = TotpPicture.Address(caller.Account, secret);
        http.Response.Headers.CacheControl = "no-store";
        return new(TotpPicture.Base32(secret), address, TotpPicture.Svg(address));
    }

    private static async Task<RecoveryCodesMade> Confirm(CodeBody body, Caller caller, SecondFactors factors, Accounts accounts, IdentityOptions options, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        if (options.IsDevelopment) await accounts.EnsureAsync(caller.Account, cancellation);
        var codes = await factors.ConfirmAsync(caller.Account, body.Code, cancellation);
        if (caller.Session is { } session) await sessions.ProvedAsync(session.Id, cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return new([.. codes]);
    }

    private static async Task<CommandAnswer> Remove(Caller caller, SecondFactors factors, CancellationToken cancellation) =>
        await factors.RemoveAsync(caller.Account, cancellation) ? new("second-factor", 0, null) : throw Off();

    private static async Task<RecoveryCodesMade> Renew(Caller caller, SecondFactors factors, HttpContext http, CancellationToken cancellation)
    {
        if (!(await factors.OfAsync(caller.Account, cancellation)).On) throw Off();
        http.Response.Headers.CacheControl = "no-store";
        return new([.. await factors.NewRecoveryCodesAsync(caller.Account, cancellation)]);
    }

    private static async Task<CommandAnswer> Prove(ConfirmBody body, Caller caller, SecondFactors factors, Passkeys passkeys, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        if (caller.Session is not { } session) throw new ProblemException(StatusCodes.Status404NotFound, "session.not-one", "Not a session", "You are not signed in by a session.", "Sign in: prodsprint login, or the dashboard");
        if (body is { Challenge: { } challenge, Credential: { } credential }) await passkeys.AssertAsync(http, challenge, credential, session.Account, cancellation);
        else if (body.Code is { } code) await factors.CheckAsync(session.Account, code, cancellation);
        else throw ProblemException.Invalid("factor.nothing", "Neither a code nor a passkey's answer was sent.", "Send 'code', or 'challenge' and 'credential'");
        await sessions.ProvedAsync(session.Id, cancellation);
        return new("session", 0, null);
    }

    private static ProblemException Off() => new(StatusCodes.Status404NotFound, "factor.totp-off", "There are none", "One-time passwords are off for this account.", "Turn them on: POST /v1/second-factor/totp");
}

/// <param name="Totp">One-time passwords are on.</param>
/// <param name="RecoveryCodes">How many are left.</param>
public sealed record SecondFactorView(bool Totp, int RecoveryCodes, int Passkeys);

/// <param name="Secret">To be typed where no picture can be taken.</param>
/// <param name="Uri">The same as an address: <c>otpauth://…</c>.</param>
/// <param name="Svg">The same as a QR code.</param>
public sealed record TotpStarted(string Secret, string Uri, string Svg);

/// <param name="Codes">Each good once, told this once.</param>
public sealed record RecoveryCodesMade(ImmutableArray<string> Codes);
