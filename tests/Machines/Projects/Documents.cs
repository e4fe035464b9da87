using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Machines.Projects;

/// <summary>Plan documents with just what a test is about.</summary>
internal static class Documents
{
    public static PlanDocument Plan(string commit, int pinned = 5, bool carries = false, ApprovalMode approval = ApprovalMode.OncePerExecution, params PlanBlocker[] blockers) => new(
        PlanDocument.CurrentSchema, commit, "sha256:audit", $"sha256:{commit}", "sha256:execution",
        new("default", 1, approval, ReleaseStrategy.Canary, [new(1, 50, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), false), new(100, 50, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), false)],
            new("sequential", 0.01), TimeSpan.FromHours(1), FreezeBehaviour.Hold, ["smoke"], TimeSpan.FromMinutes(10), pinned),
        "shop", [], [], [.. blockers], [], [], carries);
}
