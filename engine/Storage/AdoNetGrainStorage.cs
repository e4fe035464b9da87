using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>States in the table that Microsoft.Orleans.Persistence.AdoNet uses, with the same keys, versions and payloads.</summary>
internal sealed class AdoNetGrainStorage(NpgsqlDataSource database, IGrainStorageSerializer serializer, string serviceId, bool deleteOnClear) : IGrainStorage
{
    private const string Key =
        "grainidhash = $1 AND graintypehash = $2 AND grainidn0 = $3 AND grainidn1 = $4 AND graintypestring = $5 "
        + "AND grainidextensionstring IS NOT DISTINCT FROM $6 AND serviceid = $7";

    private const string Read = $"SELECT payloadbinary, version FROM orleansstorage WHERE {Key}";

    private const string Insert =
        "INSERT INTO orleansstorage (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid, "
        + "payloadbinary, modifiedon, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() AT TIME ZONE 'utc', 1) ON CONFLICT DO NOTHING RETURNING version";

    private const string Update =
        $"UPDATE orleansstorage SET payloadbinary = $8, modifiedon = now() AT TIME ZONE 'utc', version = version + 1 WHERE {Key} AND version = $9 RETURNING version";

    private const string Clear = $"UPDATE orleansstorage SET payloadbinary = NULL, version = version + 1 WHERE {Key} AND version = $8 RETURNING version";

    private const string Delete = $"DELETE FROM orleansstorage WHERE {Key} AND version = $8 RETURNING version";

    public static AdoNetGrainStorage Create(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(name);
        return new AdoNetGrainStorage(
            Databases.Open(options.Invariant, options.ConnectionString, options.DataSource, $"grain storage \"{name}\""),
            options.GrainStorageSerializer ?? services.GetRequiredService<IGrainStorageSerializer>(),
            services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId,
            options.DeleteStateOnClear);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        await using var command = Command(Read, stateName, grainId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        grainState.State = default;
        grainState.ETag = null;
        grainState.RecordExists = false;
        if (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            grainState.ETag = reader.GetInt32(1).ToString(CultureInfo.InvariantCulture);
            if (!await reader.IsDBNullAsync(0, cancellationToken).ConfigureAwait(false))
            {
                grainState.State = serializer.Deserialize<T>(new BinaryData(reader.GetFieldValue<byte[]>(0)));
                grainState.RecordExists = true;
            }
        }

        grainState.State ??= PersistentState<T>.NewState();
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var version = VersionOf(grainState);
        await using var command = Command(version is null ? Insert : Update, stateName, grainId);
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>>
        {
            TypedValue = serializer.Serialize(grainState.State).ToMemory(),
            NpgsqlDbType = NpgsqlDbType.Bytea,
        });
        await ReplaceAsync("WriteState", command, version, stateName, grainId, grainState, cancellationToken).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        if (!grainState.RecordExists && grainState.ETag is null)
        {
            await ReadStateAsync(stateName, grainId, grainState, cancellationToken).ConfigureAwait(false);
            if (!grainState.RecordExists)
            {
                return;
            }
        }

        await using var command = Command(deleteOnClear ? Delete : Clear, stateName, grainId);
        await ReplaceAsync("ClearState", command, VersionOf(grainState), stateName, grainId, grainState, cancellationToken).ConfigureAwait(false);
        grainState.ETag = deleteOnClear ? null : grainState.ETag;
        grainState.RecordExists = false;
        grainState.State = PersistentState<T>.NewState();
    }

    private static int? VersionOf<T>(IGrainState<T> state) =>
        string.IsNullOrWhiteSpace(state.ETag) ? null : int.Parse(state.ETag, CultureInfo.InvariantCulture);

    private async Task ReplaceAsync<T>(
        string operation,
        NpgsqlCommand command,
        int? version,
        string stateName,
        GrainId grainId,
        IGrainState<T> grainState,
        CancellationToken cancellationToken)
    {
        if (version is { } expected)
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = expected });
        }

        var stored = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        if (stored is not int newVersion)
        {
            throw new InconsistentStateException(
                $"Version conflict ({operation}): ServiceId={serviceId} GrainType={stateName} GrainId={grainId} ETag={grainState.ETag}. "
                + "Someone else wrote this row since it was read.", null, grainState.ETag);
        }

        grainState.ETag = newVersion.ToString(CultureInfo.InvariantCulture);
    }

    private NpgsqlCommand Command(string sql, string stateName, GrainId grainId)
    {
        var key = RowKey.Of(grainId);
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = key.Hash });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = RowKey.TypeHash(stateName) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key.N0 });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key.N1 });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stateName });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)key.Extension ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = serviceId });
        return command;
    }
}
