using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Gates;

/// <param name="By">k6 or built-in.</param>
/// <param name="Scenario">Its digest; the scenario is a document.</param>
public sealed record PerformanceRunRow(long Run, int Release, string Commit, string By, string Scenario, DateTimeOffset At, string Detail);

/// <summary>What routes showed under load, run after run, and their budgets.</summary>
public sealed class PerformanceStore(Database database, DocumentStore documents)
{
    /// <summary>Of each project.</summary>
    private const int KeptRuns = 200;

    /// <summary>The stable version's last ones that make its baseline: enough that one bad minute is none.</summary>
    private const int BaselineRuns = 5;

    /// <summary>The list of routes that a commit is loaded by. Nothing found is nothing kept, so that what has no interface leaves no rows.</summary>
    /// <returns>Its digest; null: there is nothing to load.</returns>
    public async Task<string?> KeepRoutesAsync(string workspace, string project, string commit, RouteList list, DateTimeOffset at, CancellationToken cancellation)
    {
        if (list.Routes.IsEmpty && list.LeftOut.IsEmpty && list.Scripts.IsEmpty) return null;
        var digest = await documents.PutAsync(workspace, "routes", KernelJson.Write(list), cancellation);
        await using var connection = await database.App(workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var add = Command(connection,
            """
            INSERT INTO performance_routes (workspace, project, commit, digest, source, routes, left_out, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (workspace, project, commit) DO UPDATE SET digest = excluded.digest, source = excluded.source, routes = excluded.routes, left_out = excluded.left_out, at = excluded.at
            """, workspace, project, commit, digest, list.Source, list.Routes.Length, list.LeftOut.Length, at.UtcDateTime))
            await add.ExecuteNonQueryAsync(cancellation);
        await using (var prune = Command(connection,
            "DELETE FROM performance_routes WHERE workspace = $1 AND project = $2 AND commit NOT IN (SELECT commit FROM performance_routes WHERE workspace = $1 AND project = $2 ORDER BY at DESC LIMIT $3)", workspace, project, KeptRuns))
            await prune.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return list.Routes.IsEmpty ? null : digest;
    }

    public async Task<RouteList?> RoutesAsync(string workspace, string digest, CancellationToken cancellation) =>
        await documents.GetAsync(workspace, digest, cancellation) is { } json ? KernelJson.Read<RouteList>(json) : null;

    /// <summary>The newest list, or that of a commit; null: none is known.</summary>
    public async Task<(string Commit, RouteList List)?> LastRoutesAsync(string workspace, string project, string? commit, CancellationToken cancellation)
    {
        string digest;
        await using (var connection = await database.App(workspace, cancellation))
        {
            await using var command = Command(connection, "SELECT commit, digest FROM performance_routes WHERE workspace = $1 AND project = $2 AND ($3::text IS NULL OR commit = $3) ORDER BY at DESC, commit LIMIT 1", workspace, project, Text(commit));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            if (!await reader.ReadAsync(cancellation)) return null;
            (commit, digest) = (reader.GetString(0), reader.GetString(1));
        }
        return await RoutesAsync(workspace, digest, cancellation) is { } list ? (commit, list) : null;
    }

    /// <summary>One round, once: told again by the same job, it changes nothing.</summary>
    public async Task AddAsync(string workspace, string project, string job, PerformanceRunRow row, ImmutableArray<RouteVerdict> verdicts, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var add = Command(connection,
            "INSERT INTO performance_run (workspace, project, job, release, commit, made_by, scenario, at, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING run",
            workspace, project, job, row.Release, row.Commit, row.By, row.Scenario, row.At.UtcDateTime, row.Detail);
        if (await add.ExecuteScalarAsync(cancellation) is not long run) return;
        foreach (var (m, limit, breach) in verdicts)
        {
            await using var figure = Command(connection,
                """
                INSERT INTO performance_figure (workspace, project, run, route, requests, failed, p50_ms, p95_ms, p99_ms, problem, limit_p95_ms, p95_from, limit_errors, errors_from, breach)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                """, workspace, project, run, m.Route, m.Requests, m.Failed, m.P50Ms, m.P95Ms, m.P99Ms, Text(m.Problem), Number(limit?.P95Ms), Text(limit?.P95From), Number(limit?.ErrorPercent), Text(limit?.ErrorFrom), Text(breach));
            await figure.ExecuteNonQueryAsync(cancellation);
        }
        await using var prune = Command(connection,
            """
            WITH old AS (
              DELETE FROM performance_run WHERE workspace = $1 AND project = $2 AND run NOT IN (SELECT run FROM performance_run WHERE workspace = $1 AND project = $2 ORDER BY run DESC LIMIT $3) RETURNING run)
            DELETE FROM performance_figure f USING old WHERE f.workspace = $1 AND f.project = $2 AND f.run = old.run
            """, workspace, project, KeptRuns);
        await prune.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Newest first.</summary>
    public async Task<ImmutableArray<PerformanceRunRow>> RunsAsync(string workspace, string project, int? release, int most, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = Command(connection,
            "SELECT run, release, commit, made_by, scenario, at, detail FROM performance_run WHERE workspace = $1 AND project = $2 AND ($3::integer IS NULL OR release = $3) ORDER BY run DESC LIMIT $4",
            workspace, project, new NpgsqlParameter { Value = (object?)release ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer }, most);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = ImmutableArray.CreateBuilder<PerformanceRunRow>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(new(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetString(6)));
        return rows.ToImmutable();
    }

    public async Task<ImmutableArray<RouteVerdict>> FiguresAsync(string workspace, string project, long run, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = Command(connection,
            """
            SELECT route, requests, failed, p50_ms, p95_ms, p99_ms, problem, limit_p95_ms, p95_from, limit_errors, errors_from, breach
            FROM performance_figure WHERE workspace = $1 AND project = $2 AND run = $3 ORDER BY route COLLATE "C"
            """, workspace, project, run);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var verdicts = ImmutableArray.CreateBuilder<RouteVerdict>();
        while (await reader.ReadAsync(cancellation))
        {
            var route = reader.GetString(0);
            var limit = new RouteLimit(route, Double(reader, 7), String(reader, 8), Double(reader, 9), String(reader, 10));
            verdicts.Add(new(new(route, reader.GetInt32(1), reader.GetInt32(2), reader.GetDouble(3), reader.GetDouble(4), reader.GetDouble(5), String(reader, 6)),
                limit is { P95Ms: null, ErrorPercent: null } ? null : limit, String(reader, 11)));
        }
        return verdicts.ToImmutable();
    }

    /// <summary>Of the last rounds of a commit that were made in the same way: the median of their p95, and all their requests together.</summary>
    public async Task<ImmutableArray<RouteBaseline>> BaselinesAsync(string workspace, string project, string? commit, string by, CancellationToken cancellation)
    {
        if (commit is null) return [];
        await using var connection = await database.App(workspace, cancellation);
        await using var command = Command(connection,
            """
            SELECT route, count(*)::integer, sum(requests)::integer, percentile_cont(0.5) WITHIN GROUP (ORDER BY p95_ms), 100.0 * sum(failed)::double precision / greatest(sum(requests), 1)
            FROM performance_figure JOIN (SELECT run FROM performance_run WHERE workspace = $1 AND project = $2 AND commit = $3 AND made_by = $4 ORDER BY run DESC LIMIT $5) last USING (run)
            WHERE workspace = $1 AND project = $2 AND requests > 0 GROUP BY route ORDER BY route COLLATE "C"
            """, workspace, project, commit, by, BaselineRuns);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var baselines = ImmutableArray.CreateBuilder<RouteBaseline>();
        while (await reader.ReadAsync(cancellation)) baselines.Add(new(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), Math.Round(reader.GetDouble(3), 2), Math.Round(reader.GetDouble(4), 2)));
        return baselines.ToImmutable();
    }

