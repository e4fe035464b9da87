using System.Globalization;

namespace ProdSprint.Releases;

public sealed class JudgeReplayTests
{
    private static readonly JudgePolicy Policy = JudgePolicy.Default;

    private static string Line(double t, string version, long requests, long errors, string latency = "[]") =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"t":{{t}},"version":"{{version}}","requests":{{requests}},"errors":{{errors}},"latency_ms":{{latency}}}""");

    private static IEnumerable<string> Trace(int seconds, Func<int, long> canaryErrors) =>
        Enumerable.Range(1, seconds).SelectMany(t => new[] { Line(t, "canary", 5, canaryErrors(t)), Line(t, "stable", 95, t % 2 == 0 ? 1 : 0) });

    [Theory]
    [InlineData("times-ten.jsonl", JudgePolicy.Sequential, Verdict.Unhealthy)]
    [InlineData("as-good.jsonl", JudgePolicy.Sequential, Verdict.Healthy)]
    [InlineData("slow-tail.jsonl", JudgePolicy.Sequential, Verdict.Unhealthy)]
    [InlineData("both-down.jsonl", JudgePolicy.Sequential, Verdict.Inconclusive)]
    [InlineData("no-canary.jsonl", JudgePolicy.Sequential, Verdict.Inconclusive)]
    [InlineData("no-canary.jsonl", JudgePolicy.MannWhitney, Verdict.Inconclusive)]
    [InlineData("no-canary.jsonl", JudgePolicy.Threshold, Verdict.Inconclusive)]
    [InlineData("both-down.jsonl", JudgePolicy.Threshold, Verdict.Unhealthy)]
    public void Run_GoldenTrace_AsRecorded(string file, string policy, Verdict expected)
    {
        var lines = File.ReadAllLines(Path.Combine(JudgeCases.Folder, "traces", file));
        var verdict = TraceReplay.Run(JudgePolicy.Default with { Name = policy }, lines);
        verdict.Verdict.ShouldBe(expected, verdict.Evidence.Reason);
        var golden = File.ReadAllLines(Path.Combine(JudgeCases.Folder, "traces", "verdicts.csv")).Single(l => l.StartsWith($"{file},{policy},", StringComparison.Ordinal)).Split(',');
        verdict.Verdict.ToString().ShouldBe(golden[2]);
        verdict.At.ShouldBe(double.Parse(golden[3], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Run_CanaryTurnsBadLate_AtIsTheFirstAlarm()
    {
        var verdict = TraceReplay.Run(Policy with { LatencyQuantiles = [] }, Trace(400, t => t > 200 ? 1 : 0));
        verdict.Verdict.ShouldBe(Verdict.Unhealthy);
        verdict.At.ShouldBeInRange(203, 230);
        verdict.Evidence.Metrics[0].Statistic.ShouldBeGreaterThanOrEqualTo(verdict.Evidence.Metrics[0].Boundary);
    }

    [Fact]
    public void Run_LinesInAnyOrder_SameVerdict()
    {
        var lines = Trace(120, t => t % 4 == 0 ? 1 : 0).ToList();
        var verdict = TraceReplay.Run(Policy, lines);
        var reversed = TraceReplay.Run(Policy, Enumerable.Reverse(lines));
        var stableFirst = TraceReplay.Run(Policy, lines.OrderByDescending(l => l.Contains("stable", StringComparison.Ordinal)));
        (reversed.Verdict, reversed.At, reversed.Evidence.Reason).ShouldBe((verdict.Verdict, verdict.At, verdict.Evidence.Reason));
        (stableFirst.Verdict, stableFirst.At).ShouldBe((verdict.Verdict, verdict.At));
    }

    [Fact]
    public void Run_StartsAtAnyTime_AtIsInTheTracesOwnSeconds()
    {
        const double start = 1_790_000_000;
        var lines = Enumerable.Range(1, 60).SelectMany(t => new[] { Line(start + t, "canary", 5, 1), Line(start + t, "stable", 95, 0) });
        TraceReplay.Run(Policy, lines).At.ShouldBeInRange(start + 1, start + 10);
    }

    [Fact]
    public void Run_OneSideMissing_IsInconclusive()
    {
        TraceReplay.Run(Policy, Enumerable.Range(1, 100).Select(t => Line(t, "canary", 50, 10))).Verdict.ShouldBe(Verdict.Inconclusive);
        TraceReplay.Run(Policy, Enumerable.Range(1, 100).Select(t => Line(t, "stable", 50, 10))).Verdict.ShouldBe(Verdict.Inconclusive);
        TraceReplay.Run(Policy, []).Verdict.ShouldBe(Verdict.Inconclusive);
    }

    [Fact]
    public void Run_DurationsOfSomeRequestsOnly_CountsWhatThereIs()
    {
        var verdict = TraceReplay.Run(Policy, [Line(1, "canary", 10, 0, "[1.5,2]"), Line(1, "stable", 10, 0), """{"t":2,"version":"stable","requests":3,"errors":0}"""]);
        verdict.Evidence.Metrics.Single(m => m.Metric == "latency-p95").Canary.ShouldNotBeNull();
        verdict.Evidence.Metrics.Single(m => m.Metric == "latency-p95").Stable.ShouldBeNull();
    }

    [Theory]
    [InlineData("nonsense", "not JSON")]
    [InlineData("[1]", "expected a JSON object")]
    [InlineData("""{"version":"canary","requests":1,"errors":0}""", "\"t\" must be a number")]
    [InlineData("""{"t":1,"version":"blue","requests":1,"errors":0}""", "\"version\" must be")]
    [InlineData("""{"t":1,"version":"canary","requests":-1,"errors":0}""", "\"requests\" must be a whole number")]
    [InlineData("""{"t":1,"version":"canary","requests":1.5,"errors":0}""", "\"requests\" must be a whole number")]
    [InlineData("""{"t":1,"version":"canary","requests":1,"errors":2}""", "2 errors in 1 requests")]
    [InlineData("""{"t":1,"version":"canary","requests":1,"errors":0,"latency_ms":[1,2]}""", "2 durations for 1 requests")]
    [InlineData("""{"t":1,"version":"canary","requests":1,"errors":0,"latency_ms":["x"]}""", "milliseconds")]
    [InlineData("""{"t":1,"version":"canary","requests":1,"errors":0,"latency_ms":7}""", "array")]
    public void Run_BadLine_SaysWhichAndWhy(string line, string problem)
    {
        var error = Should.Throw<TraceFormatException>(() => TraceReplay.Run(Policy, [Line(0, "stable", 1, 0), "", line]));
        error.Line.ShouldBe(3);
        error.Message.ShouldStartWith("Line 3: ");
        error.Message.ShouldContain(problem);
    }
}
