using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>Freeze windows: the release in flight is told when one opens and when it closes; windows that are over are forgotten.</summary>
public static partial class ProjectMachine
{
    private static Decision<ProjectEvent> SetFreeze(Project p, SetFreezeWindows c, DateTimeOffset now)
    {
        if (c.Windows.FirstOrDefault(w => w.Until <= w.From) is { } backwards) return Refuse(ProjectRejections.WindowEndsBeforeItBegins(backwards));
        if (c.Windows.Any(w => string.IsNullOrWhiteSpace(w.Reason))) return Refuse(ProjectRejections.WindowWithoutReason());
        if (c.Windows.FirstOrDefault(w => w.Environment is not (null or FreezeCalendar.Staging or FreezeCalendar.Production)) is { } nowhere) return Refuse(ProjectRejections.WindowOfNoEnvironment(nowhere));
        if (c.Windows.Select(FreezeCalendar.Problem).OfType<string>().FirstOrDefault() is { } wrong) return Refuse(ProjectRejections.WindowNotWeekly(wrong));
        var set = new FreezeWindowsSet(From(c.Windows, now), c.By.Id, c.Reason);
        return Then(set, FreezeBoundary(Apply(p, set), c, now));
    }

    private static Decision<ProjectEvent> FreezeBoundary(Project p, ProjectCommand c, DateTimeOffset now)
    {
        var (open, closed) = (p.FrozenAt(now), p.ClosedAt(now));
        var told = open is not null == p.FrozenTold;
        if (told && closed is not null == p.ClosedTold && p.Freeze.All(w => w.Until > now)) return Decision<ProjectEvent>.Nothing;
        var changed = new FreezeChanged(open?.Until, From(p.Freeze, now), c.By.Id, open?.Reason ?? closed?.Reason ?? c.Reason) { ClosedUntil = closed?.Until };
        if (p.Active is { } active)
            return told ? Of(changed) : Of(changed, TellRelease(p, active.Number, new FreezeRelease(open?.Until, Actor.System("freeze"), open?.Reason)));
        return closed is null && p.Queued is { } next
            ? Then(changed, Start(Apply(p, changed), next.Spec, next.By, next.Reason, open))
            : Of(changed);
    }

    /// <summary>Those that are not over, each as it comes next.</summary>
    private static ImmutableArray<FreezeWindow> From(ImmutableArray<FreezeWindow> windows, DateTimeOffset now) =>
        [.. windows.Select(w => FreezeCalendar.From(w, now)).OfType<FreezeWindow>().OrderBy(w => w.From)];
}
