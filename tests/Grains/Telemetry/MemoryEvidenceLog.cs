using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>Batches of one environment, as PostgreSQL keeps them; counts how often it was asked.</summary>
public sealed class MemoryEvidenceLog : IEvidenceLog
{
    private readonly Lock _gate = new();
    private readonly List<(long Batch, TrafficSecond Second)> _rows = [];

    /// <summary>What was asked for: the batch after which rows were wanted.</summary>
    public List<long> AskedAfter { get; } = [];

    public void Keep(long batch, params TrafficSecond[] seconds)
    {
        lock (_gate) _rows.AddRange(seconds.Select(s => (batch, s)));
    }

    public Task<LoggedTraffic> ReadAsync(string workspace, string project, string environment, long fromSecond, long afterBatch, CancellationToken cancellation)
    {
        lock (_gate)
        {
            AskedAfter.Add(afterBatch);
            var mine = _rows.Where(r => (r.Second.Workspace, r.Second.Project, r.Second.Environment) == (workspace, project, environment)).ToList();
            return Task.FromResult(new LoggedTraffic(
                mine.Count == 0 ? -1 : mine.Max(r => r.Batch), [.. mine.Where(r => r.Batch > afterBatch && r.Second.UnixSecond >= fromSecond).Select(r => r.Second)]));
        }
    }
}
