using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>
/// The version in staging under load, once it answers: what exceeds a budget or the stable version's figures needs a waiver. The smoke test says whether there is
/// anything to load; where there is not, nothing is asked. A way back is never judged by it.
/// </summary>
public static partial class ReleaseMachine
{
    private static void AfterSmoke(ReleaseTurn t, SmokeResult smoke)
    {
        var s = t.State;
        if (smoke.Routes is null || s.IsRollback || s.PerformanceChecked || s.Policy.Performance is { Seconds: 0 })
        {
            PassGates(t, smoke);
            return;
        }
        var job = ReleaseEffects.Performance(s, smoke.Routes);
        t.Happened(new PerformanceChecking(t.Enqueue(job), smoke.Routes, smoke, ReleaseEffects.GivesUpAt(job, t.Now)));
    }

    private static void PerformanceSeen(ReleaseTurn t, JobOutcome o, string? error)
    {
        if (error is not null)
        {
            Fail(t, ReleaseStages.Gates, $"the version could not be put under load: {error}");
            return;
        }
        var r = Result<PerformanceResult>(o);
        var smoke = t.State.Smoke!;
        var open = SupplyGate.Uncovered(r.Findings, Waivers(t.State), Authors(t.State), t.Now).ToList();
        t.Happened(new PerformanceChecked(r.Routes, r.Requests, r.Failed, r.P95Ms, r.Findings, r.Findings.Length - open.Count, r.Detail));
        if (open.Count > 0) Fail(t, ReleaseStages.Gates, $"{SupplyGate.Say(open, 0, t.State.Spec.Project)}; what was measured: prodsprint performance show --project {t.State.Spec.Project}");
        else PassGates(t, smoke);
    }
}
