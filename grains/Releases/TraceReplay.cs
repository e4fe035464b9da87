using System.Collections.Immutable;
using System.Text.Json;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>What a policy says about a recorded trace.</summary>
/// <param name="Verdict">Unhealthy if it ever alarmed (a release would have been taken back there), else what it said at the end.</param>
/// <param name="At">Trace seconds at which that verdict was first reached and then kept.</param>
/// <param name="Evidence">The judgement at that moment.</param>
public sealed record TraceVerdict(Verdict Verdict, double At, Judgement Evidence);

/// <summary>A line of a trace that cannot be read; the message names the line.</summary>
public sealed class TraceFormatException(int line, string problem) : FormatException($"Line {line}: {problem}")
{
    public int Line { get; } = line;
}

/// <summary>
/// Replays a recorded trace: JSON lines <c>{"t":seconds,"version":"canary"|"stable","requests":n,"errors":n,"latency_ms":[…]}</c>, in any order.
/// Lines with the same t are one batch, and the judge looks once after each. <c>latency_ms</c> may be shorter than <c>requests</c> (a sample) or absent.
/// </summary>
public static class TraceReplay
{
    /// <exception cref="TraceFormatException">A line is not as described.</exception>
    public static TraceVerdict Run(JudgePolicy policy, IEnumerable<string> lines)
    {
        var batches = lines.Select((text, i) => (text, i)).Where(l => !string.IsNullOrWhiteSpace(l.text)).Select(l => Read(l.text, l.i + 1))
            .GroupBy(l => l.T).OrderBy(g => g.Key).ToList();
        // A trace counts from its beginning, or carries the time of day: then its first batch is its first second.
        var start = batches.Count == 0 || batches[0].Key is >= 0 and < 3600 ? 0 : batches[0].Key - 1;
        var evidence = CanaryEvidence.None;
        var last = new TraceVerdict(Verdict.Inconclusive, 0, CanaryJudge.Judge(policy, evidence));
        foreach (var batch in batches)
        {
            evidence = EvidenceSeries.Add(evidence, batch.Key - start, Sum(batch, true), Sum(batch, false), EvidenceSeries.NeedsPointLatency(policy));
            var judgement = CanaryJudge.Judge(policy, evidence);
            if (judgement.Verdict == Verdict.Unhealthy) return new(judgement.Verdict, batch.Key, judgement);
            if (judgement.Verdict != last.Verdict || judgement.Verdict == Verdict.Inconclusive) last = new(judgement.Verdict, batch.Key, judgement);
        }
        return last;
    }

    private static VersionEvidence Sum(IEnumerable<TraceLine> batch, bool canary) =>
        batch.Where(l => l.Canary == canary).Aggregate(VersionEvidence.None, (sum, l) => sum.Add(l.Evidence));

    private sealed record TraceLine(double T, bool Canary, VersionEvidence Evidence);

    private static TraceLine Read(string text, int line)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new TraceFormatException(line, "expected a JSON object.");
            var t = Number(json.RootElement, "t", line);
            var version = json.RootElement.TryGetProperty("version", out var v) && v.ValueKind == JsonValueKind.String ? v.GetString() : null;
            if (version is not ("canary" or "stable")) throw new TraceFormatException(line, "\"version\" must be \"canary\" or \"stable\".");
            long requests = Count(json.RootElement, "requests", line), errors = Count(json.RootElement, "errors", line);
            if (errors > requests) throw new TraceFormatException(line, $"{errors} errors in {requests} requests.");
            return new(t, version == "canary", new(requests, errors, Latencies(json.RootElement, requests, line)));
        }
        catch (JsonException problem)
        {
            throw new TraceFormatException(line, $"not JSON ({problem.Message.Split('.')[0]}).");
        }
    }

    private static LatencyHistogram Latencies(JsonElement root, long requests, int line)
    {
        if (!root.TryGetProperty("latency_ms", out var list) || list.ValueKind == JsonValueKind.Null) return LatencyHistogram.Empty;
        if (list.ValueKind != JsonValueKind.Array) throw new TraceFormatException(line, "\"latency_ms\" must be an array of milliseconds.");
        if (list.GetArrayLength() > requests) throw new TraceFormatException(line, $"{list.GetArrayLength()} durations for {requests} requests.");
        return LatencyHistogram.Of(list.EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Number && d.TryGetDouble(out var ms) && ms >= 0 && double.IsFinite(ms)
            ? ms
            : throw new TraceFormatException(line, "\"latency_ms\" must hold milliseconds of 0 or more.")).ToImmutableArray());
    }

    private static double Number(JsonElement root, string name, int line) =>
        root.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Number && v.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw new TraceFormatException(line, $"\"{name}\" must be a number.");

    private static long Count(JsonElement root, string name, int line) =>
        root.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Number && v.TryGetInt64(out var count) && count >= 0
            ? count
            : throw new TraceFormatException(line, $"\"{name}\" must be a whole number of 0 or more.");
}
