using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Server;

namespace ProdSprint.Demo;

/// <summary>One repository from import to production, three times: a first release, a good one, and a bad one that is caught and rolled back.</summary>
public static class DemoCommand
{
    private const string Author = "ana";
    private const string Approver = "ben";

    private static readonly Option<int> Port = new("--port") { Description = "Where the server listens", DefaultValueFactory = _ => 7400 };
    private static readonly Option<double> Rate = new("--rate") { Description = "Requests per second of the load generator", DefaultValueFactory = _ => 500 };

    public static Command Create() => new Command("demo", "Take a sample through everything, live") { Port, Rate }.Runs(async (run, cancellation) =>
    {
        var started = Stopwatch.StartNew();
        var url = await UpCommand.Ensure(run.Get(Port), cancellation);
        using var author = new ApiClient(url, Author);
        using var approver = new ApiClient(url, Approver);
        var stage = new DemoStages(run.Json);

        stage.Say("samples", "making a git repository out of samples/shop");
        var repository = await DemoRepository.CreateAsync(Cli.Home, cancellation);
        var name = await FreeName(author, cancellation);
        stage.Say("import", repository);
        var imported = await ImportCommand.Import(author, repository, name, cancellation);
        var project = imported["id"]!.ToString();

        await using var load = new DemoLoad(author, project, run.Get(Rate));
        var releases = new JsonArray();
        foreach (var version in (string[])["v1", "v2", "v3"])
        {
            stage.Title(version switch
            {
                "v1" => "v1: the first release, straight to production after staging and gates",
                "v2" => "v2: a good change, promoted by the judge step by step",
                _ => "v3: a real regression in its code, to be caught and rolled back",
            });
            var plan = await PlanCommands.Make(author, project, version, null, cancellation);
            stage.Say("audit", plan["summary"]!.ToString());
            if (plan["status"]!.ToString() == "ready")
            {
                stage.Say("plan", $"plan {plan["number"]}: {plan["document"]!["blockers"]!.AsArray().Count} blockers; {Approver} approves it");
                await approver.Post($"/v1/projects/{project}/plans/{plan["number"]}/approve", new { reason = "Read it: builds and starts the shop, nothing else", digest = plan["document"]!["digest"]!.ToString() }, cancellation);
            }
            else
            {
                stage.Say("plan", $"plan {plan["number"]}: executes exactly what was approved before, the approval carries over");
            }
            var release = await ReleaseCommands.Start(author, project, null, (int)plan["number"]!, false, $"Demo {version}", cancellation);
            var number = (int)release["number"]!;
            var before = load.Faults;
            var watch = new ReleaseWatch(author, project, number, run.Json);
            var ended = await watch.UntilEnded(cancellation);
            if (version == "v1") await load.StartAsync(cancellation);
            plan = await author.Get($"/v1/projects/{project}/plans/{plan["number"]}", cancellation);
            releases.Add(DemoReport.Release(version, imported, plan, ended, await TimelineCommand.Rows(author, project, null, 500, cancellation), load.Faults - before));
            stage.Outcome(ended);
        }
        await load.StopAsync();
        var rows = await TimelineCommand.Rows(author, project, null, 500, cancellation);
        stage.Timeline(rows);
        var dashboard = new Uri(url, $"/projects/{project}").ToString();
        var seconds = Math.Round(started.Elapsed.TotalSeconds, 1);
        run.Line($"{load.Sent:#,0} requests, {load.Faults} failed by ProdSprint, {seconds:0.0} s");
        run.Line($"dashboard  {dashboard}");
        run.Next("prodsprint down stops the server; the shop goes on serving until prodsprint down --all");
        var server = await author.Get("/v1/server", cancellation);
        return new JsonObject
        {
            ["dashboard"] = dashboard, ["project"] = project, ["engine"] = server["engine"]!.ToString(), ["releases"] = releases, ["seconds"] = seconds,
        };
    });

    private static async Task<string> FreeName(ApiClient api, CancellationToken cancellation)
    {
        for (var n = 1; ; n++)
        {
            var name = n == 1 ? "shop" : $"shop-{n}";
            if (await api.Find($"/v1/projects/{name}", cancellation) is null) return name;
        }
    }
}
