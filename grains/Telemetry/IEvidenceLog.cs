using System.Collections.Immutable;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>The log of traffic in PostgreSQL, implemented by the silo.</summary>
public interface IEvidenceLog
{
    /// <summary>Rows of one environment from <paramref name="fromSecond"/> on that came in a batch after <paramref name="afterBatch"/>, in the order of batches.</summary>
    Task<LoggedTraffic> ReadAsync(string workspace, string project, string environment, long fromSecond, long afterBatch, CancellationToken cancellation);
}

/// <param name="LastBatch">The newest batch of the environment, also when none of its rows was asked for.</param>
public sealed record LoggedTraffic(long LastBatch, ImmutableArray<TrafficSecond> Seconds);
