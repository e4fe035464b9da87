using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints.Risk;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Plans.Blueprints;

public sealed class RiskCareTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Apply_HighRisk_TheProfileHasTheAdvisedSteps_MoreEvidence_TwoApprovers_AndAPersonBeforeTheEnd()
    {
        var careful = RiskCare.Apply(PolicyProfiles.Default, "high");
        careful.Steps.Select(s => s.WeightPercent).ShouldBe([1, 2, 5, 10, 25, 50, 100]);
        careful.Steps.Select(s => s.MinRequests).ShouldBe([200, 200, 1000, 1000, 4000, 4000, 4000]);
        careful.Steps.Select(s => s.Pause).ShouldBe([false, false, false, false, false, true, false]);
        (careful.Approval, careful.Approvers).ShouldBe((ApprovalMode.EveryPlan, 2));
    }

    [Fact]
    public void Apply_LowRisk_TakesNothingAway() => CanonicalJson.Write(RiskCare.Apply(PolicyProfiles.Strict, "low")).ShouldBe(CanonicalJson.Write(PolicyProfiles.Strict));

    [Fact]
    public void Apply_AnyProfileAndLevel_IsNeverLessCareful()
    {
        foreach (var profile in PolicyProfiles.All)
            foreach (var level in RiskCare.Levels)
            {
                var careful = RiskCare.Apply(profile, level);
                foreach (var step in profile.Steps)
                {
                    var same = careful.Steps.Single(s => s.WeightPercent == step.WeightPercent);
                    (same.MinRequests >= step.MinRequests && same.MinBake >= step.MinBake && (same.Pause || !step.Pause)).ShouldBeTrue($"{profile.Name} {level} {step.WeightPercent}");
                }
                careful.Steps.Select(s => s.WeightPercent).ShouldBeInOrder();
                (careful.Approval >= profile.Approval && (careful.Approvers ?? 1) >= (profile.Approvers ?? 1) && (careful.Approvers ?? 1) >= RiskCare.Advice(level).Approvers).ShouldBeTrue();
            }
    }

    [Fact]
    public void Draft_WithCare_ThePlanHasItAndSaysSo()
    {
        var audit = Auditor.Run(MemoryTree.Of(("package.json", """{"main":"a.js"}"""), ("a.js", "app.listen(process.env.PORT)")));
        var plan = PlanBuilder.Draft(audit, PolicyProfiles.Default, null, "high");
        plan.Steps.Count(s => s.Kind == "traffic").ShouldBe(7);
        plan.Notes.ShouldContain(n => n.Code == "care.followed");
        PlanBuilder.Draft(audit, PolicyProfiles.Default, null).Notes.ShouldNotContain(n => n.Code == "care.followed");
    }

    [Fact]
    public void Coverage_OfTheCommitItself_ElseOfTheLastBuildSince_ElseNothing()
    {
        CoverageSeen[] seen = [new("new", Now, 70), new("other", Now.AddDays(-1), 75), new("served", Now.AddDays(-2), 80), new("old", Now.AddDays(-3), 50)];
        CoverageDelta.Of(seen, "served", "new").ShouldBe(-10);
        CoverageDelta.Of(seen[1..], "served", "new").ShouldBe(-5);
        CoverageDelta.Of(seen[2..], "served", "new").ShouldBeNull();
        CoverageDelta.Of(seen, "never-built", "new").ShouldBeNull();
        CoverageDelta.Of(seen, null, "new").ShouldBeNull();
        CoverageDelta.Of([new("new", Now, null), new("served", Now.AddDays(-2), 80)], "served", "new").ShouldBeNull();
    }
}
