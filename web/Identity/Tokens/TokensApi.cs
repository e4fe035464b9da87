using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.RegularExpressions;
using ProdSprint.Audit;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Tokens for scripts: one's own, and those of services, which belong to the workspace.</summary>
public static partial class TokensApi
{
    /// <param name="Name">What it is for.</param>
    /// <param name="Permissions">Names from <c>GET /v1/permissions</c>; no more than you have yourself.</param>
    /// <param name="Days">How long it is good; 30 when left out.</param>
    public sealed record TokenBody(string Name, IReadOnlyList<string> Permissions, int? Days = null, string? Reason = null) : IReasoned;

    /// <param name="Service">Who uses it: acts as <c>service:NAME</c>.</param>
    public sealed record ServiceTokenBody(string Service, string Name, IReadOnlyList<string> Permissions, int? Days = null, string? Reason = null) : IReasoned;

    private const int UsualDays = 30;
    private const int LongestDays = 366;
    private const int LongestName = 100;

    public static void MapTokensApi(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/v1/tokens").WithTags("Identity");
        own.MapGet("", List).WithName("ListTokens").WithSummary("Your tokens in this workspace");
        Refuses(own.MapPost("", Create).WithName("CreateToken").WithSummary("Make a token that acts for you; it is shown once").WithMetadata(new HoldsSecret()));
        own.MapDelete("{id}", Revoke).WithName("RevokeToken").WithSummary("End one of your tokens").Refuses(404, "token.not-found");
        var services = routes.MapGroup("/v1/service-tokens").WithTags("Identity");
        services.MapGet("", ListOfServices).WithName("ListServiceTokens").WithSummary("Tokens of services in this workspace");
        Refuses(services.MapPost("", CreateForService).WithName("CreateServiceToken").WithSummary("Make a token for a service; it is shown once").WithMetadata(new HoldsSecret()))
            .Refuses(422, "token.bad-service");
        services.MapDelete("{id}", RevokeOfService).WithName("RevokeServiceToken").WithSummary("End a service's token").Refuses(404, "token.not-found");
    }

    private static RouteHandlerBuilder Refuses(RouteHandlerBuilder route) =>
        route.Refuses(403, "token.too-much").Refuses(409, "token.too-many").Refuses(422, "token.bad-name", "token.bad-days", "token.no-permission", "token.unknown-permission");

    private static async Task<JsonBody<TokenList>> List(Caller caller, AccessTokens tokens, CancellationToken cancellation) =>
        JsonBody<TokenList>.Of(new TokenList(await tokens.ListAsync(caller.Workspace, service: false, caller.Account, cancellation)));

    private static async Task<TokenMade> Create(TokenBody body, Caller caller, AccessTokens tokens, Authorisation authorisation, Making making, HttpContext http, CancellationToken cancellation)
    {
        var permissions = await AskedAsync(body.Name, body.Permissions, body.Days, caller, authorisation);
        return await tokens.MakeAsync(making.Hex(http, "token", 12), caller.Workspace, service: false, caller.Account, body.Name.Trim(), permissions, TimeSpan.FromDays(body.Days ?? UsualDays), caller.Actor.Id, cancellation);
    }

    private static async Task<CommandAnswer> Revoke([Description("The token's id")] string id, Caller caller, AccessTokens tokens, CancellationToken cancellation) =>
        Ended(await tokens.RevokeAsync(caller.Workspace, service: false, caller.Account, id, cancellation), id);

    private static async Task<JsonBody<TokenList>> ListOfServices(Caller caller, AccessTokens tokens, CancellationToken cancellation) =>
        JsonBody<TokenList>.Of(new TokenList(await tokens.ListAsync(caller.Workspace, service: true, null, cancellation)));

    private static async Task<TokenMade> CreateForService(ServiceTokenBody body, Caller caller, AccessTokens tokens, Authorisation authorisation, Making making, HttpContext http, CancellationToken cancellation)
    {
        if (!ServiceName().IsMatch(body.Service)) throw ProblemException.Invalid("token.bad-service", $"'{body.Service}' is no name of a service.", "1 to 40 of a-z, 0-9 and '-'");
        var permissions = await AskedAsync(body.Name, body.Permissions, body.Days, caller, authorisation);
        return await tokens.MakeAsync(making.Hex(http, "token", 12), caller.Workspace, service: true, body.Service, body.Name.Trim(), permissions, TimeSpan.FromDays(body.Days ?? UsualDays), caller.Actor.Id, cancellation);
    }

    private static async Task<CommandAnswer> RevokeOfService([Description("The token's id")] string id, Caller caller, AccessTokens tokens, CancellationToken cancellation) =>
        Ended(await tokens.RevokeAsync(caller.Workspace, service: true, null, id, cancellation), id);

    /// <summary>Nobody hands on more than they have.</summary>
    private static async Task<ImmutableArray<string>> AskedAsync(string name, IReadOnlyList<string> asked, int? days, Caller caller, Authorisation authorisation)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName) throw ProblemException.Invalid("token.bad-name", "A token has a name.", $"Say in 1 to {LongestName} characters what it is for");
        if (days is < 1 or > LongestDays) throw ProblemException.Invalid("token.bad-days", $"'days' is {days}.", $"1 to {LongestDays}, {UsualDays} when left out");
        ImmutableArray<string> names = [.. asked.Whole("permissions").Distinct()];
        if (names.IsEmpty) throw ProblemException.Invalid("token.no-permission", "A token that may nothing is of no use.", "Name permissions: GET /v1/permissions");
        foreach (var permission in names)
        {
            if (Permissions.All.FirstOrDefault(p => p.Name == permission) is not { } known || !known.MayBeATokens())
                throw ProblemException.Invalid("token.unknown-permission", $"'{permission}' is no permission that a token can have.", "Name permissions: GET /v1/permissions");
            if (!await authorisation.HasAsync(caller, known))
                throw new ProblemException(StatusCodes.Status403Forbidden, "token.too-much", "More than you have", $"You do not have '{permission}' in workspace {caller.Workspace} yourself.", "Leave it out, or ask an Admin");
        }
        return names;
    }

    private static CommandAnswer Ended(bool ended, string id) => ended ? new($"token/{id}", 0, null) : throw ProblemException.NotFound("token", id, "List them: prodsprint tokens list");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex ServiceName();
}

public sealed record TokenList(ImmutableArray<TokenRow> Items);
