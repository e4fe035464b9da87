using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>
/// What the version is built from: weaknesses and licences that need a waiver stop it at the gates; a waiver that ends while the release runs holds its next step.
/// A way back is never judged by it.
/// </summary>
public static partial class ReleaseMachine
{
    private static bool NeedsSupply(Release s) => !s.IsRollback && !s.SupplyChecked && (s.Gate is { Advisories: true } || s.Policy.Licences is not null);

    private static void CheckSupply(ReleaseTurn t)
    {
        var job = ReleaseEffects.Supply(t.State);
        t.Happened(new SupplyChecking(t.Enqueue(job), t.State.Spec.Commit, ReleaseEffects.GivesUpAt(job, t.Now)));
    }

    private static void SupplySeen(ReleaseTurn t, JobOutcome o, string? error)
    {
        if (error is not null)
        {
            Fail(t, ReleaseStages.Gates, $"what the version is built from could not be checked: {error}");
            return;
        }
        var r = Result<SupplyResult>(o);
        var open = SupplyGate.Uncovered(r.Findings, Waivers(t.State), Authors(t.State), t.Now).ToList();
        t.Happened(new SupplyChecked(r.Components, r.Findings, r.More, r.Findings.Length - open.Count, r.Detail) { Report = r.Report });
        if (open.Count > 0) Fail(t, ReleaseStages.Gates, SupplyGate.Say(open, r.More, t.State.Spec.Project));
        else if (r.More > 0) Fail(t, ReleaseStages.Gates, $"{r.Findings.Length + r.More} weaknesses and licences need a waiver; that many are mended, not waived.");
        else CheckGates(t);
    }

    internal static ReleaseFindings FindingsOf(Release s) =>
        new(s.Spec.Commit, s.SupplyChecked, s.SupplyReport, [.. s.Findings.Where(f => f.Kind is WaiverKind.Vulnerability or WaiverKind.Licence)], [.. Authors(s).Distinct()]);

    private static Rejection? LearnGateFacts(ReleaseTurn t, TellGateFacts c)
    {
        if (ReleaseGuards.Abort(t.State) is { } no) return no;
        if (c.Facts.Revision <= (t.State.Gate?.Revision ?? -1)) return null;
        t.Happened(new GateFactsTold(c.Facts));
        MindWaivers(t);
        if (Open(t).Count == 0 && (t.State.SupplyChecked || t.State.TestsChecked || t.State.PerformanceChecked)) Lift(t, HoldReason.WaiverExpired);
        return null;
    }

    /// <summary>Asked before every decision, so that no step begins on a waiver whose day has come.</summary>
    private static void MindWaivers(ReleaseTurn t)
    {
        var s = t.State;
        if (s.Findings.IsEmpty || !Forward(s) || s.Blocks.ContainsKey(HoldReason.WaiverExpired)) return;
        if (Open(t) is { Count: > 0 } open) Raise(t, HoldReason.WaiverExpired, $"No waiver holds any more: {SupplyGate.Say(open, 0, s.Spec.Project)}", null);
    }

    /// <summary>When <see cref="MindWaivers"/> has something to say again.</summary>
    private static DateTimeOffset? WaiverLapses(Release s) =>
        s.Findings.IsEmpty || !Forward(s) || s.Blocks.ContainsKey(HoldReason.WaiverExpired) ? null : SupplyGate.LapsesAt(s.Findings, Waivers(s), Authors(s));

    private static bool Forward(Release s) => s.Stage is ReleaseStage.Gates or ReleaseStage.AwaitingApproval or ReleaseStage.StartingProduction or ReleaseStage.Preview or ReleaseStage.Canary;

    private static List<GateFinding> Open(ReleaseTurn t) => [.. SupplyGate.Uncovered(t.State.Findings, Waivers(t.State), Authors(t.State), t.Now)];

    private static IEnumerable<GateWaiver> Waivers(Release s) => s.Gate?.Waivers ?? [];

    /// <summary>Where every plan wants another pair of eyes, so does every exception.</summary>
    private static string[] Authors(Release s) => s.Policy.Approval == ApprovalMode.EveryPlan ? [s.StartedBy, s.AttemptBy] : [];
}
