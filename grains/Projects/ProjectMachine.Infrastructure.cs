using ProdSprint.Infrastructure;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>What environments stand on: planned by the project's policy; a drift of production holds the release that is in flight.</summary>
public static partial class ProjectMachine
{
    private const string Production = "production";

    private static Decision<ProjectEvent> PlanInfrastructure(Project p, RequestInfrastructurePlan c) => Of(
        new InfrastructurePlanRequested(c.Environment, c.Destroy, c.By.Id, c.Reason),
        new Tell(
            GrainKeys.Infrastructure(p.Workspace, p.Id, c.Environment),
            KernelJson.Write<InfrastructureCommand>(new PlanInfrastructure(c.Destroy, p.Approved?.Document.Policy.Approval ?? ApprovalMode.OncePerExecution, c.By, c.Reason))));

    /// <summary>The release is told each time: it changes nothing when it knows, and puts right what came in another order than it was sent.</summary>
    private static Decision<ProjectEvent> Drifted(Project p, InfrastructureDrifted c)
    {
        var known = p.Drift.GetValueOrDefault(c.Environment) == c.Detail && p.Standing.Contains(c.Environment) == c.Stands;
        var told = c.Environment == Production && p.Active is { Kind: ReleaseKind.Normal } active
            ? TellRelease(p, active.Number, c.Detail is { } detail ? new BlockRelease(HoldReason.Drift, detail, c.By, c.Reason) : new UnblockRelease(HoldReason.Drift, c.By, c.Reason))
            : null;
        return Decision<ProjectEvent>.Of(known ? [] : [new DriftLearned(c.Environment, c.Detail, c.Stands, c.By.Id, c.Reason)], told is null ? [] : [told]);
    }

    /// <summary>Going back never waits for a drift.</summary>
    private static string? DriftFor(Project p, ReleaseSpec spec) => spec.Kind == ReleaseKind.Normal ? p.Drift.GetValueOrDefault(Production) : null;
}
