using ProdSprint.Gates;
using ProdSprint.Jobs;

namespace ProdSprint.Releases;

/// <summary>What the tests of the build reported: failures stop it unless the test wavers and is quarantined, coverage below the policy needs a waiver. Where no report was written, the counts of the build decide.</summary>
public static partial class ReleaseMachine
{
    private static bool NeedsTests(Release s) => !s.IsRollback && !s.TestsChecked && s.Policy.Gates.Contains("tests") && (s.TestReport is not null || (s.Policy.Coverage is { Required: true } && s.TestsFailed == 0));

    private static void CheckTests(ReleaseTurn t)
    {
        var job = ReleaseEffects.Tests(t.State);
        t.Happened(new TestsChecking(t.Enqueue(job), t.State.TestReport, ReleaseEffects.GivesUpAt(job, t.Now)));
    }

    private static void TestsSeen(ReleaseTurn t, JobOutcome o, string? error)
    {
        if (error is not null)
        {
            Fail(t, ReleaseStages.Gates, $"what the tests reported could not be judged: {error}");
            return;
        }
        var r = Result<TestsResult>(o);
        // without a report the build's own counts are all there is
        if (t.State.TestReport is null) r = r with { Passed = t.State.TestsPassed, Failed = t.State.TestsFailed, Detail = $"{t.State.TestsPassed} tests passed; no coverage is reported." };
        var open = SupplyGate.Uncovered(r.Findings, Waivers(t.State), Authors(t.State), t.Now).ToList();
        t.Happened(new TestsChecked(r.Passed, r.Failed, r.Tolerated, r.Blocking, r.CoveragePercent, r.Findings, r.Findings.Length - open.Count, r.Detail));
        if (r.Blocking.Length > 0) Fail(t, ReleaseStages.Gates, TestsGate.Say(r, t.State.Spec.Project));
        else if (open.Count > 0) Fail(t, ReleaseStages.Gates, SupplyGate.Say(open, 0, t.State.Spec.Project));
        else CheckGates(t);
    }
}
