using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

/// <summary>What this server offers, so that a client need not find out by trying. Needs no sign-in and tells nothing about what is in it.</summary>
public static class ConfigApi
{
    /// <param name="SignIn">The server's own ways to sign in; workspaces' are found by address: <c>/v1/sign-in/route</c>.</param>
    public sealed record Config(
        string Product, string Version, string Engine, string Environment, ApiConfig Api, IReadOnlyList<SignInWay> SignIn, LimitsConfig Limits, OffersConfig Offers);

    /// <param name="OpenApi">Where the description is.</param>
    /// <param name="Live">The SignalR hub.</param>
    public sealed record ApiConfig(string Version, string OpenApi, string Live);

    /// <param name="RequestBytes">The longest body of a request.</param>
    /// <param name="TextChars">The longest text within one.</param>
    /// <param name="PageLimit">The most items of a page.</param>
    /// <param name="IdempotencyHours">How long an <c>Idempotency-Key</c> is remembered.</param>
    public sealed record LimitsConfig(long RequestBytes, int TextChars, int PageDefault, int PageLimit, int IdempotencyHours);

    public sealed record OffersConfig(IReadOnlyList<string> DeployTargets, IReadOnlyList<string> Strategies, IReadOnlyList<string> JudgePolicies, IReadOnlyList<string> PolicyProfiles);

    /// <summary>Where a client looks that does not know yet which version of the API there is.</summary>
    public const string Unversioned = "/api/v1/config";

    public static void MapConfigApi(this IEndpointRouteBuilder routes, ServerFacts facts)
    {
        Delegate answer = (IHostEnvironment environment, ServerProviders providers, IdentityOptions identity) => JsonBody<Config>.Of(new Config(
            "ProdSprint", facts.Version, facts.Engine, environment.EnvironmentName, new("v1", "/openapi/v1.json", "/hubs/live"), WaysApi.Of(providers, identity),
            new(ServerHost.MaxRequestBytes, PlainText.LongestText, Page.DefaultLimit, Page.MaxLimit, (int)IdempotencyStore.Kept.TotalHours),
            new(["local"], ["canary", "blueGreen"], [.. Releases.CanaryPolicies.Names], [.. Plans.PolicyProfiles.Names])));
        routes.MapGet("/v1/config", answer).WithTags("Server").WithName("GetConfig").WithSummary("What this server offers, and its limits");
        routes.MapGet(Unversioned, answer).ExcludeFromDescription();
    }
}
