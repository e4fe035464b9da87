using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>One's passkeys, and signing in by one: the browser finds out which, so no name is asked for.</summary>
public static class PasskeysApi
{
    /// <param name="Challenge">As it came with the options.</param>
    /// <param name="Credential">What the browser made, <c>JSON.stringify(credential)</c>.</param>
    /// <param name="Name">Which device it is.</param>
    public sealed record PasskeyBody(Guid Challenge, string Credential, string Name);

    public sealed record PasskeySignInBody(Guid Challenge, string Credential);

    private const int LongestName = 60;

    public static void MapPasskeysApi(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/v1/passkeys").WithTags("Identity");
        own.MapGet("", List).WithName("ListPasskeys").WithSummary("Your passkeys");
        own.MapPost("options", Options).WithName("StartPasskey").WithSummary("What the browser needs to make one").WithMetadata(new HoldsSecret()).Refuses(409, "passkey.too-many");
        own.MapPost("", Add).WithName("AddPasskey").WithSummary("Keep the one it made").WithMetadata(new HoldsSecret()).Refuses(401, "passkey.refused").Refuses(422, "passkey.bad-name");
        own.MapDelete("{id}", Remove).WithName("RemovePasskey").WithSummary("Take one away").Refuses(404, "passkey.not-found");
        var signIn = routes.MapGroup("/v1/sign-in/passkey").WithTags("Identity").WithMetadata(new NeverReplayed(), new InTier(RateTier.SignIn));
        signIn.MapPost("options", Asked).WithName("StartPasskeySignIn").WithSummary("What the browser needs to sign in, or to confirm a session, by a passkey");
        signIn.MapPost("", SignIn).WithName("SignInByPasskey").WithSummary("Signed in by what it answered: cookies are set").Refuses(401, "passkey.refused").Refuses(403, "account.disabled");
    }

    /// <summary>The framework's handler over our accounts. The person has to be verified by the device, so a passkey is two factors in one.</summary>
    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddIdentityCore<Account>();
        services.AddScoped<IUserStore<Account>, PasskeyStore>().AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.AddSingleton<Passkeys>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IdentityOptions>((passkey, identity) =>
        {
            passkey.UserVerificationRequirement = "required";
            passkey.ResidentKeyRequirement = "required";
            // Behind a proxy the name is the public one, whatever this server is called inside.
            passkey.ServerDomain = identity.Public?.Host;
            var own = identity.Public?.GetLeftPart(UriPartial.Authority);
            passkey.ValidateOrigin = c => ValueTask.FromResult(!c.CrossOrigin
                && string.Equals(c.Origin, own ?? $"{c.HttpContext.Request.Scheme}://{c.HttpContext.Request.Host}", StringComparison.OrdinalIgnoreCase));
        });
    }

    private static async Task<JsonBody<PasskeyList>> List(Caller caller, Passkeys passkeys, CancellationToken cancellation) => JsonBody<PasskeyList>.Of(new PasskeyList(await passkeys.OfAsync(caller.Account, cancellation)));

    private static async Task<PasskeyOptions> Options(Caller caller, Passkeys passkeys, Accounts accounts, IdentityOptions options, HttpContext http, CancellationToken cancellation)
    {
        if (options.IsDevelopment) await accounts.EnsureAsync(caller.Account, cancellation);
        return await passkeys.OptionsToCreateAsync(http, caller.Account, cancellation);
    }

    private static async Task<PasskeyRow> Add(PasskeyBody body, Caller caller, Passkeys passkeys, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(body.Name) || body.Name.Length > LongestName)
            throw ProblemException.Invalid("passkey.bad-name", "A passkey has a name.", $"Say in 1 to {LongestName} characters which device it is");
        var added = await passkeys.AddAsync(http, caller.Account, body.Challenge, body.Credential, body.Name.Trim(), cancellation);
        // The device has verified the person just now, as it does when they show it again; but who has one-time passwords shows one of these.
        if (caller.Session is { NeedsFactor: false } session) await sessions.ProvedAsync(session.Id, cancellation);
        return added;
    }

    private static async Task<CommandAnswer> Remove([Description("The passkey's id"), MaxLength(1400)] string id, Caller caller, Passkeys passkeys, CancellationToken cancellation) =>
        await passkeys.RemoveAsync(caller.Account, id, cancellation) ? new("passkey", 0, null) : throw ProblemException.NotFound("passkey", id.Length > 60 ? id[..60] : id, "List them: GET /v1/passkeys");

    private static Task<PasskeyOptions> Asked(Passkeys passkeys, HttpContext http, CancellationToken cancellation) => passkeys.OptionsToSignInAsync(http, cancellation);

    private static async Task<SessionRefreshed> SignIn(PasskeySignInBody body, Passkeys passkeys, Sessions sessions, HttpContext http, CancellationToken cancellation)
    {
        var account = await passkeys.AssertAsync(http, body.Challenge, body.Credential, null, cancellation);
        var session = await sessions.StartAsync(http, account, "passkey", secondFactor: true, cancellation);
        return new(session.Account, session.AccessExpires, session.EndsAt);
    }
}
