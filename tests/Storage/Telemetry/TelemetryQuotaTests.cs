using System.Collections.Immutable;
using ProdSprint.Tenants;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>One workspace's versions cannot fill the table that the others' judges read from.</summary>
public sealed class TelemetryQuotaTests
{
    private static readonly TelemetryQuota Quota = new(Limits());

    [Fact]
    public void Within_TheLimit_KeepsEverything()
    {
        ImmutableArray<TrafficSecond> seconds = [.. Seconds("narrow", 3, 100), .. Seconds("wide", 50, 100)];
        Quota.Within(seconds).ShouldBe(seconds);
    }

    [Fact]
    public void Within_OverTheLimit_KeepsAsManyAsAreAllowed_OfThatWorkspaceAndSecondOnly()
    {
        ImmutableArray<TrafficSecond> seconds = [.. Seconds("narrow", 8, 100), .. Seconds("narrow", 2, 101), .. Seconds("wide", 50, 100)];
        var kept = Quota.Within(seconds);
        kept.Count(s => s is { Workspace: "narrow", UnixSecond: 100 }).ShouldBe(3);
        kept.Count(s => s is { Workspace: "narrow", UnixSecond: 101 }).ShouldBe(2);
        kept.Count(s => s.Workspace == "wide").ShouldBe(50);
    }

    [Fact]
    public void Within_TheSameBatchInAnyOrder_KeepsTheSameRows()
    {
        var seconds = Seconds("narrow", 12, 100).ToArray();
        var kept = Quota.Within([.. seconds]).Select(s => s.Version).Order();
        Quota.Within([.. seconds.Reverse()]).Select(s => s.Version).Order().ShouldBe(kept);
    }

    private static LimitOptions Limits()
    {
        var limits = new LimitOptions { TelemetryPerSecond = 50 };
        limits.Workspaces["narrow"] = new() { TelemetryPerSecond = 3 };
        return limits;
    }

    private static IEnumerable<TrafficSecond> Seconds(string workspace, int versions, long at) => Enumerable.Range(0, versions)
        .Select(n => new TrafficSecond(workspace, "shop", "production", $"r{n:000}", at, 1, 0, StatusClasses.None, 0, LatencyHistogram.Empty));
}
