using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;

namespace ProdSprint.Gates;

/// <param name="Digest">Of the report, which is a document.</param>
/// <param name="Coverage">Percent; null when none was reported.</param>
public sealed record TestRunRow(string Commit, string Digest, DateTimeOffset At, int Passed, int Failed, int Skipped, double? Coverage);

/// <summary>The outcomes of a project's tests, run after run, and which of them are in quarantine.</summary>
public sealed class TestRunStore(Database database)
{
    /// <summary>Of each project; older ones go when they are also older than <see cref="FlakyTests.Window"/>.</summary>
    private const int KeptRuns = 50;

    /// <summary>One build's report, once: told again, it changes nothing.</summary>
    public async Task AddAsync(string workspace, string project, string commit, string digest, string code, TestReport report, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var add = new NpgsqlCommand(
            """
            INSERT INTO test_run (workspace, project, commit, digest, code, at, passed, failed, skipped, coverage) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT DO NOTHING RETURNING run
            """, connection);
        foreach (var value in new object?[] { workspace, project, commit, digest, code, at.UtcDateTime, report.Passed, report.Failed, report.Skipped }) add.Parameters.Add(new() { Value = value });
        add.Parameters.Add(new() { Value = (object?)report.CoveragePercent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double });
        if (await add.ExecuteScalarAsync(cancellation) is not long run) return;
        var cases = report.Cases.DistinctBy(c => c.Identity()).ToList();
        await using (var outcomes = new NpgsqlCommand("INSERT INTO test_outcome (workspace, project, run, test, suite, name, outcome, wavered) SELECT $1, $2, $3, t, s, n, o, w FROM unnest($4, $5, $6, $7, $8) AS x (t, s, n, o, w)", connection))
        {
            foreach (var value in new object[]
                     {
                         workspace, project, run, cases.Select(c => TestIdentity.Of(c.Suite, c.Name)).ToArray(), cases.Select(c => c.Suite).ToArray(), cases.Select(c => c.Name).ToArray(),
                         cases.Select(c => (short)c.Outcome).ToArray(), cases.Select(c => c.Wavered).ToArray(),
                     })
                outcomes.Parameters.Add(new() { Value = value });
            await outcomes.ExecuteNonQueryAsync(cancellation);
        }
        await PruneAsync(connection, workspace, project, at, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Newest first.</summary>
    public async Task<ImmutableArray<TestRunRow>> RunsAsync(string workspace, string project, string? commit, int most, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            "SELECT commit, digest, at, passed, failed, skipped, coverage FROM test_run WHERE workspace = $1 AND project = $2 AND ($3::text IS NULL OR commit = $3) ORDER BY at DESC, run DESC LIMIT $4", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = project }, new() { Value = (object?)commit ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = most } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = ImmutableArray.CreateBuilder<TestRunRow>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.IsDBNull(6) ? null : reader.GetDouble(6)));
        return rows.ToImmutable();
    }

    /// <summary>The last run, and how many tests are aside; null: no build's tests have written a report.</summary>
    public async Task<TestFacts?> FactsAsync(string workspace, string project, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT commit, coverage, (SELECT count(*) FROM test_quarantine q WHERE q.workspace = $1 AND q.project = $2 AND q.ended_at IS NULL AND q.until > $3)::integer
            FROM test_run WHERE workspace = $1 AND project = $2 ORDER BY at DESC, run DESC LIMIT 1
            """, connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = project }, new() { Value = now.UtcDateTime } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetDouble(1), reader.GetInt32(2)) : null;
    }

    /// <summary>Every outcome since then of the tests that ever failed or wavered, and the last quarantine of each test.</summary>
    public async Task<TestHistory> HistoryAsync(string workspace, string project, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        var seen = await SeenAsync(connection, "o.test IN (SELECT test FROM test_outcome WHERE workspace = $1 AND project = $2 AND (outcome = 1 OR wavered)) AND r.at > $3", workspace, project, since.UtcDateTime, 1_000_000, cancellation);
        return new(seen, await QuarantinesAsync(connection, workspace, project, cancellation));
    }

    /// <summary>One test, newest first.</summary>
    public async Task<ImmutableArray<TestSeen>> OfTestAsync(string workspace, string project, string suite, string name, int most, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        return await SeenAsync(connection, "o.test = $3", workspace, project, TestIdentity.Of(suite, name), most, cancellation);
    }

    /// <summary>Tests that are shown as this, or have this name; at most ten.</summary>
    public async Task<ImmutableArray<(string Suite, string Name)>> NamedAsync(string workspace, string project, string shown, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT DISTINCT suite, name, suite || ' › ' || name = $3 AS whole FROM test_outcome
            WHERE workspace = $1 AND project = $2 AND (suite || ' › ' || name = $3 OR name = $3) ORDER BY whole DESC, suite, name LIMIT 10
            """, connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = project }, new() { Value = shown } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var named = new List<(string Suite, string Name, bool Whole)>();
        while (await reader.ReadAsync(cancellation)) named.Add((reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        return [.. named.Where(n => n.Whole == named[0].Whole).Select(n => (n.Suite, n.Name))];
    }

    public async Task<ImmutableArray<TestQuarantine>> QuarantinesAsync(string workspace, string project, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        return await QuarantinesAsync(connection, workspace, project, cancellation);
    }

    /// <summary>Takes the place of an earlier one of the same test.</summary>
    public async Task QuarantineAsync(string workspace, string project, IReadOnlyCollection<TestQuarantine> tests, CancellationToken cancellation)
    {
        if (tests.Count == 0) return;
        await using var connection = await database.App(workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var q in tests.OrderBy(q => q.Suite, StringComparer.Ordinal).ThenBy(q => q.Name, StringComparer.Ordinal))
        {
            await using var command = new NpgsqlCommand(
                """
                INSERT INTO test_quarantine (workspace, project, test, suite, name, reason, ticket, made_by, since, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                ON CONFLICT (workspace, project, test) DO UPDATE SET reason = excluded.reason, ticket = excluded.ticket, made_by = excluded.made_by, since = excluded.since, until = excluded.until, ended_at = NULL, ended_by = NULL
                """, connection);
            foreach (var value in new object[] { workspace, project, TestIdentity.Of(q.Suite, q.Name), q.Suite, q.Name, q.Reason }) command.Parameters.Add(new() { Value = value });
            command.Parameters.Add(new() { Value = (object?)q.Ticket ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            foreach (var value in new object[] { q.By, q.Since.UtcDateTime, q.Until.UtcDateTime }) command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    /// <returns>False: it is not in quarantine.</returns>
    public async Task<bool> ReleaseAsync(string workspace, string project, string suite, string name, string by, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("UPDATE test_quarantine SET ended_at = $4, ended_by = $5 WHERE workspace = $1 AND project = $2 AND test = $3 AND ended_at IS NULL AND until > $4", connection);
        foreach (var value in new object[] { workspace, project, TestIdentity.Of(suite, name), now.UtcDateTime, by }) command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    private static async Task<ImmutableArray<TestSeen>> SeenAsync(NpgsqlConnection connection, string which, string workspace, string project, object third, int most, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT o.suite, o.name, r.commit, r.code, r.at, o.outcome, o.wavered FROM test_outcome o JOIN test_run r USING (workspace, project, run)
             WHERE o.workspace = $1 AND o.project = $2 AND {which} ORDER BY r.at DESC, r.run DESC, o.suite, o.name LIMIT $4
             """, connection);
        foreach (var value in new[] { workspace, project, third, most }) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var seen = ImmutableArray.CreateBuilder<TestSeen>();
        while (await reader.ReadAsync(cancellation))
            seen.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), (TestOutcome)reader.GetInt16(5), reader.GetBoolean(6)));
        return seen.ToImmutable();
    }

    private static async Task<ImmutableArray<TestQuarantine>> QuarantinesAsync(NpgsqlConnection connection, string workspace, string project, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT suite, name, reason, ticket, made_by, since, until, ended_at, ended_by FROM test_quarantine WHERE workspace = $1 AND project = $2 ORDER BY since DESC, suite, name", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = project } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var all = ImmutableArray.CreateBuilder<TestQuarantine>();
        while (await reader.ReadAsync(cancellation))
            all.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetFieldValue<DateTimeOffset>(6), reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7), reader.IsDBNull(8) ? null : reader.GetString(8)));
        return all.ToImmutable();
    }

    private static async Task PruneAsync(NpgsqlConnection connection, string workspace, string project, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH old AS (
              DELETE FROM test_run r WHERE workspace = $1 AND project = $2 AND at < $3
                AND run NOT IN (SELECT run FROM test_run WHERE workspace = $1 AND project = $2 ORDER BY at DESC LIMIT $4) RETURNING run)
            DELETE FROM test_outcome o USING old WHERE o.workspace = $1 AND o.project = $2 AND o.run = old.run
            """, connection);
        foreach (var value in new object[] { workspace, project, (now - FlakyTests.Window).UtcDateTime, KeptRuns }) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
