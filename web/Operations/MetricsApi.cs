using System.Diagnostics;
using System.Globalization;
using System.Text;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Traffic;

namespace ProdSprint.Operations;

/// <summary><c>/metrics</c> in Prometheus' text format. Figures of this process and of the one database; no labels that grow with users.</summary>
public static class MetricsApi
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", async (
        GrainCallFigures grains, RequestFigures requests, JobReads jobs, Data.Database database, ITrafficRouter router, Server.ServerOptions server, CancellationToken cancellation) =>
    {
        var text = new MetricsText();
        Process(text, server.Home);
        foreach (var (route, kind, count, seconds) in requests.Read())
        {
            text.Add("prodsprint_http_requests_total", "counter", "Requests by route and status class", count, ("route", route), ("status", $"{kind}xx"));
            text.Add("prodsprint_http_request_seconds_total", "counter", "Time spent in requests", seconds, ("route", route), ("status", $"{kind}xx"));
        }
        foreach (var (type, c) in grains.Read())
        {
            text.Add("prodsprint_grain_calls_total", "counter", "Calls by grain type", c.Calls, ("type", type));
            text.Add("prodsprint_grain_errors_total", "counter", "Calls that threw, by grain type", c.Errors, ("type", type));
        }
        foreach (var (state, count) in await jobs.CountsAsync(cancellation)) text.Add("prodsprint_jobs", "gauge", "Jobs by state", count, ("state", state));
        await Releases(text, database, cancellation);
        await Router(text, router, cancellation);
        return Results.Text(text.ToString(), "text/plain; version=0.0.4; charset=utf-8");
    }).ExcludeFromDescription();

    private static void Process(MetricsText text, string home)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        text.Add("process_cpu_seconds_total", "counter", "CPU time of the server", process.TotalProcessorTime.TotalSeconds);
        text.Add("process_resident_memory_bytes", "gauge", "Resident memory of the server", process.WorkingSet64);
        text.Add("process_threads", "gauge", "Threads of the server", process.Threads.Count);
        var drive = new DriveInfo(home);
        text.Add("prodsprint_disk_free_bytes", "gauge", "Free where ProdSprint keeps its data", drive.AvailableFreeSpace);
        text.Add("prodsprint_disk_size_bytes", "gauge", "Size of the file system there", drive.TotalSize);
    }

    private static async Task Releases(MetricsText text, Data.Database database, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("SELECT body->>'phase', count(*) FROM resource_view WHERE kind = 'release' GROUP BY 1");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) text.Add("prodsprint_releases", "gauge", "Releases by phase", reader.GetInt64(1), ("phase", reader.GetString(0)));
    }

    private static async Task Router(MetricsText text, ITrafficRouter router, CancellationToken cancellation)
    {
        try
        {
            var status = await router.StatusAsync(cancellation);
            text.Add("prodsprint_router_up", "gauge", "The router answers", 1);
            text.Add("prodsprint_router_environments", "gauge", "Environments routed", status.Environments.Length);
            text.Add("prodsprint_router_dropped_requests_total", "counter", "Requests whose report was dropped", status.DroppedRequests);
        }
        catch (RouterUnavailableException)
        {
            text.Add("prodsprint_router_up", "gauge", "The router answers", 0);
        }
    }

    private sealed class MetricsText
    {
        private readonly SortedDictionary<string, StringBuilder> _families = new(StringComparer.Ordinal);

        public void Add(string name, string type, string help, double value, params (string Name, string Value)[] labels)
        {
            if (!_families.TryGetValue(name, out var family))
                _families[name] = family = new StringBuilder().Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");
            family.Append(name);
            if (labels.Length > 0)
                family.Append('{').AppendJoin(',', labels.Select(l => $"{l.Name}=\"{l.Value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"")).Append('}');
            family.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }

        public override string ToString() => string.Concat(_families.Values);
    }
}