    /// <summary>What readiness says; null: no routes are known.</summary>
    public async Task<PerformanceFacts?> FactsAsync(string workspace, string project, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = Command(connection,
            """
            SELECT k.source, k.routes, l.commit, f.measured, f.compared, f.breaches
            FROM (SELECT source, routes FROM performance_routes WHERE workspace = $1 AND project = $2 ORDER BY at DESC, commit LIMIT 1) k
            LEFT JOIN (SELECT run, commit FROM performance_run WHERE workspace = $1 AND project = $2 ORDER BY run DESC LIMIT 1) l ON true
            LEFT JOIN LATERAL (
              SELECT count(*)::integer AS measured, count(coalesce(limit_p95_ms, limit_errors))::integer AS compared, array_remove(array_agg(breach ORDER BY route COLLATE "C"), NULL) AS breaches
              FROM performance_figure WHERE workspace = $1 AND project = $2 AND run = l.run) f ON true
            """, workspace, project);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        return new(reader.GetString(0), reader.GetInt32(1), String(reader, 2), reader.GetInt32(3), reader.GetInt32(4), reader.IsDBNull(5) ? [] : [.. reader.GetFieldValue<string[]>(5)]);
    }

    public async Task<ImmutableArray<RouteBudget>> BudgetsAsync(string workspace, string project, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = Command(connection, "SELECT route, p95_ms, error_percent, made_by, at FROM performance_budget WHERE workspace = $1 AND project = $2 ORDER BY route COLLATE \"C\"", workspace, project);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var budgets = ImmutableArray.CreateBuilder<RouteBudget>();
        while (await reader.ReadAsync(cancellation)) budgets.Add(new(reader.GetString(0), Double(reader, 1), Double(reader, 2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4)));
        return budgets.ToImmutable();
    }

    /// <summary>Those that are named; one without figures is removed, and one that stays as it was keeps who set it and when.</summary>
    public async Task SetBudgetsAsync(string workspace, string project, IReadOnlyCollection<RouteBudget> budgets, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var gone = Command(connection, "DELETE FROM performance_budget WHERE workspace = $1 AND project = $2 AND route = ANY ($3)", workspace, project, budgets.Where(b => b is { P95Ms: null, ErrorPercent: null }).Select(b => b.Route).ToArray()))
            await gone.ExecuteNonQueryAsync(cancellation);
        foreach (var b in budgets.Where(b => b is not { P95Ms: null, ErrorPercent: null }).OrderBy(b => b.Route, StringComparer.Ordinal))
        {
            await using var set = Command(connection,
                """
                INSERT INTO performance_budget AS old (workspace, project, route, p95_ms, error_percent, made_by, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (workspace, project, route) DO UPDATE SET p95_ms = excluded.p95_ms, error_percent = excluded.error_percent, made_by = excluded.made_by, at = excluded.at
                WHERE (old.p95_ms, old.error_percent) IS DISTINCT FROM (excluded.p95_ms, excluded.error_percent)
                """, workspace, project, b.Route, Number(b.P95Ms), Number(b.ErrorPercent), b.By, b.At.UtcDateTime);
            await set.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        return command;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Number(double? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double };

    private static string? String(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);

    private static double? Double(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetDouble(at);
}
