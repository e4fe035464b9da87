using System.CommandLine;
using ProdSprint.Kernel;

namespace ProdSprint.Webhooks;

/// <summary>Where the workspace is told of, and what came of it.</summary>
public static class WebhooksCommand
{
    private static readonly Argument<string> Url = new("url") { Description = "Where to send to, https://…" };
    private static readonly Argument<string> Id = new("id") { Description = "The webhook's id" };
    private static readonly Argument<string> Delivery = new("delivery") { Description = "The delivery's id" };
    private static readonly Option<string[]> Events = new("--event") { Description = "Only these kinds, e.g. release.promoted or release.*; everything when left out", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> Overlap = new("--overlap-hours") { Description = "How long the secret before signs as well", DefaultValueFactory = _ => 24 };

    public static Command Create() => new("webhooks", "Where what happens is told of")
    {
        new Command("list", "Oldest first").Runs(async (run, cancellation) =>
        {
            var page = await run.Api.All("/v1/webhooks", cancellation);
            foreach (var w in page["items"]!.AsArray()) run.Line($"{w!["id"],-16} {((bool)w["paused"]! ? "paused" : "active"),-8} {w["url"]}  {string.Join(' ', w["events"]!.AsArray().Select(e => e!.ToString()))}");
            if (page["items"]!.AsArray().Count == 0)
            {
                run.Line("None: nothing is told to anybody.");
                run.Next("prodsprint webhooks create URL --event release.promoted");
            }
            return page;
        }),
        new Command("create", "A new one; its secret is shown once") { Url, Events }.Runs(async (run, cancellation) =>
        {
            var made = await run.Api.Post("/v1/webhooks", new { url = run.Get(Url), events = run.Get(Events) }, cancellation);
            run.Line($"Webhook {made["id"]}\nSecret  {made["secret"]}");
            run.Next($"prodsprint webhooks test {made["id"]}");
            return made;
        }),
        new Command("remove", "End it") { Id }.Runs(async (run, cancellation) =>
        {
            run.Confirm($"Remove the webhook {run.Get(Id)}?");
            var gone = await run.Api.Delete(Path(run), cancellation);
            run.Line($"Webhook {run.Get(Id)} is removed");
            return gone;
        }),
        new Command("rotate", "A new secret, shown once") { Id, Overlap }.Runs(async (run, cancellation) =>
        {
            var made = await run.Api.Post($"{Path(run)}/secret", new { overlapHours = run.Get(Overlap) }, cancellation);
            run.Line($"Secret  {made["secret"]}");
            return made;
        }),
        new Command("test", "Send webhook.test") { Id }.Runs(async (run, cancellation) =>
        {
            var sent = await run.Api.Post($"{Path(run)}/test", new { }, cancellation);
            run.Next($"prodsprint webhooks deliveries {run.Get(Id)}");
            return sent;
        }),
        new Command("deliveries", "What was sent, newest first") { Id }.Runs(async (run, cancellation) =>
        {
            var page = await run.Api.Get($"{Path(run)}/deliveries?limit=50", cancellation);
            foreach (var d in page["items"]!.AsArray()) run.Line($"{d!["createdAt"]}  {d["state"],-10} {d["status"],3}  {d["event"],-28} {d["id"]}  {d["problem"]}");
            if (page["items"]!.AsArray().FirstOrDefault(d => d!["state"]!.ToString() == "failed") is { } failed) run.Next($"prodsprint webhooks replay {run.Get(Id)} {failed["id"]}");
            return page;
        }),
        new Command("replay", "Send a delivery again") { Id, Delivery }.Runs((run, cancellation) =>
            Answer(run.Api.Post($"{Path(run)}/deliveries/{Uri.EscapeDataString(run.Get(Delivery)!)}/replay", new { }, cancellation))),
    };

    private static async Task<System.Text.Json.Nodes.JsonNode?> Answer(Task<System.Text.Json.Nodes.JsonNode> sent) => await sent;

    private static string Path(CommandRun run) => $"/v1/webhooks/{Uri.EscapeDataString(run.Get(Id)!)}";
}
