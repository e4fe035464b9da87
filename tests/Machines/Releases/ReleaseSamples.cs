using System.Collections.Immutable;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>A project "shop" that has released twice, and figures a router could have seen.</summary>
internal static class ReleaseSamples
{
    public const string NewAddress = "127.0.0.1:4200";
    public const string StableAddress = "127.0.0.1:4100";
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    public static string Digest(int release) => $"sha256:{release:x64}";

    public static ImmutableArray<CanaryStep> Steps(params double[] weights) =>
        [.. weights.Select(w => new CanaryStep(w, 100, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), false))];

    public static PolicyProfile Policy => new(
        "default", 1, ApprovalMode.OncePerExecution, ReleaseStrategy.Canary, Steps(1, 5, 25, 100), new(JudgePolicy.Threshold, 0.01),
        TimeSpan.FromHours(1), FreezeBehaviour.Hold, ["build", "health", "smoke", "tests"], TimeSpan.FromMinutes(10), 5);

    public static ServicePlan Service => new(
        "web", ".", ServiceKind.Web, "javascript", "20", "npm", null, null, null, new("node server.js", ".", "package.json"), null, null, null, new(3000, "PORT"),
        new("/healthz", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), 3),
        new(512, 64, 1024, TimeSpan.FromMinutes(10), 1024, TimeSpan.FromSeconds(5)), []);

    public static PlanDocument Plan(PolicyProfile? policy = null) => new(
        1, "c2c2c2c2c2c2c2c2", "sha256:a", "sha256:p", "sha256:e", policy ?? Policy, "web",
        [new("staging", [Service]), new("production", [Service])], [], [], [], [], false);

    public static StableVersion V1 => new(1, "v1", "c1c1c1c1c1c1c1c1", Digest(1), StableAddress) { Service = Service, PromotedBy = 1 };

    public static ReleaseSpec First(PolicyProfile? policy = null) => Second(policy) with { Number = 1, Version = "v1", Stable = null };

    public static ReleaseSpec Second(PolicyProfile? policy = null) =>
        new("default", "shop", 2, "v2", "c2c2c2c2c2c2c2c2", 2, Plan(policy), V1, ReleaseKind.Normal, null, false);

    public static ReleaseSpec With(this ReleaseSpec spec, Func<PolicyProfile, PolicyProfile> change) => spec with { Plan = spec.Plan with { Policy = change(spec.Plan.Policy) } };

    public static CanaryEvidence Seen(int points, long requests, long errors, double ms = 20)
    {
        VersionEvidence Version(long n, long bad) => new(n, bad, LatencyHistogram.Of(Enumerable.Repeat(ms, (int)n)));
        var series = Enumerable.Range(1, points).Select(i => new EvidencePoint(i * 5, Version(requests, errors), Version(requests, 0))).ToImmutableArray();
        var canary = series.Aggregate(VersionEvidence.None, (sum, p) => sum.Add(p.Canary));
        var stable = series.Aggregate(VersionEvidence.None, (sum, p) => sum.Add(p.Stable));
        return new(canary, stable, series, points, points * 5);
    }

    /// <summary>Six measurements without an error: what the threshold policy asks for.</summary>
    public static CanaryEvidence Healthy => Seen(6, 100, 0);

    public static CanaryEvidence Bad => Seen(2, 100, 50);

    /// <summary>Good so far, and too little of it.</summary>
    public static CanaryEvidence Undecided => Seen(2, 100, 0);
}
