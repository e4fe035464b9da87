using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Reminders;

/// <summary>Reminders in the table that Microsoft.Orleans.Reminders.AdoNet uses.</summary>
internal sealed class AdoNetReminderStore : IReminderStore
{
    private const string Columns = "SELECT grainid, remindername, starttime, period, version FROM orleansreminderstable WHERE serviceid = $1";

    private const string Upsert =
        "INSERT INTO orleansreminderstable AS r (serviceid, grainid, remindername, starttime, period, grainhash, version) "
        + "VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (serviceid, grainid, remindername) DO UPDATE "
        + "SET starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = r.version + 1 RETURNING version";

    private const string Delete =
        "DELETE FROM orleansreminderstable WHERE serviceid = $1 AND grainid = $2 AND remindername = $3 AND version = $4";

    private readonly NpgsqlDataSource _database;
    private readonly string _serviceId;

    public AdoNetReminderStore(IOptions<AdoNetReminderTableOptions> options, IOptions<ClusterOptions> cluster)
    {
        _database = Databases.Open(options.Value.Invariant, options.Value.ConnectionString, options.Value.DataSource, "reminder service");
        _serviceId = cluster.Value.ServiceId;
    }

    public Task<List<ReminderRow>> ReadAllAsync(CancellationToken token) => ReadAsync(_database.CreateCommand(Columns), token);

    public Task<List<ReminderRow>> ReadAsync(GrainId grain)
    {
        var command = _database.CreateCommand(Columns + " AND grainid = $2");
        return ReadAsync(command, CancellationToken.None, new NpgsqlParameter<string> { TypedValue = grain.ToString() });
    }

    public async Task<int> UpsertAsync(ReminderRow row)
    {
        await using var command = _database.CreateCommand(Upsert);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _serviceId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Grain.ToString() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Name });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = row.StartAt });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)row.Period.TotalMilliseconds });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)row.Grain.GetUniformHashCode() });
        return (int)(await command.ExecuteScalarAsync().ConfigureAwait(false))!;
    }

    public async Task<bool> RemoveAsync(ReminderRow row)
    {
        await using var command = _database.CreateCommand(Delete);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _serviceId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Grain.ToString() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Name });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = row.Version });
        return await command.ExecuteNonQueryAsync().ConfigureAwait(false) > 0;
    }

    private async Task<List<ReminderRow>> ReadAsync(NpgsqlCommand command, CancellationToken token, params NpgsqlParameter[] more)
    {
        await using var owned = command;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _serviceId });
        command.Parameters.AddRange(more);
        await using var reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
        var rows = new List<ReminderRow>();
        while (await reader.ReadAsync(token).ConfigureAwait(false))
        {
            rows.Add(new ReminderRow(
                GrainId.Parse(reader.GetString(0)),
                reader.GetString(1),
                DateTime.SpecifyKind(reader.GetDateTime(2), DateTimeKind.Utc),
                TimeSpan.FromMilliseconds(reader.GetInt64(3)),
                reader.GetInt32(4)));
        }

        return rows;
    }
}
