using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>The one list of runs and the one inbox of decisions.</summary>
public static class RunsApi
{
    public sealed record Decision(
        string Id, string Kind, string Project, int? Release, int? Plan, string Title, string Detail, string? RequestedBy, string? Since, string? Deadline, string[] Allowed);

    public static void MapRunsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/runs", Runs).WithTags("Runs").WithName("ListRuns").WithSummary("Releases of all projects, newest first")
            .Refuses(422, "page.bad-limit", "page.bad-cursor");
        routes.MapGet("/v1/decisions", Decisions).WithTags("Decisions").WithName("ListDecisions").WithSummary("What waits for a person");
    }

    private static async Task<JsonPage<ReleaseView>> Runs(
        [AllowedValues("active", "ended")] string? state, [MaxLength(40)] string? project, [AllowedValues("-createdAt", "createdAt")] string? sort, [MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit,
        Caller caller, ViewReads views, CancellationToken cancellation)
    {
        bool? ended = state is null ? null : state == "ended";
        return JsonPage<ReleaseView>.Of(await views.ListAsync(caller.Workspace, new("release", project, after, Page.Limit(limit), ended, Sorting.ByTime(sort)), cancellation));
    }

    private static async Task<JsonPage<Decision>> Decisions(Caller caller, ViewReads views, CancellationToken cancellation)
    {
        var plans = (await views.ListAsync(caller.Workspace, new("plan", Limit: Page.MaxLimit), cancellation)).Items.Select(p => JsonNode.Parse(p)!).Where(p => Text(p, "status") == "ready");
        var releases = (await views.ListAsync(caller.Workspace, new("release", Limit: Page.MaxLimit, Ended: false), cancellation)).Items.Select(r => JsonNode.Parse(r)!);
        // An older plan that was never approved waits for nobody once a newer one is there.
        var newest = plans.GroupBy(p => Text(p, "project")).Select(g => g.MaxBy(p => (int)p["number"]!)!);
        var items = newest.Select(p => new Decision(
                Text(p, "key")!, "plan-approval", Text(p, "project")!, null, (int)p["number"]!, $"Approve plan {p["number"]} of {p["project"]} ({p["version"]})",
                $"{p["summary"]}; {p["document"]!["blockers"]!.AsArray().Count} blockers{Approvals(p)}", Text(p, "requestedBy"), Text(p, "requestedAt"), null, ["approve"]))
            .Concat(releases.Where(r => Text(r, "phase") is "awaitingApproval" or "held" or "paused").Select(r => new Decision(
                Text(r, "key")!, Text(r, "phase") switch { "awaitingApproval" => "release-approval", "held" => "hold", _ => "pause" }, Text(r, "project")!,
                (int)r["number"]!, null, $"Release {r["number"]} of {r["project"]} ({r["version"]}) {Waits(Text(r, "phase"))}", Text(r, "message") ?? "", Text(r, "startedBy"), Text(r, "startedAt"), Text(r, "deadline"),
                [.. r["allowed"]!.AsArray().Select(a => a!.ToString())])))
            .ToArray();
        return JsonPage<Decision>.Of(items);
    }

    private static string Approvals(JsonNode plan) => plan["document"]!["policy"]!["approvers"] is { } needed ? $"; {plan["approvals"]?.AsArray().Count ?? 0} of {needed} people have approved it" : "";

    private static string Waits(string? phase) => phase switch { "awaitingApproval" => "waits for approval", "held" => "is held", _ => "is paused" };

    private static string? Text(JsonNode node, string name) => node[name]?.ToString();
}
