using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net.Mail;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>A way to sign in.</summary>
/// <param name="Kind"><c>development</c> believes the name it is told; <c>google</c>, <c>apple</c>, <c>github</c>, <c>oidc</c>, <c>saml</c>.</param>
/// <param name="Start">Where a browser goes to begin; add <c>?returnTo=/path</c>.</param>
public sealed record SignInWay(string Id, string Kind, string Name, string? Start);

/// <param name="Way">Null: nothing in particular for this address; offer the server's own ways.</param>
public sealed record WayFound(SignInWay? Way);

/// <summary>What a sign-in page needs to know before anybody is signed in.</summary>
public static class WaysApi
{
    public static void MapWaysApi(this IEndpointRouteBuilder routes)
    {
        var ways = routes.MapGroup("/v1/sign-in").WithTags("Sign-in");
        ways.MapGet("route", Route).WithName("FindWay").WithSummary("Where somebody with this address signs in").Refuses(422, "email.bad");
        ways.MapGet("faults", () => JsonPage<SignInFault>.Of(SignInFault.All)).WithName("ListSignInFaults").WithSummary("Every code with which a sign-in may end, in words, with what to do");
    }

    /// <summary>By the domain alone: whether there is such an address, or an account of it, is not told.</summary>
    private static async Task<JsonBody<WayFound>> Route([Description("Their e-mail address"), MaxLength(254)] string email, Connections connections, CancellationToken cancellation)
    {
        if (!MailAddress.TryCreate(email, out var address) || address.Address != email) throw ProblemException.Invalid("email.bad", "That is no e-mail address.", "Give it as name@example.com");
        return JsonBody<WayFound>.Of(new WayFound(await connections.OfDomainAsync(address.Host, cancellation) is var (id, name) ? new SignInWay(id, "sso", name, SignInAddresses.Start(id)) : null));
    }

    public static ImmutableArray<SignInWay> Of(ServerProviders server, IdentityOptions options) =>
    [
        .. options.IsDevelopment ? [new SignInWay("development", "development", "Development", null)] : ImmutableArray<SignInWay>.Empty,
        .. server.All.Select(p => new SignInWay(p.Id, p.Kind.ToString().ToLowerInvariant(), p.Name, SignInAddresses.Start(p.Id))),
    ];
}
