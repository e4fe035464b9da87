using FsCheck;
using FsCheck.Fluent;
using ProdSprint.Telemetry;

namespace ProdSprint.Tests.Telemetry;

public sealed class UsageHistogramTests
{
    [Fact]
    public void Quantile_OfKnownLooks_IsAtMostABucketAbove_AndNeverAboveTheLargest()
    {
        var seen = UsageHistogram.Of(Enumerable.Range(1, 1000).Select(n => n / 100.0));
        seen.Total.ShouldBe(1000);
        seen.Quantile(0.95).ShouldBeInRange(9.5, 9.5 * 1.0626);
        seen.Quantile(1).ShouldBe(10);
        UsageHistogram.Of(0.3).Quantile(0.95).ShouldBe(0.3);
        UsageHistogram.Empty.Quantile(0.95).ShouldBe(0);
    }

    [Fact]
    public void Add_WhateverComes_StaysBounded()
    {
        var seen = UsageHistogram.Of([0, -1, double.NaN, double.Epsilon, 1e300, double.PositiveInfinity, .. Enumerable.Range(0, 20_000).Select(n => Math.Pow(1.01, n % 4000))]);
        seen.Buckets.Length.ShouldBeLessThanOrEqualTo(UsageHistogram.Most);
        seen.Total.ShouldBe(20_006);
    }

    [Fact]
    public void Add_InPartsOrAtOnce_IsTheSame() => Prop.ForAll<ushort[], ushort[]>((first, second) =>
    {
        UsageHistogram Of(IEnumerable<ushort> amounts) => UsageHistogram.Of(amounts.Select(a => a / 64.0));
        var whole = Of(first.Concat(second));
        return Of(first).Add(Of(second)).Equals(whole) && Of(second).Add(Of(first)).Equals(whole);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ServiceUsage_OfHours_IsByServiceWithTheNewestLimits()
    {
        static UsageHour Hour(string service, long hour, double cores, double mebibytes, int limit) => new("production", service, hour, UsageHistogram.Of(cores), UsageHistogram.Of(mebibytes), limit, null);
        var used = ServiceUsage.Of([Hour("web", 481, 0.5, 300, 512), Hour("web", 480, 0.1, 100, 256), Hour("api", 480, 1, 50, 128), Hour("web", 505, 0.2, 200, 1024)]);
        used.Select(u => (u.Service, u.Hours, u.Samples)).ShouldBe([("api", 1, 1), ("web", 3, 3)]);
        var web = used[1];
        (web.CpuMax, web.MemoryMaxMiB, web.LimitMemoryMiB, web.From.Hour, web.To - web.From).ShouldBe((0.5, 300, 1024, 0, TimeSpan.FromHours(26)));
        web.Points.Select(p => (p.At.Day, p.Samples, p.MemoryMaxMiB)).ShouldBe([(21, 2, 300), (22, 1, 200)]);
    }
}
