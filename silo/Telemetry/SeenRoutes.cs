using Npgsql;
using ProdSprint.Data;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>The routes that routers saw in production, each written once an hour. They are hints: what is lost is seen again.</summary>
public sealed class SeenRoutes(Database database, TimeProvider time)
{
    /// <summary>Of a project: what has more names something that varies, whatever it looks like.</summary>
    private const int Most = 200;

    /// <summary>Then it is no route of the application any more.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int MostRemembered = 10_000;
    private readonly HashSet<(string Workspace, string Project, string Route)> _written = [];
    private long _hour;

    /// <summary>One caller at a time.</summary>
    public async Task TakeAsync(IEnumerable<TrafficSecond> seconds, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_hour != now.ToUnixTimeSeconds() / 3600 || _written.Count > MostRemembered) _written.Clear();
        _hour = now.ToUnixTimeSeconds() / 3600;
        foreach (var second in seconds.Where(s => s is { Routes: not null, Environment: "production" }))
            foreach (var route in second.Routes!.Split('\n'))
            {
                if (_written.Contains((second.Workspace, second.Project, route))) continue;
                await WriteAsync(second.Workspace, second.Project, route, now, cancellation);
                _written.Add((second.Workspace, second.Project, route));
            }
    }

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string workspace, string project, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("SELECT route FROM route_seen WHERE workspace = $1 AND project = $2 AND last_at > $3 ORDER BY route COLLATE \"C\"", connection);
        foreach (var value in new object[] { workspace, project, (time.GetUtcNow() - Kept).UtcDateTime }) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var routes = new List<string>();
        while (await reader.ReadAsync(cancellation)) routes.Add(reader.GetString(0));
        return routes;
    }

    private async Task WriteAsync(string workspace, string project, string route, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            """
            WITH old AS (DELETE FROM route_seen WHERE workspace = $1 AND project = $2 AND last_at < $5)
            INSERT INTO route_seen (workspace, project, route, last_at)
            SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM route_seen WHERE workspace = $1 AND project = $2 AND route = $3) OR (SELECT count(*) FROM route_seen WHERE workspace = $1 AND project = $2) < $6
            ON CONFLICT (workspace, project, route) DO UPDATE SET last_at = excluded.last_at
            """, connection);
        foreach (var value in new object[] { workspace, project, route, now.UtcDateTime, (now - Kept).UtcDateTime, Most }) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
