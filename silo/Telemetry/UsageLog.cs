using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Telemetry;

/// <summary>Whose usage an hour is.</summary>
public readonly record struct UsageOwner(string Workspace, string Project);

/// <summary>Usage in PostgreSQL. What is added to an hour that is there is merged with it, so a restart within the hour loses nothing that was written.</summary>
public sealed class UsageLog(Database database)
{
    private const string Columns = "cpu_buckets, cpu_counts, cpu_max, memory_buckets, memory_counts, memory_max_mib, limit_memory_mib, limit_cpus";

    /// <summary>All of it, or nothing.</summary>
    public async Task AddAsync(IReadOnlyCollection<(UsageOwner Owner, UsageHour Hour)> hours, CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // In one order: two writers wait for each other, and do not lock each other out.
        foreach (var (owner, hour) in hours.OrderBy(h => (h.Owner.Workspace, h.Owner.Project, h.Hour.Environment, h.Hour.Service, h.Hour.Hour)))
        {
            object[] key = [owner.Workspace, owner.Project, hour.Environment, hour.Service, hour.Hour];
            await using var claim = Command(
                $"INSERT INTO prodsprint.usage_hour (workspace, project, environment, service, hour, {Columns}) VALUES ($1, $2, $3, $4, $5, '{{}}', '{{}}', 0, '{{}}', '{{}}', 0, 0, NULL) ON CONFLICT DO NOTHING", key);
            await claim.ExecuteNonQueryAsync(cancellation);
            var merged = (await KeptAsync(key)).Add(hour);
            await using var write = Command(
                """
                UPDATE prodsprint.usage_hour SET cpu_buckets = $6, cpu_counts = $7, cpu_max = $8, memory_buckets = $9, memory_counts = $10, memory_max_mib = $11, limit_memory_mib = $12, limit_cpus = $13
                WHERE workspace = $1 AND project = $2 AND environment = $3 AND service = $4 AND hour = $5
                """,
                [
                    .. key, merged.Cores.Buckets.ToArray(), merged.Cores.Counts.ToArray(), merged.Cores.Max, merged.MemoryMiB.Buckets.ToArray(), merged.MemoryMiB.Counts.ToArray(), merged.MemoryMiB.Max,
                    merged.LimitMemoryMiB, (object?)merged.LimitCpus ?? DBNull.Value,
                ]);
            await write.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);

        NpgsqlCommand Command(string sql, object[] values)
        {
            var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var value in values) command.Parameters.Add(value is DBNull ? new() { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer } : new() { Value = value });
            return command;
        }

        async Task<UsageHour> KeptAsync(object[] key)
        {
            await using var read = Command(
                $"SELECT environment, service, hour, {Columns} FROM prodsprint.usage_hour WHERE workspace = $1 AND project = $2 AND environment = $3 AND service = $4 AND hour = $5 FOR UPDATE", key);
            await using var reader = await read.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            return Row(reader);
        }
    }

    /// <summary>Forgets hours before <paramref name="hour"/>; returns how many rows.</summary>
    public async Task<int> ForgetAsync(long hour, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("DELETE FROM prodsprint.usage_hour WHERE hour < $1");
        command.Parameters.Add(new() { Value = hour });
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>From the hour on, oldest first.</summary>
    public Task<IReadOnlyList<UsageHour>> ReadAsync(string workspace, string project, string? environment, long fromHour, CancellationToken cancellation) =>
        database.ReadAsync(
            workspace,
            () => new($"SELECT environment, service, hour, {Columns} FROM prodsprint.usage_hour WHERE workspace = $1 AND project = $2 AND hour >= $3 AND ($4::text IS NULL OR environment = $4) ORDER BY hour")
            {
                Parameters = { new() { Value = workspace }, new() { Value = project }, new() { Value = fromHour }, new() { Value = (object?)environment ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } },
            },
            async reader =>
            {
                var hours = new List<UsageHour>();
                while (await reader.ReadAsync(cancellation)) hours.Add(Row(reader));
                return (IReadOnlyList<UsageHour>)hours;
            },
            cancellation);

    /// <summary>When a request last reached an environment; null: never.</summary>
    public Task<DateTimeOffset?> LastRequestAsync(string workspace, string project, string environment, CancellationToken cancellation) =>
        database.ReadAsync<DateTimeOffset?>(
            workspace,
            () => new("SELECT second FROM prodsprint.traffic_second WHERE workspace = $1 AND project = $2 AND environment = $3 AND requests > 0 ORDER BY second DESC LIMIT 1")
            {
                Parameters = { new() { Value = workspace }, new() { Value = project }, new() { Value = environment } },
            },
            async reader => await reader.ReadAsync(cancellation) ? DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64(0)) : null,
            cancellation);

    private static UsageHour Row(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), Histogram(row, 3), Histogram(row, 6), row.GetInt32(9), row.IsDBNull(10) ? null : row.GetInt32(10));

    private static UsageHistogram Histogram(NpgsqlDataReader row, int at) => new([.. row.GetFieldValue<int[]>(at)], [.. row.GetFieldValue<long[]>(at + 1)], row.GetDouble(at + 2));
}
