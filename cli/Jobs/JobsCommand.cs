using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Jobs;

public static class JobsCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The job's id" };
    private static readonly Option<string?> State = new("--state") { Description = "queued, running, succeeded, dead, cancelled" };

    public static Command Create() => new("jobs", "ProdSprint's own work")
    {
        new Command("list", "Newest first") { State }.Runs(async (run, cancellation) =>
        {
            var page = await run.Api.Get($"/v1/operations/jobs?limit=50{(run.Get(State) is { } s ? $"&state={s}" : "")}", cancellation);
            foreach (var job in page["items"]!.AsArray())
                run.Line($"{job!["state"],-10} {job["kind"],-18} attempt {job["attempt"]}/{job["maxAttempts"]}  {job["id"]}");
            var dead = page["items"]!.AsArray().FirstOrDefault(j => j!["state"]!.ToString() == "dead")?["id"];
            run.Next(dead is null ? "prodsprint jobs show ID" : $"prodsprint jobs replay '{dead}'");
            return page;
        }),
        new Command("show", "One job with its log") { Id }.Runs(async (run, cancellation) =>
        {
            var job = await run.Api.Get($"/v1/operations/jobs/{Uri.EscapeDataString(run.Get(Id)!)}", cancellation);
            run.Line(job.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
            run.Next(job["state"]!.ToString() == "dead" ? $"prodsprint jobs replay '{run.Get(Id)}'" : "prodsprint jobs list");
            return job;
        }),
        Act("retry", "Try a failed or waiting job now"),
        Act("replay", "Run a dead letter again"),
    };

    private static Command Act(string verb, string description) => new Command(verb, description) { Id }.Runs(async (run, cancellation) =>
    {
        var answer = await run.Api.Post($"/v1/operations/jobs/{Uri.EscapeDataString(run.Get(Id)!)}/{verb}", new { }, cancellation);
        run.Line($"{verb}: {run.Get(Id)}");
        run.Next($"prodsprint jobs show '{run.Get(Id)}'");
        return answer;
    });
}
