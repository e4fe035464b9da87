using ProdSprint.Telemetry;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>Looks made again from the log are the looks that were.</summary>
public sealed class JudgeHistoryTests
{
    private static TrafficSecond Second(ReleaseRun run, string version, int n, long requests, long errors) => new(
        run.Spec.Workspace, run.Spec.Project, "production", version, run.S.StepStartedAt!.Value.ToUnixTimeSeconds() + n, requests, errors,
        new(0, requests - errors, 0, 0, errors, 0), 0, JudgeEvidence.Steady(requests, errors, 20).Latency);

    private static List<TrafficSecond> Seconds(ReleaseRun run, int from, int to, Func<int, long> errors) =>
        [.. Enumerable.Range(from, to - from + 1).SelectMany(n => new[] { Second(run, "v1", n, 90, 0), Second(run, run.Spec.Version, n, 10, errors(n)) })];

    [Fact]
    public void Of_RunningStep_EndsWithTheLookThatTheMachineHasNow()
    {
        var run = new ReleaseRun().ToStep(1);
        var (watch, ended) = JudgeHistory.Seen(run.S)!.Value;
        var seconds = Seconds(run, 1, 20, n => n % 4 == 0 ? 1 : 0);
        var seen = EvidenceTally.Add(CanaryEvidence.None, watch, seconds);

        var looks = JudgeHistory.Of(run.S, watch, ended, seconds.AsEnumerable().Reverse());

        looks.Length.ShouldBe(20);
        looks.Select(l => l.At).ShouldBeInOrder();
        looks.ShouldAllBe(l => l.Step == 1);
        looks[^1].Judgement.Metrics.ShouldBe(ReleaseMachine.Look(run.S, seen)!.Metrics);
        looks.Select(l => l.Judgement.Metrics[0].Statistic).Distinct().Count().ShouldBeGreaterThan(1, "the evidence moves");
    }

    [Fact]
    public void Of_RolledBackStep_EndsWithTheVerdictAndNothingAfterIt()
    {
        var run = new ReleaseRun().ToStep(0);
        var watch = JudgeHistory.Seen(run.S)!.Value.Watch;
        var seconds = Seconds(run, 1, 30, _ => 5);
        var n = 0;
        while (run.S.CurrentStep is not null)
        {
            run.Now = run.S.StepStartedAt!.Value.AddSeconds(++n + 1);
            run.Look(EvidenceTally.Add(CanaryEvidence.None, watch, seconds.Where(s => s.UnixSecond <= watch.Since.ToUnixTimeSeconds() + n)));
        }
        n.ShouldBeLessThan(30);

        var (past, ended) = JudgeHistory.Seen(run.S)!.Value;
        var looks = JudgeHistory.Of(run.S, past, ended, seconds);

        past.ShouldBe(watch);
        looks[^1].At.ShouldBeLessThanOrEqualTo(ended!.Value.AddSeconds(1));
        looks[^1].Judgement.Verdict.ShouldBe(Verdict.Unhealthy);
        looks.Count(l => l.Judgement.Verdict == Verdict.Unhealthy).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Of_LongStep_IsThinnedAndKeepsTheLast()
    {
        var run = new ReleaseRun().ToStep(0);
        var (watch, _) = JudgeHistory.Seen(run.S)!.Value;

        var looks = JudgeHistory.Of(run.S, watch, null, Seconds(run, 1, 1_000, _ => 0));

        looks.Length.ShouldBeInRange(100, 120);
        looks[^1].At.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(watch.Since.ToUnixTimeSeconds() + 1_001));
    }

    [Fact]
    public void Seen_NoStepYet_IsNothing() => JudgeHistory.Seen(new ReleaseRun().Begin().S).ShouldBeNull();
}
