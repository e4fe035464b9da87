using ProdSprint.Bench;

namespace ProdSprint.Releases;

/// <summary>Counted outcomes of seeded simulations: the same on every machine. The published figures come from the bench.</summary>
public sealed class JudgeSimulationTests
{
    private static readonly JudgePolicy Errors = JudgeEvidence.ErrorsOnly with { ErrorsPerIncident = 1 };

    // The second of the first alarm; null without one. Only an error of the canary raises the evidence that it has too many, so the looks in
    // between would say the same and are left out.
    private static int? Alarm(JudgePolicy policy, SimulatedCanary canary, int seconds, bool everySecond = false)
    {
        var evidence = CanaryEvidence.None;
        for (var t = 1; t <= seconds; t++)
        {
            var (c, s) = canary.NextSecond();
            evidence = EvidenceSeries.Add(evidence, t, c, s, pointLatency: false);
            if ((everySecond || c.Errors > 0) && CanaryJudge.Judge(policy, evidence).Verdict == Verdict.Unhealthy) return t;
        }
        return null;
    }

    private static double Median(int trials, Func<int, int?> run)
    {
        double[] found = [.. Enumerable.Range(0, trials).Select(i => (double)(run(i) ?? int.MaxValue)).Order()];
        return found[trials / 2];
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(5, 60)]
    public void Sequential_ErrorsTimesRatioAtFivePercentWeight_FoundInTime(double ratio, double seconds) =>
        Median(101, seed => Alarm(JudgePolicy.Default, SimulatedCanary.Seeded(seed, ratio), 300)).ShouldBeLessThanOrEqualTo(seconds);

    [Fact]
    public void Sequential_ThreeTimesSlower_FoundWithinAMinute() =>
        Median(11, seed => Alarm(JudgePolicy.Default, SimulatedCanary.Seeded(seed, slowdown: 3), 300, everySecond: true)).ShouldBeLessThanOrEqualTo(60);

    [Fact]
    public void Sequential_AsGoodAsStable_RarelyAccused() =>
        Enumerable.Range(5_000, 60).Count(seed => Alarm(Errors, SimulatedCanary.Seeded(seed), 600) is not null).ShouldBeLessThanOrEqualTo(3);

    [Fact]
    public void Sequential_BaseRateDriftsOnBothSides_RarelyAccused() =>
        Enumerable.Range(6_000, 50).Count(seed => Alarm(Errors, SimulatedCanary.Drifting(seed, t => 0.002 + 0.05 * (t / 60 % 2), 0.05), 600) is not null).ShouldBeLessThanOrEqualTo(3);

    [Fact]
    public void Sequential_ErrorsInIncidents_AccusedUnlessTold()
    {
        int Accused(JudgePolicy policy) => Enumerable.Range(7_000, 60).Count(seed => Alarm(policy, SimulatedCanary.Drifting(seed, _ => 0.01, 0.2, errorsPerIncident: 4, requestsPerSecond: 40), 600) is not null);
        Accused(Errors).ShouldBeGreaterThan(6, "clusters must be a problem, or this test shows nothing");
        Accused(Errors with { ErrorsPerIncident = 4 }).ShouldBeLessThanOrEqualTo(3);
    }

    [Theory]
    [InlineData(0.045, 25)]
    [InlineData(0.02, 80)]
    public void BakeEstimate_Detection_IsNearWhatTheJudgeNeeds(double increase, double atMost)
    {
        var estimate = BakeEstimate.SecondsToDetect(JudgePolicy.Default, 100, 5, 0.005, increase)!.Value;
        var ratio = (0.005 + increase) / 0.005;
        var measured = Median(51, seed => Alarm(JudgePolicy.Default, SimulatedCanary.Seeded(seed, ratio), 600));
        estimate.ShouldBeLessThanOrEqualTo(atMost);
        (estimate / measured).ShouldBeInRange(0.6, 1.7);
    }

    [Fact]
    public void BakeEstimate_Clearing_IsNearWhatTheJudgeNeeds()
    {
        var policy = Errors with { MaxErrorRateIncrease = 0.02 };
        var estimate = BakeEstimate.SecondsToClear(policy, 100, 5, 0.005)!.Value;
        var measured = Median(11, seed =>
        {
            var canary = SimulatedCanary.Seeded(9_000 + seed);
            var evidence = CanaryEvidence.None;
            for (var t = 1; t <= 1_000; t++)
            {
                var (c, s) = canary.NextSecond();
                evidence = EvidenceSeries.Add(evidence, t, c, s, pointLatency: false);
                if (t % 5 == 0 && CanaryJudge.Judge(policy, evidence).Verdict == Verdict.Healthy) return t;
            }
            return null;
        });
        (estimate / measured).ShouldBeInRange(0.6, 1.7);
    }

    [Fact]
    public void BakeEstimate_NothingToGoBy_IsUnknown()
    {
        BakeEstimate.SecondsToDetect(JudgePolicy.Default, 0, 5, 0.005, 0.05).ShouldBeNull();
        BakeEstimate.SecondsToDetect(JudgePolicy.Default, 100, 0, 0.005, 0.05).ShouldBeNull();
        BakeEstimate.SecondsToDetect(JudgePolicy.Default, 100, 5, 0.005, 0.001).ShouldBeNull();
        BakeEstimate.SecondsToClear(JudgePolicy.Default with { MaxErrorRateIncrease = 0 }, 100, 5, 0.005).ShouldBeNull();
        BakeEstimate.SecondsToClear(JudgePolicy.Default, 0, 5, 0.005).ShouldBeNull();
    }
}
