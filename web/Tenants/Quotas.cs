using Npgsql;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>One limit of a workspace, and what of it is used.</summary>
/// <param name="Name"><c>projects</c>, <c>concurrentBuilds</c>, <c>telemetry</c> or <c>storage</c>.</param>
/// <param name="Unit">projects, builds, rows/s, bytes.</param>
/// <param name="Over">What happens beyond it.</param>
public sealed record Quota(string Name, long Limit, long Used, string Unit, string Over);

/// <summary>What a workspace may use and does use. Whoever asks for more than there is room for is told so before anything is begun.</summary>
public sealed class Quotas(Database database, IDeployReads target, LimitOptions limits, TimeProvider time)
{
    /// <summary>Storage grows by imports and builds, which take about as long as this.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(30);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (long At, long Bytes)> _stored = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<Quota>> AllAsync(string workspace, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        var builds = await CountAsync(connection, "SELECT count(*) FROM job WHERE workspace = $1 AND state = 1 AND kind = 'deploy.build'", workspace, cancellation);
        var rows = await CountAsync(connection,
            "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM traffic_second WHERE workspace = $1 AND second > extract(epoch FROM now())::bigint - 60 GROUP BY second) s", workspace, cancellation);
        return
        [
            new("projects", limits.ProjectsOf(workspace), await ProjectsAsync(connection, workspace, cancellation), "projects", "An import is refused."),
            new("concurrentBuilds", limits.ConcurrentBuildsOf(workspace), builds, "builds", "A build waits until another ends."),
            new("telemetry", limits.TelemetryOf(workspace), rows, "rows/s", "Further rows are not kept; a canary without figures holds."),
            new("storage", limits.StorageOf(workspace), await StoredAsync(workspace, cancellation), "bytes", "Imports, plans and releases are refused."),
        ];
    }

    /// <exception cref="ProblemException">403: what is kept fills the quota.</exception>
    public async Task RequireStorageAsync(string workspace, CancellationToken cancellation)
    {
        var (used, limit) = (await StoredAsync(workspace, cancellation), limits.StorageOf(workspace));
        if (used >= limit)
            throw Full("quota.storage", $"Workspace {workspace} keeps {used:#,0} bytes of repositories, builds and documents, and may keep {limit:#,0}.", "Builds that are no longer good for a way back are collected as new ones are kept; or ask whoever runs this server for more (Limits__StorageBytes)");
    }

    /// <summary>Imports one more project if there is room. One at a time in a workspace, over all web processes, so that two at once do not share the last place.</summary>
    public async Task<T> ImportAsync<T>(string workspace, string key, Func<Task<T>> import, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await CountAsync(connection, "SELECT 1::bigint FROM pg_advisory_xact_lock(hashtextextended('import/' || $1, 0))", workspace, cancellation);
        var (used, limit) = (await ProjectsAsync(connection, workspace, cancellation), limits.ProjectsOf(workspace));
        // One that is there already is refused by itself, with its own reason.
        if (used >= limit && !await ThereAsync(connection, workspace, key, cancellation))
            throw Full("quota.projects", $"Workspace {workspace} has {used} projects, and may have {limit}.", "Ask whoever runs this server for more (Limits__Projects); see prodsprint quotas");
        return await import();
    }

    private async Task<long> StoredAsync(string workspace, CancellationToken cancellation)
    {
        if (_stored.TryGetValue(workspace, out var known) && time.GetElapsedTime(known.At) < Known) return known.Bytes;
        await using var connection = await database.App(workspace, cancellation);
        var documents = await CountAsync(connection, "SELECT coalesce(sum(pg_column_size(body)), 0)::bigint FROM document WHERE workspace = $1", workspace, cancellation);
        var bytes = documents + await target.StoredBytesAsync(workspace, cancellation);
        _stored[workspace] = (time.GetTimestamp(), bytes);
        return bytes;
    }

    private static Task<long> ProjectsAsync(NpgsqlConnection connection, string workspace, CancellationToken cancellation) =>
        CountAsync(connection, "SELECT count(*) FROM resource_view WHERE workspace = $1 AND kind = 'project'", workspace, cancellation);

    private static async Task<bool> ThereAsync(NpgsqlConnection connection, string workspace, string key, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT 1 FROM resource_view WHERE workspace = $1 AND kind = 'project' AND key = $2", connection) { Parameters = { new() { Value = workspace }, new() { Value = key } } };
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql, string workspace, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = workspace } } };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static ProblemException Full(string code, string detail, string next) => new(StatusCodes.Status403Forbidden, code, "The quota is used up", detail, next);
}
