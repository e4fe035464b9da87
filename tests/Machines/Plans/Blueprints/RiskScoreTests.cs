using System.Collections.Immutable;
using ProdSprint.Plans.Blueprints.Risk;

namespace ProdSprint.Tests.Plans.Blueprints;

public sealed class RiskScoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static ChangeFacts Change(int lines = 40, string path = "src/a.js", int recent = 1, int author = 5, int all = 10) =>
        new("b", "c", [new(path, lines, 0, recent)], 1, author, all);

    private static ReleaseRecord Past(int number, bool failed, string path = "src/a.js", double? predicted = null, double daysAgo = 1) =>
        new(number, failed, [path], predicted, Now.AddDays(-daysAgo));

    private static double P(ChangeFacts change, params ReleaseRecord[] history) => RiskScore.Of(change, [.. history], null, Now).Probability;

    [Fact]
    public void Of_Terms_AddUpToTheProbability()
    {
        var risk = RiskScore.Of(Change(300, "package-lock.json", 6, 1, 20), [Past(1, false), Past(2, true)], -4, Now);
        risk.Probability.ShouldBe(1 / (1 + Math.Exp(-risk.Terms.Sum(t => t.Weight))), 0.001);
        risk.Terms.Select(t => t.Name).ShouldBe(["history", "size", "churn", "incidents", "dependencies", "coverage", "pause", "familiarity"]);
    }

    [Fact]
    public void Of_WhatIsWorse_NeverLowersIt()
    {
        P(Change(lines: 4000)).ShouldBeGreaterThan(P(Change()));
        P(Change(recent: 12)).ShouldBeGreaterThan(P(Change()));
        P(Change(author: 0)).ShouldBeGreaterThan(P(Change()));
        P(Change(path: "db/migrations/002.sql")).ShouldBeGreaterThan(P(Change()));
        P(Change(path: "docs/a.md")).ShouldBeLessThan(P(Change()));
        P(Change(), Past(1, true)).ShouldBeGreaterThan(P(Change(), Past(1, true, "other.js")));
        P(Change(), Past(1, false, daysAgo: 90)).ShouldBeGreaterThan(P(Change(), Past(1, false)));
        RiskScore.Of(Change(), [], -10, Now).Probability.ShouldBeGreaterThan(RiskScore.Of(Change(), [], 5, Now).Probability);
    }

    [Fact]
    public void Of_TheCommitThatIsServed_IsNoFirstRelease_AndChangesNothing()
    {
        var same = RiskScore.Of(new("c", "c", [], 0, 0, 0), [Past(1, false)], null, Now);
        same.Terms.Select(t => t.Name).ShouldBe(["history", "same"]);
        same.Probability.ShouldBeLessThan(P(Change(path: "docs/a.md"), Past(1, false)));
        RiskScore.Of(new(null, "c", [], 0, 0, 0), [Past(1, false)], null, Now).Terms.Select(t => t.Name).ShouldBe(["history", "first"]);
    }

    [Fact]
    public void Of_ManyGoodReleases_IsLow_ManyBadOnes_IsHighWithMoreCare()
    {
        var good = RiskScore.Of(Change(), [.. Enumerable.Range(1, 30).Select(i => Past(i, false))], null, Now);
        var bad = RiskScore.Of(Change(), [.. Enumerable.Range(1, 10).Select(i => Past(i, i % 2 == 0))], null, Now);
        (good.Level, bad.Level).ShouldBe(("low", "high"));
        bad.Advice.Weights[0].ShouldBeLessThan(good.Advice.Weights[0]);
        bad.Advice.Approvers.ShouldBeGreaterThan(good.Advice.Approvers);
    }

    [Fact]
    public void Brier_IsTheMeanSquaredError_AndNothingWithTooFewOutcomes()
    {
        RiskScore.Brier([Past(1, true, predicted: 0.5)]).ShouldBeNull();
        RiskScore.Brier([.. Enumerable.Range(1, 4).Select(i => Past(i, false, predicted: 0.1)), Past(5, true, predicted: 0.7)])!.Value.ShouldBe((4 * 0.01 + 0.09) / 5, 0.0001);
    }

    [Fact]
    public void Of_FirstRelease_SaysSo() => RiskScore.Of(Change() with { Base = null }, [], null, Now).Terms.Select(t => t.Name).ShouldBe(["history", "first"]);
}
