using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

public static class LogsCommand
{
    private static readonly Option<int?> Release = new("--release", "-r") { Description = "The release (default: the one in flight, else the newest)" };
    private static readonly Option<string> Source = new("--source") { Description = "build, or the running copy: staging, production", DefaultValueFactory = _ => "production" };
    private static readonly Option<string?> Service = new("--service") { Description = "Of a running copy: a service that runs beside the one with the traffic" };
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Stay and print what comes" };
    private static readonly Option<bool> Server = new("--server") { Description = "ProdSprint's own log" };

    public static Command Create()
    {
        Source.AcceptOnlyFromAmong("build", "staging", "production");
        return new Command("logs", "What a build or a running version wrote") { PlanCommands.Project, Release, Source, Service, Follow, Server }.Runs(async (run, cancellation) =>
        {
            if (run.Get(Follow) && run.Json)
                throw new CliException(ExitCode.Usage, "logs.endless", "Not one document", "What is followed has no end, and --json prints one document.", "Leave out --follow or --json");
            if (run.Get(Server)) return OwnLog(run);
            var project = await run.Project(run.Get(PlanCommands.Project), cancellation);
            var number = run.Get(Release) ?? await ReleaseCommands.Current(run.Api, project, cancellation);
            var lines = new JsonArray();
            long after = 0;
            do
            {
                var page = await run.Api.Get($"/v1/projects/{project}/logs?release={number}&source={run.Get(Source)}&after={after}{(run.Get(Service) is { } service ? $"&service={Uri.EscapeDataString(service)}" : "")}", cancellation);
                foreach (var line in page["lines"]!.AsArray())
                {
                    run.Line(line!.ToString());
                    lines.Add(line.DeepClone());
                }
                var next = (long)page["next"]!;
                if (next == after && !run.Get(Follow)) break;
                if (next == after) await Task.Delay(300, cancellation);
                after = next;
            }
            while (true);
            run.Next($"prodsprint timeline --project {project} --release {number}");
            return new JsonObject { ["project"] = project, ["release"] = number, ["source"] = run.Get(Source), ["lines"] = lines };
        });
    }

    private static JsonObject OwnLog(CommandRun run)
    {
        var path = Path.Combine(Cli.Home, "server.log");
        if (!File.Exists(path)) throw new CliException(ExitCode.NotFound, "server.no-log", "No log", $"There is no {path}.", "Start the server: prodsprint up");
        var lines = File.ReadLines(path).TakeLast(200).ToArray();
        foreach (var line in lines) run.Line(line);
        run.Next("prodsprint status");
        return new() { ["lines"] = new JsonArray([.. lines.Select(l => JsonValue.Create(l))]) };
    }
}
