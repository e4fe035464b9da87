using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;

namespace ProdSprint.Audit;

/// <summary>What of the audit log is asked for; null: all.</summary>
/// <param name="Resource">Also what lies below it: <c>projects/shop</c> finds its releases.</param>
/// <param name="Until">Exclusive.</param>
public sealed record AuditFilter(string? Actor = null, string? Action = null, string? Resource = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <summary>The audit log of one workspace (row-level security): append, read, verify. Nobody changes it: the roles have no right to, and triggers refuse the owner.</summary>
public sealed class AuditLog(Database database)
{
    private const string Columns =
        "l.workspace, l.seq, l.at, l.actor, l.credential, l.action, l.resource, l.outcome, l.before, l.after, l.reason, l.request, p.origin, p.agent, l.personal, l.previous, l.hash, p.salt";

    private const string From = "FROM audit_log l LEFT JOIN audit_personal p ON p.workspace = l.workspace AND p.seq = l.seq";

    /// <returns>The row's number.</returns>
    public async Task<long> AppendAsync(string workspace, AuditEvent what, CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        return await AppendAsync(connection, what, cancellation);
    }

    private static async Task<long> AppendAsync(NpgsqlConnection connection, AuditEvent what, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT prodsprint.audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", connection);
        foreach (var field in (string?[])[what.Actor, what.Credential, what.Action, what.Resource, what.Outcome, what.Before, what.After, what.Reason, what.Request, what.Origin, what.Agent])
            command.Parameters.Add(new() { Value = (object?)field?.Replace('\0', '\uFFFD') ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Newest first.</summary>
    /// <param name="before">Rows with a smaller number: the last page's <c>Next</c>.</param>
    public async Task<(IReadOnlyList<AuditRow> Rows, string? Next)> ListAsync(
        string workspace, AuditFilter filter, long? before, int limit, CancellationToken cancellation = default)
    {
        var rows = new List<AuditRow>();
        await foreach (var row in ReadAsync(workspace, filter, newestFirst: true, before, limit + 1, cancellation))
        {
            if (rows.Count == limit) return (rows, rows[^1].Seq.ToString(CultureInfo.InvariantCulture));
            rows.Add(row);
        }
        return (rows, null);
    }

    /// <summary>As they come from the database: a whole log is never in memory.</summary>
    public async IAsyncEnumerable<AuditRow> ReadAsync(
        string workspace, AuditFilter filter, bool newestFirst, long? before = null, int? limit = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = Ask(connection, workspace, filter, newestFirst, before, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) yield return Row(reader);
    }

    /// <summary>Only the conditions that are asked for: each has its index, and the planner sees which.</summary>
    private static NpgsqlCommand Ask(NpgsqlConnection connection, string workspace, AuditFilter filter, bool newestFirst, long? before, int? limit)
    {
        var command = new NpgsqlCommand { Connection = connection };
        var where = new List<string>();
        void And(object? value, string condition)
        {
            if (value is null) return;
            command.Parameters.Add(new() { Value = value });
            where.Add(condition.Replace("$n", $"${command.Parameters.Count}", StringComparison.Ordinal));
        }
        And(workspace, "l.workspace = $n");
        And(filter.Actor, "l.actor = $n");
        And(filter.Action, "l.action = $n");
        // What begins with 'projects/shop/' lies between that and 'projects/shop0', the character after '/'.
        And(filter.Resource, "(l.resource COLLATE \"C\" = $n OR (l.resource COLLATE \"C\" > $n || '/' AND l.resource COLLATE \"C\" < $n || '0'))");
        And(filter.From?.ToUniversalTime(), "l.at >= $n");
        And(filter.Until?.ToUniversalTime(), "l.at < $n");
        And(before, "l.seq < $n");
        command.CommandText = $"SELECT {Columns} {From} WHERE {string.Join(" AND ", where)} ORDER BY l.seq {(newestFirst ? "DESC" : "ASC")}{(limit is null ? "" : $" LIMIT {limit.Value.ToString(CultureInfo.InvariantCulture)}")}";
        return command;
    }

    /// <summary>Takes what lies in an archive out of the database; the chain goes on from its head.</summary>
    /// <param name="head">Where the archive ends: only who has it can name the hash.</param>
    /// <param name="before">Nothing younger is taken out.</param>
    /// <param name="told">Written in the same transaction: what is gone is gone on the record.</param>
    /// <returns>How many rows; null: that row has another hash, is younger, or is not here.</returns>
    public async Task<long?> PruneAsync(string workspace, AuditHead head, DateTimeOffset before, string by, AuditEvent? told = null, CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await FirstAsync(connection, workspace, cancellation) is not { } first) return null;
        // So that a record of an archive that nobody wrote is told from one that was (see ArchivedRows).
        var seal = AuditSeal.Of(SealKey, workspace, first.Seq, head.Seq, head.Seq - first.Seq + 1, first.Anchor, head.Hash);
        await using var command = new NpgsqlCommand("SELECT prodsprint.audit_prune($1, $2, $3, $4, $5, $6)", connection)
        {
            Parameters =
            {
                new() { Value = head.Seq }, new() { Value = Convert.FromHexString(head.Hash) }, new() { Value = before.ToUniversalTime() }, new() { Value = by },
                new() { Value = first.Seq }, new() { Value = Convert.FromHexString(seal.Seal) },
            },
            CommandTimeout = 300,
        };
        if (await command.ExecuteScalarAsync(cancellation) is not long rows) return null;
        if (told is not null) await AppendAsync(connection, told, cancellation);
        await transaction.CommitAsync(cancellation);
        return rows;
    }

    /// <summary>
    /// Erases from where and with which program somebody acted. Their rows stay, and so does the salted digest that the chain holds: without its salt nobody finds out what it was of.
    /// </summary>
    /// <param name="actor">An actor's id: <c>user:ana</c>.</param>
    /// <param name="until">Exclusive; null: to the end.</param>
    /// <returns>Of how many rows.</returns>
    public async Task<long> EraseAsync(string workspace, string actor, DateTimeOffset? until, CancellationToken cancellation = default)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            """
            DELETE FROM audit_personal p USING audit_log l
            WHERE l.workspace = $1 AND l.actor = $2 AND ($3::timestamptz IS NULL OR l.at < $3) AND p.workspace = l.workspace AND p.seq = l.seq
            """, connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = actor }, new() { Value = (object?)until?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz } },
            CommandTimeout = 300,
        };
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<(long Seq, string Anchor)?> FirstAsync(NpgsqlConnection connection, string workspace, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT seq, encode(previous, 'hex') FROM audit_log WHERE workspace = $1 ORDER BY seq LIMIT 1", connection) { Parameters = { new() { Value = workspace } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt64(0), reader.GetString(1)) : null;
    }

    /// <summary>Number and time of the oldest row that is still here; null: there is none.</summary>
    public async Task<(long Seq, DateTimeOffset At)?> OldestAsync(string workspace, CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("SELECT seq, at FROM audit_log WHERE workspace = $1 ORDER BY seq LIMIT 1", connection) { Parameters = { new() { Value = workspace } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)) : null;
    }

    /// <summary>The key of the seals, the same on every server of this database.</summary>
    public byte[] SealKey => database.Key("audit archive");

    /// <summary>Reads the whole chain and recomputes it. Rows written meanwhile are not looked at: the head is read first, in the same snapshot.</summary>
    /// <param name="noted">A head that was noted down elsewhere before.</param>
    public async Task<(AuditHead Head, long Rows, IReadOnlyList<AuditFault> Faults)> VerifyAsync(string workspace, AuditHead? noted = null, CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        AuditHead? head = null;
        await using (var command = new NpgsqlCommand("SELECT seq, encode(hash, 'hex') FROM audit_head WHERE workspace = $1", connection, transaction) { Parameters = { new() { Value = workspace } } })
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            if (await reader.ReadAsync(cancellation)) head = new(reader.GetInt64(0), reader.GetString(1));
        var archives = new List<AuditSeal>();
        await using (var command = new NpgsqlCommand("SELECT from_seq, to_seq, encode(anchor, 'hex'), encode(head, 'hex'), coalesce(encode(seal, 'hex'), '') FROM audit_archive WHERE workspace = $1 ORDER BY to_seq", connection, transaction) { Parameters = { new() { Value = workspace } } })
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                archives.Add(new(workspace, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(1) - reader.GetInt64(0) + 1, reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        var (start, doubts) = ArchivedRows.Check(SealKey, archives, noted);
        var chain = new AuditChain(noted, start);
        await using (var command = new NpgsqlCommand($"SELECT {Columns} {From} WHERE l.workspace = $1 ORDER BY l.seq", connection, transaction) { Parameters = { new() { Value = workspace } } })
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation)) chain.Add(Row(reader));
        return (chain.Head, chain.Rows, [.. doubts, .. chain.End(head)]);
    }

    private static AuditRow Row(NpgsqlDataReader r)
    {
        string? Text(int n) => r.IsDBNull(n) ? null : r.GetString(n);
        return new(
            r.GetString(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2),
            new(r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7), Text(8), Text(9), Text(10), r.GetString(11), Text(12), Text(13)),
            r.GetFieldValue<byte[]>(14), r.GetFieldValue<byte[]>(15), r.GetFieldValue<byte[]>(16), r.IsDBNull(17) ? null : r.GetFieldValue<byte[]>(17));
    }
}
