using Npgsql;
using ProdSprint.Data;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <param name="T">Unix seconds at the start of the interval.</param>
/// <param name="Faults">Errors that the router itself is to blame for.</param>
public sealed record TrafficPoint(long T, string Version, long Requests, long Errors, long Faults, double? P50Ms, double? P95Ms, double? P99Ms);

/// <summary>Traffic as charts need it, one workspace at a time.</summary>
public sealed class TrafficReads(Database database)
{
    /// <summary>The last <paramref name="seconds"/> up to <paramref name="now"/>, in intervals that give at most about 300 points a version.</summary>
    public async Task<IReadOnlyList<TrafficPoint>> SeriesAsync(
        string workspace, string project, string environment, DateTimeOffset now, int seconds, CancellationToken cancellation)
    {
        var width = Math.Max(1, seconds / 300);
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT second / $5 * $5, version, requests, errors, faults, buckets, counts FROM prodsprint.traffic_second
            WHERE workspace = $1 AND project = $2 AND environment = $3 AND second >= $4 ORDER BY 1, 2
            """, connection);
        foreach (var value in (object[])[workspace, project, environment, now.ToUnixTimeSeconds() - seconds, (long)width]) command.Parameters.Add(new() { Value = value });
        var points = new List<TrafficPoint>();
        var open = new Sum();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (t, version) = (reader.GetInt64(0), reader.GetString(1));
            if (open.Rows > 0 && (open.T != t || open.Version != version)) points.Add(open.Close());
            if (open.Rows == 0) (open.T, open.Version) = (t, version);
            open.Add(reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), new([.. reader.GetFieldValue<int[]>(5)], [.. reader.GetFieldValue<long[]>(6)]));
        }
        if (open.Rows > 0) points.Add(open.Close());
        return points;
    }

    /// <summary>A batch as points of one second each.</summary>
    public static IEnumerable<TrafficPoint> Points(IEnumerable<TrafficSecond> seconds) =>
        seconds.GroupBy(s => (s.UnixSecond, s.Version)).OrderBy(g => g.Key.UnixSecond).Select(g => Point(
            g.Key.UnixSecond, g.Key.Version, g.Sum(s => s.Requests), g.Sum(s => s.Errors), g.Sum(s => s.RouterFaults),
            g.Aggregate(LatencyHistogram.Empty, (sum, s) => sum.Add(s.Latency))));

    private static TrafficPoint Point(long t, string version, long requests, long errors, long faults, LatencyHistogram latency) =>
        new(t, version, requests, errors, faults, Quantile(latency, 0.5), Quantile(latency, 0.95), Quantile(latency, 0.99));

    private static double? Quantile(LatencyHistogram latency, double q) =>
        latency.QuantileMs(q) is var ms && double.IsNaN(ms) ? null : Math.Round(ms, 2);

    private sealed class Sum
    {
        private long _requests, _errors, _faults;
        private LatencyHistogram _latency = LatencyHistogram.Empty;

        public long T { get; set; }

        public string Version { get; set; } = "";

        public int Rows { get; private set; }

        public void Add(long requests, long errors, long faults, LatencyHistogram latency)
        {
            (_requests, _errors, _faults, _latency, Rows) = (_requests + requests, _errors + errors, _faults + faults, _latency.Add(latency), Rows + 1);
        }

        public TrafficPoint Close()
        {
            var point = Point(T, Version, _requests, _errors, _faults, _latency);
            (_requests, _errors, _faults, _latency, Rows) = (0, 0, 0, LatencyHistogram.Empty, 0);
            return point;
        }
    }
}
