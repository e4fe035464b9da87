using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Webhooks;

/// <summary>Where the workspace wants to be told what happens in it, and what came of telling.</summary>
public static class WebhooksApi
{
    public sealed record WebhookBody(string Url, IReadOnlyList<string>? Events = null, bool Paused = false, string? Reason = null) : IReasoned;
    public sealed record RotateBody(int? OverlapHours = null, string? Reason = null) : IReasoned;

    /// <summary>Sends to each of them what happens in a workspace: a hundred would be a load.</summary>
    private const int Most = 20;
    private const int UsualOverlap = 24;
    private const int LongestOverlap = 168;

    public static void MapWebhooksApi(this IEndpointRouteBuilder routes)
    {
        var hooks = routes.MapGroup("/v1/webhooks").WithTags("Webhooks");
        hooks.MapGet("", List).WithName("ListWebhooks").WithSummary("Webhooks, oldest first").Refuses(422, "page.bad-limit", "page.bad-cursor");
        hooks.MapPost("", Create).WithName("CreateWebhook").WithSummary("A new webhook; its secret is shown once").WithMetadata(new HoldsSecret()).Refuses(409, "webhook.too-many").Refuses(422, "webhook.bad-url", "webhook.private-address", "webhook.bad-events");
        hooks.MapGet("{webhook}", Get).WithName("GetWebhook").WithSummary("One webhook").Refuses(404, "webhook.not-found");
        hooks.MapPut("{webhook}", Change).WithName("SetWebhook").WithSummary("Change where and what, pause or resume").IfMatch(required: true)
            .Refuses(404, "webhook.not-found").Refuses(422, "webhook.bad-url", "webhook.private-address", "webhook.bad-events");
        hooks.MapDelete("{webhook}", Remove).WithName("RemoveWebhook").WithSummary("End it; what is under way is given up").Refuses(404, "webhook.not-found");
        hooks.MapPost("{webhook}/secret", Rotate).WithName("RotateWebhookSecret").WithSummary("A new secret, shown once; the one before signs as well for a while").WithMetadata(new HoldsSecret()).Refuses(404, "webhook.not-found").Refuses(422, "webhook.bad-overlap");
        hooks.MapPost("{webhook}/test", Test).WithName("TestWebhook").WithSummary("Sends webhook.test").Refuses(404, "webhook.not-found");
        hooks.MapGet("{webhook}/deliveries", Deliveries).WithName("ListDeliveries").WithSummary("What was sent, newest first").Refuses(404, "webhook.not-found").Refuses(422, "page.bad-limit", "page.bad-cursor");
        hooks.MapPost("{webhook}/deliveries/{delivery}/replay", Replay).WithName("ReplayDelivery").WithSummary("Sends it again, with the same id and body").Refuses(404, "webhook.not-found", "delivery.not-found");
    }

