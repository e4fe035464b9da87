using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>
/// Freeze windows, the project's own and the workspace's: the release in flight is told when one opens and when it closes; windows that are over are forgotten.
/// </summary>
public static partial class ProjectMachine
{
    private static Decision<ProjectEvent> SetFreeze(Project p, SetFreezeWindows c, DateTimeOffset now)
    {
        if (FreezeChecks.Windows(c.Windows) is { } no) return Refuse(no);
        var set = new FreezeWindowsSet(FreezeCalendar.From(c.Windows, now), c.By.Id, c.Reason);
        return Then(set, FreezeBoundary(Apply(p, set), c, now));
    }

    /// <summary>It may be told twice, and a list that was overtaken may come late.</summary>
    private static Decision<ProjectEvent> Follow(Project p, WorkspaceFreezeChanged c, DateTimeOffset now)
    {
        if (c.Revision <= p.WorkspaceFreezeRevision) return Decision<ProjectEvent>.Nothing;
        var followed = new WorkspaceFreezeFollowed(c.Revision, FreezeCalendar.From(c.Windows, now), c.By.Id, c.Reason);
        return Then(followed, FreezeBoundary(Apply(p, followed), c, now));
    }

    private static Decision<ProjectEvent> FreezeBoundary(Project p, ProjectCommand c, DateTimeOffset now)
    {
        var (open, closed) = (p.FrozenAt(now), p.ClosedAt(now));
        var told = open is not null == p.FrozenTold;
        if (told && closed is not null == p.ClosedTold && p.Windows.All(w => w.Until > now)) return Decision<ProjectEvent>.Nothing;
        var changed = new FreezeChanged(open?.Until, FreezeCalendar.From(p.Freeze, now), c.By.Id, open?.Reason ?? closed?.Reason ?? c.Reason)
        {
            ClosedUntil = closed?.Until, WorkspaceWindows = p.WorkspaceFreeze.IsEmpty ? null : FreezeCalendar.From(p.WorkspaceFreeze, now),
        };
        if (p.Active is { } active)
            return told ? Of(changed) : Of(changed, TellRelease(p, active.Number, new FreezeRelease(open?.Until, Actor.System("freeze"), open?.Reason)));
        return closed is null && p.Queued is { } next
            ? Then(changed, Start(Apply(p, changed), next.Spec, next.By, next.Reason, open))
            : Of(changed);
    }
}
