using System.Collections.Immutable;

namespace ProdSprint.Plans;

/// <summary>How many people have yet to approve a plan, and what those before them have waived.</summary>
internal static class PlanApprovals
{
    /// <summary>People who still have to; 1: the next approval decides.</summary>
    public static int Missing(Plan p) => Math.Max(1, Needed(p)) - p.Approvals.Length;

    public static int Needed(Plan p) => p.Result?.Document.Policy.Approvers ?? 1;

    public static string Wanted(Plan p) => $"{Needed(p)} people have to approve it";

    /// <summary>Everyone's that hold now, the newest of each blocker: what one has waived stands for the next, who sees it and says yes to it.</summary>
    public static ImmutableArray<Waiver> Waivers(Plan p, ApprovePlan c, DateTimeOffset now) =>
        [.. c.Waivers, .. p.Waivers.Where(w => w.Expires > now && c.Waivers.All(n => n.Blocker != w.Blocker))];
}
