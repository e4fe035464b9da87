using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>The one store behind all memory providers of a process, keyed by state name and grain.</summary>
internal sealed class MemoryStore
{
    public ConcurrentDictionary<(string State, GrainId Grain), MemoryRow> Rows { get; } = new();
}

internal sealed record MemoryRow(byte[]? Payload, string ETag);

/// <summary>Keeps states as bytes, so that what a grain stored is not what it still holds.</summary>
internal sealed class MemoryGrainStorage(MemoryStore store, IGrainStorageSerializer serializer) : IGrainStorage
{
    private static long _etags;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (store.Rows.TryGetValue((stateName, grainId), out var row) && row.Payload is { } payload)
        {
            grainState.State = serializer.Deserialize<T>(new BinaryData(payload));
            grainState.ETag = row.ETag;
            grainState.RecordExists = true;
        }
        else
        {
            grainState.State = PersistentState<T>.NewState();
            grainState.ETag = row?.ETag;
            grainState.RecordExists = false;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Replace(stateName, grainId, grainState.ETag, serializer.Serialize(grainState.State).ToArray(), out var etag);
        grainState.ETag = etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (store.Rows.ContainsKey((stateName, grainId)) || grainState.ETag is not null)
        {
            Replace(stateName, grainId, grainState.ETag, null, out var etag);
            grainState.ETag = etag;
        }

        grainState.State = PersistentState<T>.NewState();
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private void Replace(string stateName, GrainId grainId, string? expected, byte[]? payload, out string etag)
    {
        etag = Interlocked.Increment(ref _etags).ToString(CultureInfo.InvariantCulture);
        var key = (stateName, grainId);
        var row = new MemoryRow(payload, etag);
        store.Rows.TryGetValue(key, out var stored);
        var replaced = stored is null
            ? expected is null && store.Rows.TryAdd(key, row)
            : stored.ETag == expected && store.Rows.TryUpdate(key, row, stored);
        if (!replaced)
        {
            throw new InconsistentStateException(
                $"Version conflict: state \"{stateName}\" of {grainId} was changed by someone else.", stored?.ETag, expected);
        }
    }
}
