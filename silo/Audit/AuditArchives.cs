using Npgsql;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Audit;

/// <param name="From">Number of its first row.</param>
/// <param name="At">When its rows were taken out of the database.</param>
/// <param name="By">Who did it; the server itself: <c>system:audit-archive</c>.</param>
/// <param name="File">In the server's archive folder; null: somebody archived by hand, and knows where.</param>
public sealed record AuditArchived(long From, long To, DateTimeOffset At, string By, string? File);

/// <param name="Since">It has been so at every try since.</param>
public sealed record AuditArchiveProblem(string Detail, string Next, DateTimeOffset Since, DateTimeOffset TriedAt);

/// <summary>Where a workspace's old rows are.</summary>
/// <param name="Last">Null: all rows are here.</param>
/// <param name="Problem">Why the server could not archive what is old; null: nothing is wrong.</param>
public sealed record AuditArchiveState(AuditArchived? Last, AuditArchiveProblem? Problem);

/// <summary>What is known of archives in the database.</summary>
public sealed class AuditArchives(Database database)
{
    /// <summary>Who archives when nobody does it by hand.</summary>
    public static Actor Server { get; } = Actor.System("audit-archive");

    public Task<AuditArchiveState> ReadAsync(string workspace, CancellationToken cancellation = default) => database.ReadAsync(
        workspace,
        () => new NpgsqlBatchCommand(
            """
            SELECT a.from_seq, a.to_seq, a.pruned_at, a.pruned_by, p.problem, p.next, p.since, p.tried_at
            FROM (SELECT $1 AS workspace) w
            LEFT JOIN LATERAL (SELECT * FROM audit_archive l WHERE l.workspace = w.workspace ORDER BY l.to_seq DESC LIMIT 1) a ON true
            LEFT JOIN audit_archive_problem p ON p.workspace = w.workspace
            """)
        { Parameters = { new() { Value = workspace } } },
        async r =>
        {
            await r.ReadAsync(cancellation);
            return new AuditArchiveState(
                r.IsDBNull(0) ? null : new(r.GetInt64(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2), r.GetString(3), r.GetString(3) == Server.Id ? AuditFile.Name(workspace, r.GetInt64(0), r.GetInt64(1)) : null),
                r.IsDBNull(4) ? null : new(r.GetString(4), r.GetString(5), r.GetFieldValue<DateTimeOffset>(6), r.GetFieldValue<DateTimeOffset>(7)));
        },
        cancellation);

    /// <summary>In how many workspaces something is wrong.</summary>
    public async Task<long> ProblemsAsync(CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("SELECT count(*) FROM audit_archive_problem");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Workspaces with rows from before this time.</summary>
    internal async Task<IReadOnlyList<string>> DueAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            "SELECT h.workspace FROM audit_head h WHERE EXISTS (SELECT FROM audit_log l WHERE l.workspace = h.workspace AND l.at < $1) ORDER BY h.workspace");
        command.Parameters.Add(new() { Value = before.ToUniversalTime() });
        var due = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) due.Add(reader.GetString(0));
        return due;
    }

    /// <returns>True: it was another one before, or none.</returns>
    internal async Task<bool> SetProblemAsync(string workspace, string problem, string next, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            """
            WITH known AS (SELECT k.problem FROM audit_archive_problem k WHERE k.workspace = $1)
            INSERT INTO audit_archive_problem AS p (workspace, problem, next, since, tried_at) VALUES ($1, $2, $3, $4, $4)
            ON CONFLICT (workspace) DO UPDATE SET problem = excluded.problem, next = excluded.next, tried_at = excluded.tried_at,
              since = CASE WHEN p.problem = excluded.problem THEN p.since ELSE excluded.since END
            RETURNING (SELECT k.problem FROM known k) IS DISTINCT FROM $2
            """);
        foreach (var value in (object[])[workspace, problem, next, now.ToUniversalTime()]) command.Parameters.Add(new() { Value = value });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    internal async Task ClearProblemsAsync(IReadOnlyCollection<string> but, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("DELETE FROM audit_archive_problem WHERE workspace <> ALL ($1)");
        command.Parameters.Add(new() { Value = but.ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
