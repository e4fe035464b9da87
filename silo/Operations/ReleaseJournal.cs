using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Operations;

/// <summary>A release as its timeline tells it: every state it has been in, by the code that made them.</summary>
internal sealed class ReleaseJournal(Database database)
{
    /// <param name="Cause">Of the request that began this attempt; null when nobody collected traces then.</param>
    public sealed record Entry(long Seq, long Version, Release? Before, Release After, ActivityContext? Cause)
    {
        public ActivityTraceId Trace => Cause?.TraceId ?? Spans.TraceOf(After.Group);
    }

    /// <summary>Oldest first; empty when there is no such release.</summary>
    /// <exception cref="JsonException">An event that this program does not know.</exception>
    public async Task<IReadOnlyList<Entry>> ReadAsync(string grainKey, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("SELECT seq, version, body::text, trace FROM timeline WHERE grain_key = $1 ORDER BY version, index");
        command.Parameters.Add(new() { Value = grainKey });
        var entries = new List<Entry>();
        Release? state = null;
        ActivityContext? cause = null;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var happened = KernelJson.Read<ReleaseEvent>(reader.GetString(2));
            if (happened is ReleaseBegan or AttemptBegan) cause = !reader.IsDBNull(3) && ActivityContext.TryParse(reader.GetString(3), null, true, out var context) ? context : null;
            var before = state;
            state = ReleaseMachine.Apply(state, happened);
            entries.Add(new(reader.GetInt64(0), reader.GetInt64(1), before, state, cause));
        }
        return entries;
    }
}