    private static async Task<JsonPage<WebhookView>> List([MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit, Caller caller, WebhookStore store, CancellationToken cancellation)
    {
        var (items, next) = await store.PageAsync(caller.Workspace, after, Page.Limit(limit), cancellation);
        return JsonPage<WebhookView>.Of(([.. items.Select(KernelJson.Write)], next));
    }

    private static async Task<WebhookMade> Create(WebhookBody body, Caller caller, WebhookStore store, WebhookOptions options, SecretBox box, Making making, HttpContext http, CancellationToken cancellation)
    {
        var (url, events) = (WebhookChecks.Url(body.Url, options), WebhookChecks.Events(body.Events.Whole("events")));
        if ((await store.PageAsync(caller.Workspace, null, Most, cancellation)).Items.Count >= Most)
            throw new ProblemException(StatusCodes.Status409Conflict, "webhook.too-many", "Too many webhooks", $"A workspace may have {Most}.", "Remove one, or have one receiver pass events on");
        var (id, secret) = ($"wh-{making.Hex(http, "webhook", 12)}", making.Bytes(http, "webhook secret", WebhookSignature.SecretBytes));
        await store.AddAsync(caller.Workspace, id, url, events, box.Seal(WebhookHandler.Purpose(caller.Workspace, id), secret), caller.Actor.Id, cancellation);
        return new(id, url, WebhookSignature.Text(secret));
    }

    private static async Task<JsonBody<WebhookView>> Get([Description("The webhook's id")] string webhook, Caller caller, WebhookStore store, CancellationToken cancellation) =>
        JsonBody<WebhookView>.Of(await FindAsync(webhook, caller, store, cancellation));

    private static async Task<WebhookView> Change([Description("The webhook's id")] string webhook, WebhookBody body, Caller caller, WebhookStore store, WebhookOptions options, CancellationToken cancellation)
    {
        var seen = await FindAsync(webhook, caller, store, cancellation);
        if (IfVersion.Refusal($"webhook/{webhook}", seen.StateVersion) is { } stale) throw ProblemException.Of(stale);
        var (url, events) = (WebhookChecks.Url(body.Url, options), WebhookChecks.Events(body.Events.Whole("events")));
        if (!await store.ChangeAsync(caller.Workspace, webhook, seen.StateVersion, url, events, body.Paused, cancellation)) throw Preconditions.Stale($"webhook/{webhook}");
        return await FindAsync(webhook, caller, store, cancellation);
    }

    private static async Task<WebhookView> Remove([Description("The webhook's id")] string webhook, Caller caller, WebhookStore store, CancellationToken cancellation)
    {
        var seen = await FindAsync(webhook, caller, store, cancellation);
        await store.RemoveAsync(caller.Workspace, webhook, cancellation);
        return seen;
    }

    private static async Task<WebhookMade> Rotate([Description("The webhook's id")] string webhook, RotateBody? body, Caller caller, WebhookStore store, SecretBox box, CancellationToken cancellation)
    {
        var hours = body?.OverlapHours ?? UsualOverlap;
        if (hours is < 0 or > LongestOverlap) throw ProblemException.Invalid("webhook.bad-overlap", $"'overlapHours' is {hours}.", $"0 to {LongestOverlap}, {UsualOverlap} when left out");
        var seen = await FindAsync(webhook, caller, store, cancellation);
        var secret = WebhookSignature.NewSecret();
        if (!await store.RotateAsync(caller.Workspace, webhook, box.Seal(WebhookHandler.Purpose(caller.Workspace, webhook), secret), TimeSpan.FromHours(hours), cancellation)) throw Missing(webhook);
        return new(webhook, seen.Url, WebhookSignature.Text(secret));
    }

    private static async Task<DeliveryMade> Test([Description("The webhook's id")] string webhook, Caller caller, WebhookStore store, TimeProvider time, CancellationToken cancellation)
    {
        await FindAsync(webhook, caller, store, cancellation);
        var id = $"msg_{webhook}_test-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        await store.SendAsync(caller.Workspace, webhook, id, "webhook.test", KernelJson.Write(new { type = "webhook.test", timestamp = time.GetUtcNow(), data = new { askedBy = caller.Actor.Id } }), cancellation);
        return new(id);
    }

    private static async Task<JsonPage<DeliveryView>> Deliveries(
        [Description("The webhook's id")] string webhook, [AllowedValues("pending", "delivered", "failed")] string? state, [MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit,
        Caller caller, WebhookStore store, CancellationToken cancellation)
    {
        var bound = Page.Limit(limit);
        await FindAsync(webhook, caller, store, cancellation);
        var (items, next) = await store.DeliveriesAsync(caller.Workspace, webhook, state, after, bound, cancellation);
        return JsonPage<DeliveryView>.Of(([.. items.Select(KernelJson.Write)], next));
    }

    private static async Task<DeliveryView> Replay([Description("The webhook's id")] string webhook, [Description("The delivery's id")] string delivery, Caller caller, WebhookStore store, CancellationToken cancellation)
    {
        await FindAsync(webhook, caller, store, cancellation);
        return await store.ReplayAsync(caller.Workspace, webhook, delivery, cancellation)
            ?? throw new ProblemException(StatusCodes.Status404NotFound, "delivery.not-found", "No such delivery", $"There is no delivery '{delivery}' of {webhook} that has ended.", "List them: GET /v1/webhooks/{webhook}/deliveries");
    }

    private static async Task<WebhookView> FindAsync(string id, Caller caller, WebhookStore store, CancellationToken cancellation) => await store.FindAsync(caller.Workspace, id, cancellation) ?? throw Missing(id);

    private static ProblemException Missing(string id) => ProblemException.NotFound("webhook", id.Length > 60 ? id[..60] + "…" : id, "List them: prodsprint webhooks list");
}

/// <param name="Secret">Shown this once: with it the receiver tells ours from anybody's.</param>
public sealed record WebhookMade(string Id, string Url, string Secret);

/// <param name="Delivery">Look for it among the webhook's deliveries.</param>
public sealed record DeliveryMade(string Delivery);
