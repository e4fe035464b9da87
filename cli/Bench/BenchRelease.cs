using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Traffic;

namespace ProdSprint.Bench;

/// <summary>Releases and observations for benches that drive the machines themselves.</summary>
internal static class BenchRelease
{
    public const string Workspace = "bench";
    public const string Stable = "stable";
    public static readonly Actor By = Actor.User("bench");

    public static string Version(int number) => $"canary-{number}";

    public static string Key(string project, int number) => GrainKeys.Release(Workspace, project, number);

    /// <param name="weights">Percent, rising, the last 100.</param>
    public static BeginRelease Begin(string project, int number, string stableAddress, IEnumerable<double> weights)
    {
        var service = new ServicePlan(
            "web", ".", ServiceKind.Web, "javascript", null, null, null, null, null, new("node server.js", ".", "bench"), null, null, null, new(3000, "PORT"),
            new("/", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), 3),
            new(256, 32, 256, TimeSpan.FromHours(1), 256, TimeSpan.FromSeconds(5)), []);
        var policy = new PolicyProfile(
            "bench", 1, ApprovalMode.OncePerExecution, ReleaseStrategy.Canary,
            [.. weights.Select(w => new CanaryStep(w, 100, TimeSpan.Zero, TimeSpan.FromHours(6), false))],
            new(JudgePolicy.Sequential, 0.01), TimeSpan.FromHours(1), FreezeBehaviour.Hold, ["build", "smoke"], TimeSpan.FromHours(1), 5);
        var plan = new PlanDocument(1, "c2", "sha256:a", "sha256:p", "sha256:e", policy, "web", [new("staging", [service]), new("production", [service])], [], [], [], [], false);
        return new(
            new(Workspace, project, number, Version(number), "c2", number, plan, new(0, Stable, "c1", "sha256:old", stableAddress), ReleaseKind.Normal, null, false), By, null);
    }

    /// <summary>What both versions showed; the same durations, so that errors alone decide.</summary>
    public static CanaryEvidence Evidence(int step, long requests, long canaryErrors, long stableErrors)
    {
        var flat = new int[LatencyHistogram.BucketCount];
        for (var i = 0; i < 40; i++) flat[LatencyHistogram.BucketOf(10 + i)] = (int)(requests / 40);
        var latency = LatencyHistogram.FromCounts(flat);
        var (canary, stable) = (new VersionEvidence(requests, canaryErrors, latency), new VersionEvidence(requests, stableErrors, latency));
        return new(canary, stable, ImmutableArray.Create(new EvidencePoint(1, canary, stable)), 1, 1) { Step = step };
    }
}
