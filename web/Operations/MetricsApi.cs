using Npgsql;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Traffic;

namespace ProdSprint.Operations;

/// <summary>
/// <c>/metrics</c> in Prometheus' text format: figures of this process, of the one database and of the router; no labels that grow with users. What
/// cannot be asked at the moment is left out, and its <c>…_up</c> is 0: the figures of a server in trouble are the ones that are needed.
/// </summary>
public static class MetricsApi
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", async (
        GrainCallFigures grains, RequestFigures requests, JobReads jobs, Database database, AuditArchives archives, ITrafficOrders router, Server.ServerOptions server, MetricsOptions options, HttpContext http, CancellationToken cancellation) =>
    {
        if (!options.Allows(http.Request))
        {
            // When the answer starts, because the exception clears the headers that were set before it.
            http.Response.OnStarting(static context => Task.FromResult(((HttpContext)context).Response.Headers.WWWAuthenticate = "Bearer"), http);
            throw new ProblemException(StatusCodes.Status401Unauthorized, "metrics.token", "For whoever runs the server", "The figures are of all workspaces, so no workspace's token is good for them.",
                "Send Authorization: Bearer with what the server was given as Metrics__Token; without that setting nobody reads them where people sign in");
        }
        var text = new MetricsText();
        Process(text, server.Home);
        foreach (var r in requests.Read())
            text.Histogram("prodsprint_http_request_duration_seconds", "Time to answer requests", RequestFigures.Bounds, r.Counts, r.Seconds, ("route", r.Route), ("status", $"{r.StatusClass}xx"));
        foreach (var (type, c) in grains.Read())
        {
            text.Counter("prodsprint_grain_calls_total", "Calls by grain type", c.Calls, ("type", type));
            text.Counter("prodsprint_grain_errors_total", "Calls that threw, by grain type", c.Errors, ("type", type));
            text.Counter("prodsprint_grain_call_seconds_total", "Time spent in calls, by grain type", c.MeanMs * c.Calls / 1000, ("type", type));
        }
        await Stored(text, jobs, database, archives, cancellation);
        await Router(text, router, cancellation);
        return Results.Text(text.ToString(), MetricsText.ContentType);
    }).ExcludeFromDescription();

    private static void Process(MetricsText text, string home)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        text.Counter("process_cpu_seconds_total", "CPU time of the server", process.TotalProcessorTime.TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Resident memory of the server", process.WorkingSet64);
        text.Gauge("process_threads", "Threads of the server", process.Threads.Count);
        text.Gauge("process_start_time_seconds", "Unix time at which the server was started", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        var drive = new DriveInfo(home);
        text.Gauge("prodsprint_disk_free_bytes", "Free where ProdSprint keeps its data", drive.AvailableFreeSpace);
        text.Gauge("prodsprint_disk_size_bytes", "Size of the file system there", drive.TotalSize);
    }

    private static async Task Stored(MetricsText text, JobReads jobs, Database database, AuditArchives archives, CancellationToken cancellation)
    {
        const string Help = "PostgreSQL answers";
        try
        {
            foreach (var (state, count) in await jobs.CountsAsync(cancellation)) text.Gauge("prodsprint_jobs", "Jobs by state", count, ("state", state));
            await using var command = database.Worker.CreateCommand("SELECT body->>'phase', count(*) FROM resource_view WHERE kind = 'release' GROUP BY 1");
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) text.Gauge("prodsprint_releases", "Releases by phase", reader.GetInt64(1), ("phase", reader.GetString(0)));
            text.Gauge("prodsprint_audit_archive_problems", "Workspaces whose audit log could not be archived", await archives.ProblemsAsync(cancellation));
            text.Gauge("prodsprint_database_up", Help, 1);
        }
        catch (NpgsqlException)
        {
            text.Gauge("prodsprint_database_up", Help, 0);
        }
    }

    private static async Task Router(MetricsText text, ITrafficOrders router, CancellationToken cancellation)
    {
        const string Help = "The router answers";
        try
        {
            var status = await router.StatusAsync(cancellation);
            text.Gauge("prodsprint_router_up", Help, 1);
            text.Gauge("prodsprint_router_environments", "Environments routed", status.Environments.Length);
            text.Counter("prodsprint_router_dropped_requests_total", "Requests whose report was dropped", status.DroppedRequests);
        }
        catch (RouterUnavailableException)
        {
            text.Gauge("prodsprint_router_up", Help, 0);
        }
    }
}
