using ProdSprint.Kernel;

namespace ProdSprint.Infrastructure;

/// <summary>How an environment's infrastructure and what happens to it read to people.</summary>
internal static class InfrastructureViews
{
    public static InfrastructureView View(InfrastructureState s, string key, long version) => new(
        key, s.Workspace, s.Project, s.Environment, s.Phase, s.Plan, s.RequestedBy, s.ApprovedBy, s.ApprovedAt, s.Baseline, s.Drift, s.CheckedAt, s.Job, s.Problem, version);

    public static TimelineFact Fact(InfrastructureEvent happened, InfrastructureState s)
    {
        TimelineFact Fact(string kind, string text, string? diff = null) => new($"infrastructure.{kind}", happened.By, happened.Reason, text, diff);
        var where = s.Environment;
        return happened switch
        {
            InfrastructurePlanBegun { Destroy: true } e => Fact("plan-begun", $"Plan {e.Number} to take the infrastructure of {where} away asked for"),
            InfrastructurePlanBegun e => Fact("plan-begun", $"Plan {e.Number} of the infrastructure of {where} asked for"),
            InfrastructurePlanned e => Fact("planned", $"Plan {e.Plan.Number} of the infrastructure of {where}: {Count(e.Plan.Changes)}", $"infrastructure:{e.Plan.Digest}"),
            InfrastructurePlanFailed e => Fact("plan-failed", $"The infrastructure of {where} could not be planned: {e.Problem}"),
            InfrastructureApproved e => Fact("approved", $"Plan {s.LastPlan} of the infrastructure of {where} approved", $"infrastructure:{e.Digest}"),
            InfrastructureApplying { Repair: true } e => Fact("applying", $"Putting the infrastructure of {where} back as plan {e.Plan} made it"),
            InfrastructureApplying e => Fact("applying", $"Applying plan {e.Plan} of the infrastructure of {where}"),
            InfrastructureWasApplied { Baseline: null } e => Fact("destroyed", $"The infrastructure of {where} was taken away, {e.Changed} resources{Cost(e)}"),
            InfrastructureWasApplied e => Fact("applied", $"The infrastructure of {where} is as plan {e.Baseline!.Plan} wants it, {e.Changed} resources changed{Cost(e)}", $"infrastructure:{e.Baseline.PlanDigest}"),
            InfrastructureApplyFailed e => Fact("apply-failed", $"The infrastructure of {where} could not be applied: {e.Problem}"),
            DriftCheckBegun => Fact("drift-check-begun", $"Looking whether the infrastructure of {where} is as it was applied"),
            DriftChecked { Drift: null } => Fact("no-drift", $"The infrastructure of {where} is as it was applied"),
            DriftChecked e => Fact("drifted", $"The infrastructure of {where} is not as it was applied: {Count(e.Drift!.Changes)}", $"infrastructure:{e.Drift.Digest}"),
            DriftCheckFailed e => Fact("drift-check-failed", $"The infrastructure of {where} could not be looked at: {e.Problem}"),
            DriftAccepted e => Fact("drift-accepted", $"The drift of the infrastructure of {where} stays", $"infrastructure:{e.Digest}"),
            StateRestoreBegun e => Fact("restore-begun", $"Making version {e.StateVersion} of the state of {where} the newest"),
            StateRestored e => Fact("restored", $"The state of {where} is version {e.State.Version}, as an earlier one was"),
            StateRestoreFailed e => Fact("restore-failed", $"The state of {where} could not be restored: {e.Problem}"),
            _ => Fact("changed", happened.GetType().Name),
        };
    }

    private static string Cost(InfrastructureWasApplied e) => e.Cost is { } cost ? $": {PlanCost.Say(cost)}" : "";

    private static string Count(IReadOnlyCollection<InfrastructureChange> changes) => changes.Count == 0
        ? "nothing to change"
        : string.Join(", ", changes.GroupBy(c => c.Action).OrderBy(g => g.Key).Select(g => $"{g.Count()} to {g.Key.ToString().ToLowerInvariant()}"));
}
