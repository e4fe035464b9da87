using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ProdSprint.Audit;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Moderation;

/// <summary>Tickets to those who run the server, and posts among the people of a workspace: two resources, one behaviour.</summary>
public static class ThreadsApi
{
    public sealed record ThreadBody(string Title, string Body, string? Reason = null) : IReasoned;
    public sealed record ChangeThreadBody(string Status, string? Title = null, string? Body = null, string? Reason = null) : IReasoned;

    private const int LongestTitle = 200;

    public static void MapThreadsApi(this IEndpointRouteBuilder routes)
    {
        Map(routes.MapGroup("/v1/support/tickets").WithTags("Support"), ThreadKind.Ticket, "Ticket", "Tickets to those who run the server");
        Map(routes.MapGroup("/v1/community/posts").WithTags("Community"), ThreadKind.Post, "Post", "Posts among the people of the workspace");
    }

    private static void Map(RouteGroupBuilder group, ThreadKind kind, string name, string what)
    {
        group.MapGet("", ([Description("Only with this status")] string? status, [AllowedValues("-createdAt", "createdAt")] string? sort, [MaxLength(Page.LongestCursor)] string? after,
                [Range(1, Page.MaxLimit)] int? limit, Caller caller, ThreadStore store, Authorisation authorisation, CancellationToken cancellation) => ListAsync(kind, status, sort, after, limit, caller, store, authorisation, cancellation))
            .WithName($"List{name}s").WithMetadata(new QueryWords("status", [.. kind.Statuses, ThreadKind.Unknown])).WithSummary($"{what}, newest first").Refuses(422, "page.bad-limit", "page.bad-cursor");
        group.MapPost("", (ThreadBody body, Caller caller, ThreadStore store, Making making, HttpContext http, CancellationToken cancellation) => CreateAsync(kind, body, caller, store, making.Hex(http, "thread", 12), cancellation))
            .WithName($"Create{name}").WithSummary($"A new {kind.Name}").Refuses(422, "thread.bad-text");
        group.MapGet("{thread}", ([Description("Its id")] string thread, Caller caller, ThreadStore store, Authorisation authorisation, CancellationToken cancellation) => GetAsync(kind, thread, caller, store, authorisation, cancellation))
            .WithName($"Get{name}").WithSummary($"One {kind.Name}").Refuses(404, $"{kind.Name}.not-found");
        group.MapPut("{thread}", ([Description("Its id")] string thread, ChangeThreadBody body, Caller caller, ThreadStore store, CancellationToken cancellation) => ChangeAsync(kind, thread, body, caller, store, cancellation))
            .WithName($"Set{name}").WithSummary("Change its status or its words").IfMatch(required: true).Refuses(404, $"{kind.Name}.not-found").Refuses(422, "thread.bad-text", "thread.bad-status");
    }

    private static async Task<JsonPage<ThreadView>> ListAsync(ThreadKind kind, string? status, string? sort, string? after, int? limit, Caller caller, ThreadStore store, Authorisation authorisation,
        CancellationToken cancellation)
    {
        var (items, next) = await store.ListAsync(caller.Workspace, kind, await MayModerateAsync(caller, authorisation) ? null : caller.Actor.Id, status, Sorting.ByTime(sort), after, Page.Limit(limit), cancellation);
        return JsonPage<ThreadView>.Of(([.. items.Select(KernelJson.Write)], next));
    }

    private static Task<ThreadView> CreateAsync(ThreadKind kind, ThreadBody body, Caller caller, ThreadStore store, string id, CancellationToken cancellation)
    {
        Check(body.Title, body.Body);
        return store.AddAsync(caller.Workspace, kind, id, body.Title, body.Body, caller.Actor.Id, cancellation);
    }

    private static async Task<JsonBody<ThreadView>> GetAsync(ThreadKind kind, string id, Caller caller, ThreadStore store, Authorisation authorisation, CancellationToken cancellation)
    {
        var found = await FindAsync(kind, id, caller, store, cancellation);
        return found.Status != ThreadKind.Hidden || found.Author == caller.Actor.Id || await MayModerateAsync(caller, authorisation) ? JsonBody<ThreadView>.Of(found) : throw Missing(kind, id);
    }

    private static ValueTask<bool> MayModerateAsync(Caller caller, Authorisation authorisation) => authorisation.MayAsync(caller, "SetPost");

    private static async Task<ThreadView> ChangeAsync(ThreadKind kind, string id, ChangeThreadBody body, Caller caller, ThreadStore store, CancellationToken cancellation)
    {
        if (!kind.Statuses.Contains(body.Status)) throw ProblemException.Invalid("thread.bad-status", "'status' is no status to set.", $"Set it to {string.Join(", ", kind.Statuses)}");
        var seen = await FindAsync(kind, id, caller, store, cancellation);
        var (title, text) = (body.Title ?? seen.Title, body.Body ?? seen.Body);
        Check(title, text);
        var key = $"{kind.Name}/{id}";
        if (IfVersion.Refusal(key, seen.StateVersion) is { } stale) throw ProblemException.Of(stale);
        return await store.ChangeAsync(caller.Workspace, kind, id, seen.StateVersion, title, text, body.Status, cancellation) ?? throw Preconditions.Stale(key);
    }

    private static async Task<ThreadView> FindAsync(ThreadKind kind, string id, Caller caller, ThreadStore store, CancellationToken cancellation) =>
        await store.FindAsync(caller.Workspace, kind, id, cancellation) ?? throw Missing(kind, id);

    private static ProblemException Missing(ThreadKind kind, string id) => ProblemException.NotFound(kind.Name, id.Length > 60 ? id[..60] + "…" : id, $"List the {kind.Plural}");

    private static void Check(string title, string body)
    {
        if (string.IsNullOrWhiteSpace(title) || title.Length > LongestTitle || string.IsNullOrWhiteSpace(body))
            throw ProblemException.Invalid("thread.bad-text", $"The title is empty or longer than {LongestTitle} characters, or there is no text.", "Say what it is about, and then what the matter is");
    }
}
