using System.Collections.Immutable;
using System.Security.Cryptography;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Audit;

/// <summary>The body of a mutation that says why.</summary>
public interface IReasoned
{
    string? Reason { get; }
}

/// <summary>
/// Every mutation leaves two rows: what was asked, written before anything is done, and what came of it. A server that dies in between leaves the first, so
/// nothing is ever done unseen; one that cannot write the first does nothing. Endpoints cannot forget it: it stands around all of <c>/v1</c>.
/// </summary>
public sealed partial class AuditTrail(AuditLog log, ViewReads views, IIdentity identity, IdentityOptions options, Memberships members, ILogger<AuditTrail> logger) : IEndpointFilter
{
    /// <summary>Where it is written what belongs to no workspace: who signed in, and what became of sessions. No request can name it, because no workspace is called so.</summary>
    public const string Accounts = "_accounts";

    private const int LongestAgent = 200;

    /// <summary>What is written of the request that is being carried out.</summary>
    private sealed class Writing(string chain)
    {
        /// <summary>Where its two rows are; and the workspaces that it is about beside that one.</summary>
        public List<string> Chains { get; } = [chain];

        public (string? Before, string? After)? Changed { get; set; }
    }

    /// <summary>Around what changes something: an endpoint that only looks need not pass through a filter to find out that it leaves no row.</summary>
    public void StandsAround(IEndpointConventionBuilder api) => api.Add(endpoint =>
    {
        if (!endpoint.Metadata.OfType<IHttpMethodMetadata>().Any(m => m.HttpMethods.All(HttpMethods.IsGet))) endpoint.FilterFactories.Add((_, next) => context => InvokeAsync(context, next));
    });

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || Permissions.Anonymous.Contains(ApiAction.Of(http))) return await next(context);
        var caller = identity.Of(http);
        var key = ResourceKey(caller.Workspace, http.Request.Path);
        var writing = new Writing(await ChainAsync(caller, ApiAction.Of(http)));
        http.Features.Set(writing);
        var asked = Event(http, caller, ApiAction.Of(http), "requested") with
        {
            Before = await DigestAsync(caller.Workspace, key, http.RequestAborted),
            Reason = context.Arguments.OfType<IReasoned>().FirstOrDefault()?.Reason,
        };
        await log.AppendAsync(writing.Chains[0], asked, http.RequestAborted);
        var outcome = "failed";
        try
        {
            var result = await next(context);
            outcome = result is IStatusCodeHttpResult { StatusCode: >= 400 and var status } ? $"refused: {status}" : "accepted";
            return result;
        }
        catch (ProblemException problem) when (problem.Status < 500)
        {
            outcome = $"refused: {problem.Code}";
            throw;
        }
        finally
        {
            views.Forget(caller.Workspace);
            await EndAsync(writing, caller.Workspace, key, asked with { Outcome = outcome });
        }
    }

    /// <summary>One row for what only looks, where looking is itself worth a record.</summary>
    /// <param name="action">Of what is no operation of the API: what was asked for over a live connection.</param>
    public async Task LookedAsync(HttpContext http, Caller caller, string outcome, string? action = null)
    {
        action ??= ApiAction.Of(http);
        await log.AppendAsync(await ChainAsync(caller, action), Event(http, caller, action, outcome), http.RequestAborted);
    }

    /// <summary>
    /// A mutation is about these workspaces as well: each has the same two rows, of which the first is written now. Said before anything is done.
    /// </summary>
    public async Task AboutAsync(HttpContext http, Caller caller, IEnumerable<string> workspaces, string? reason)
    {
        var chains = http.Features.Get<Writing>()?.Chains ?? throw new InvalidOperationException("Nothing is written of this request");
        foreach (var workspace in workspaces.Where(w => !chains.Contains(w)).ToArray())
        {
            await log.AppendAsync(workspace, Event(http, caller, ApiAction.Of(http), "requested") with { Reason = reason }, http.RequestAborted);
            chains.Add(workspace);
        }
    }

    /// <summary>What the row of the outcome is to say of before and after, where that is short, as roles are, and has no stored form to take a digest of.</summary>
    public static void Changed(HttpContext http, string? before, string? after) => (http.Features.Get<Writing>() ?? throw new InvalidOperationException("Nothing is written of this request")).Changed = (before, after);

    /// <summary>
    /// A request names its workspace in a header, which alone writes in nobody's log: what needs no membership stands in a workspace's only when it comes from a member of it.
    /// </summary>
    private async ValueTask<string> ChainAsync(Caller caller, string action)
    {
        if (caller.Token is not null) return caller.Workspace;
        return await members.RolesAsync(caller.Workspace, caller.Actor.Id) switch
        {
            null => options.IsDevelopment || caller.Session?.IsAdministrator(options) is true ? caller.Workspace : Accounts,
            { IsEmpty: true } when Permissions.Of(action) is not { Own: false } => Accounts,
            _ => caller.Workspace,
        };
    }

    /// <summary>What a provider or a directory makes of a member, which no request of <c>/v1</c> says.</summary>
    public Task MemberAsync(HttpContext http, Caller by, string action, string account, ImmutableArray<Role>? before, ImmutableArray<Role>? after, string why, string outcome) =>
        log.AppendAsync(by.Workspace, Event(http, by, action, outcome) with { Resource = $"members/{account}", Before = RolesText(before), After = RolesText(after), Reason = why }, CancellationToken.None);

    /// <summary>Null: no member.</summary>
    public static string? RolesText(ImmutableArray<Role>? roles) => roles is { IsDefaultOrEmpty: false } some ? $"roles: {string.Join(", ", some.Select(r => r.ToString().ToLowerInvariant()))}" : null;

    /// <summary>A sign-in, or what came of trying; told by whoever decides it, because before it nobody is anybody.</summary>
    /// <param name="actor">Whose it is: an account's id, or what was claimed.</param>
    /// <param name="credential">The session's or token's id, never a secret.</param>
    /// <param name="how">By what way; the resource of the row.</param>
    public Task SignedInAsync(HttpContext http, string account, string credential, string how, string outcome) =>
        log.AppendAsync(Accounts, Event(http, new(Actor.User(account), Accounts, credential), "SignIn", outcome) with { Resource = $"sign-in/{how}" }, CancellationToken.None);

    /// <summary>Never cut short by a caller who has gone. What was done cannot be undone because its record fails: then the first row stands alone.</summary>
    private async Task EndAsync(Writing writing, string workspace, string? key, AuditEvent end)
    {
        try
        {
            end = writing.Changed is { } changed ? end with { Before = changed.Before, After = changed.After } : end with { After = await DigestAsync(workspace, key, CancellationToken.None) };
            foreach (var chain in writing.Chains) await log.AppendAsync(chain, end, CancellationToken.None);
        }
        catch (Npgsql.NpgsqlException e)
        {
            LogNotRecorded(e, end.Action, end.Resource, end.Outcome, end.Request);
        }
    }

    private static AuditEvent Event(HttpContext http, Caller caller, string action, string outcome)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        return new(
            caller.Actor.Id, caller.Credential, action, http.Request.Path.Value!.Replace("/v1/", "", StringComparison.Ordinal), outcome, null, null, null, RequestId.Of(http),
            http.Connection.RemoteIpAddress?.ToString(), agent.Length > LongestAgent ? agent[..LongestAgent] : agent);
    }

    /// <summary>The grain that <c>/v1/projects/shop/releases/3/…</c> is about; null: none that has a stored view.</summary>
    private static string? ResourceKey(string workspace, PathString path) => path.Value!.Split('/') switch
    {
        [_, _, "projects", var project, "releases", var number, ..] when int.TryParse(number, out var n) => GrainKeys.Release(workspace, project, n),
        [_, _, "projects", var project, "plans", var number, ..] when int.TryParse(number, out var n) => GrainKeys.Plan(workspace, project, n),
        [_, _, "projects", var project, ..] => GrainKeys.Project(workspace, project),
        _ => null,
    };

    private async Task<string?> DigestAsync(string workspace, string? key, CancellationToken cancellation) =>
        key is not null && await views.GetAsync(workspace, key, cancellation) is { } view ? $"sha256:{Convert.ToHexStringLower(SHA256.HashData(view))}" : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "{Action} of {Resource} was {Outcome}, and the audit log could not be told (request {Request})")]
    private partial void LogNotRecorded(Exception exception, string action, string resource, string outcome, string request);
}
