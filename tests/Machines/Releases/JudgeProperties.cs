using FsCheck;
using FsCheck.Fluent;
using ProdSprint.Traffic;
using static ProdSprint.Releases.JudgeEvidence;

namespace ProdSprint.Releases;

/// <summary>What holds for any evidence.</summary>
public sealed class JudgeProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261121, 7);

    /// <summary>Requests and errors of both sides, of every order of magnitude.</summary>
    private sealed record Counts(int N, int X, int M, int Y)
    {
        public CanaryEvidence Evidence => Totals(Steady(N, X, 20), Steady(M, Y, 20));
    }

    private static Arbitrary<Counts> AnyCounts { get; } = (
        from n in Size
        from m in Size
        from x in Gen.Choose(0, n)
        from y in Gen.Choose(0, m)
        from rare in Gen.Elements(1, 1, 20, 200)
        select new Counts(n, x / rare, m, y / rare)).ToArbitrary();

    private static Gen<int> Size => Gen.Elements(0, 1, 30, 100, 1_000, 20_000, 400_000).SelectMany(top => Gen.Choose(top / 2, top));

    // How well a canary does: more is worse.
    private static int Badness(Verdict verdict) => verdict switch { Verdict.Healthy => 0, Verdict.Inconclusive => 1, _ => 2 };

    [Fact]
    public void Judge_MoreErrors_NeverHealthier() => Prop.ForAll(AnyCounts, c =>
    {
        if (c.X >= c.N) return true;
        var worse = c with { X = c.X + Math.Max(1, (c.N - c.X) / 10) };
        foreach (var name in CanaryPolicies.Names)
        {
            var policy = JudgePolicy.Default with { Name = name };
            if (Badness(policy.Judge(worse.Evidence).Verdict) < Badness(policy.Judge(c.Evidence).Verdict)) return false;
        }
        return true;
    }).Check(Many);

    [Fact]
    public void Judge_MoreStableErrors_NeverWorseByTheErrorRate() => Prop.ForAll(AnyCounts, c =>
    {
        if (c.Y >= c.M) return true;
        var before = ErrorsOnly.Judge(c.Evidence).Metrics[0];
        var after = ErrorsOnly.Judge((c with { Y = c.Y + 1 }).Evidence).Metrics[0];
        return Badness(after.Verdict) <= Badness(before.Verdict);
    }).Check(Many);

    [Fact]
    public void Judge_NoDataOnASide_NeverHealthy() => Prop.ForAll(AnyCounts, c =>
    {
        foreach (var name in CanaryPolicies.Names)
        {
            var policy = JudgePolicy.Default with { Name = name, MinRequests = 0 };
            if (policy.Judge((c with { N = 0, X = 0 }).Evidence).Verdict != Verdict.Inconclusive) return false;
            if (name != JudgePolicy.Threshold && policy.Judge((c with { M = 0, Y = 0 }).Evidence).Verdict == Verdict.Healthy) return false;
        }
        return true;
    }).Check(Many);

    [Fact]
    public void Judge_SameEvidence_SameJudgement() => Prop.ForAll(AnyCounts, c =>
    {
        foreach (var name in CanaryPolicies.Names)
        {
            var policy = JudgePolicy.Default with { Name = name };
            Judgement a = policy.Judge(c.Evidence), b = policy.Judge(c.Evidence);
            if (a.Verdict != b.Verdict || a.Reason != b.Reason || !a.Metrics.SequenceEqual(b.Metrics)) return false;
        }
        return true;
    }).Check(Many);

    [Fact]
    public void Judge_Bounds_HoldTheObservedRateAndOrder() => Prop.ForAll(AnyCounts, c =>
    {
        if (c.N == 0 || c.M == 0) return true;
        var m = ErrorsOnly.Judge(c.Evidence).Metrics[0];
        return m.Low <= m.Canary + 1e-6 && m.Canary <= m.High + 1e-6 && m.Low >= 0 && m.High <= 100 + 1e-6;
    }).Check(Many);

    [Fact]
    public void Evidence_AnyCutAndOrderOfBatches_SameJudgement()
    {
        var seconds = Gen.Choose(1, 900).ArrayOf(60).ToArbitrary();
        Prop.ForAll(seconds, times =>
        {
            var batches = times.Select((t, i) => (T: (double)t, Canary: Steady(3 + i % 4, i % 9 == 0 ? 1 : 0, 10 + i), Stable: Steady(40, i % 3 == 0 ? 1 : 0, 20))).ToList();
            CanaryEvidence Grow(IEnumerable<(double T, VersionEvidence Canary, VersionEvidence Stable)> all) =>
                all.Aggregate(CanaryEvidence.None, (e, b) => EvidenceSeries.Add(e, b.T, b.Canary, b.Stable));
            var whole = Grow(batches);
            var shuffled = Grow(batches.OrderBy(b => (b.T * 7919) % 101));
            var cut = Grow(batches.SelectMany(b => new[] { (b.T, b.Canary, VersionEvidence.None), (b.T, VersionEvidence.None, b.Stable) }));
            return Same(whole, shuffled) && Same(whole, cut) && whole.Points.Length <= EvidenceSeries.MaxPoints;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20261121, 9));
    }

    private static bool Same(CanaryEvidence a, CanaryEvidence b) =>
        a.Canary == b.Canary && a.Stable == b.Stable && a.Points.SequenceEqual(b.Points)
        && CanaryPolicies.Names.All(name => (JudgePolicy.Default with { Name = name }).Judge(a).Reason == (JudgePolicy.Default with { Name = name }).Judge(b).Reason);

    [Fact]
    public void Series_LongRelease_StaysBoundedAndLosesNothing()
    {
        var evidence = CanaryEvidence.None;
        for (var t = 1; t <= 20_000; t += 7) evidence = EvidenceSeries.Add(evidence, t, Side(1, 0), Side(20, 1), pointLatency: false);
        evidence.Points.Length.ShouldBeInRange(20, EvidenceSeries.MaxPoints);
        evidence.Points.Sum(p => p.Stable.Errors).ShouldBe(evidence.Stable.Errors);
        evidence.Points.Sum(p => p.Canary.Requests).ShouldBe(evidence.Canary.Requests);
        evidence.Points.ShouldAllBe(p => p.Canary.Latency == LatencyHistogram.Empty);
    }
}
