using System.Collections.Immutable;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Gates;

public sealed class FindingsReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    private static Component Npm(string name, string version, bool development = false, string? licence = null) => new("npm", name, version, development, [], ["package-lock.json"], licence);

    private static Finding Weak(Component c, string advisory, string level) => new(advisory, level, "sums it up", c.Purl, "9.9.9", [$"CVE-{advisory}"], c.Development, c.Files);

    private static FindingsReport Report(ImmutableArray<Component> components, params Finding[] findings) =>
        FindingsReport.Of(new("", components, ["package-lock.json"], [new("yarn.lock", "it is broken")]), [.. findings], 7, true, new([], ["AGPL-3.0"]));

    private static GateWaiver Waiver(string subject, string? package, TimeSpan left, string by = "user:ben", WaiverState state = WaiverState.Valid, int number = 1) =>
        new(number, WaiverKind.Vulnerability, subject, package, "why", "T-1", Now + left, by, Now.AddDays(-1)) { State = state };

    [Fact]
    public void Of_WhatStopsIsAboveWhatDoesNot_AndEachNamesItsPackage()
    {
        var (lodash, mocha, agpl) = (Npm("@scope/lodash", "4.17.20"), Npm("mocha", "1.0.0", development: true), Npm("server", "2.0.0", licence: "AGPL-3.0"));
        var report = Report([lodash, mocha, agpl], Weak(mocha, "1", "critical"), Weak(lodash, "2", "low"), Weak(lodash, "3", "high"));
        report.Items.Select(i => (i.Level, i.Name, i.Version, i.Stops)).ShouldBe([("denied", "server", "2.0.0", true), ("high", "@scope/lodash", "4.17.20", true), ("critical", "mocha", "1.0.0", false), ("low", "@scope/lodash", "4.17.20", false)]);
        report.Levels.ShouldBe(new Dictionary<string, int> { ["critical"] = 1, ["denied"] = 1, ["high"] = 1, ["low"] = 1 }, ignoreOrder: true);
        (report.Components, report.Advisories, report.Compared, report.More).ShouldBe((3, 7, true, 0));
        report.Unread.ShouldBe(["yarn.lock: it is broken"]);
        KernelJson.Write(KernelJson.Read<FindingsReport>(KernelJson.Write(report))).ShouldBe(KernelJson.Write(report));
    }

    [Fact]
    public void Of_MoreThanAreKept_TheWorstStay_AndAllAreCounted()
    {
        var lodash = Npm("lodash", "4.17.20");
        var report = Report([lodash], [.. Enumerable.Range(0, FindingsReport.Most + 10).Select(i => Weak(lodash, $"low-{i:0000}", "low")), Weak(lodash, "worst", "critical")]);
        (report.Items.Length, report.More, report.Levels["low"], report.Items[0].Id).ShouldBe((FindingsReport.Most, 11, FindingsReport.Most + 10, "worst"));
    }

    [Fact]
    public void Of_WhatAReleaseKeptItself_HasNameAndVersionOfThePackageUrl()
    {
        var known = new GateFinding(WaiverKind.Vulnerability, "GHSA-1", [], "pkg:npm/%40scope/lodash@4.17.20", "high", null, null);
        FindingsReport.Of([known]).Items.Single().ShouldSatisfyAllConditions(i => i.Name.ShouldBe("@scope/lodash"), i => i.Version.ShouldBe("4.17.20"), i => i.Stops.ShouldBeTrue());
    }

    [Fact]
    public void Standing_IsThatOfTheWaiverThatHolds_ElseTheOneThatEndedLastIsTold()
    {
        var lodash = Npm("lodash", "4.17.20");
        var high = Report([lodash], Weak(lodash, "3", "high")).Items[0];
        (FindingStanding, int?) Of(params GateWaiver[] waivers) => FindingStandings.Of(high, waivers, ["user:ana"], Now) is var (standing, waiver) ? (standing, waiver?.Number) : default;
        Of().ShouldBe((FindingStanding.Open, null));
        Of(Waiver("3", "pkg:npm/lodash", TimeSpan.FromDays(1))).ShouldBe((FindingStanding.Waived, 1));
        Of(Waiver("CVE-3", "pkg:npm/lodash@4.17.20", TimeSpan.FromDays(1))).ShouldBe((FindingStanding.Waived, 1));
        Of(Waiver("3", "pkg:npm/other", TimeSpan.FromDays(1))).ShouldBe((FindingStanding.Open, null));
        Of(Waiver("3", "pkg:npm/lodash", TimeSpan.FromDays(1), by: "user:ana")).ShouldBe((FindingStanding.Open, 1), "the author of a release does not answer for it");
        Of(Waiver("3", "pkg:npm/lodash", TimeSpan.FromDays(-9), state: WaiverState.Expired), Waiver("3", "pkg:npm/lodash", TimeSpan.FromDays(-1), number: 2)).ShouldBe((FindingStanding.Open, 2));
        var low = Report([lodash], Weak(lodash, "4", "low")).Items[0];
        FindingStandings.Of(low, [], [], Now).Standing.ShouldBe(FindingStanding.Lesser);
    }
}
