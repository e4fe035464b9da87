using System.Collections.Immutable;
using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>What can be meant by a list of freeze windows, of a project or of a workspace.</summary>
internal static class FreezeChecks
{
    /// <summary>Null: they are in order.</summary>
    public static Rejection? Windows(ImmutableArray<FreezeWindow> windows) =>
        windows.FirstOrDefault(w => w.Until <= w.From) is { } backwards ? ProjectRejections.WindowEndsBeforeItBegins(backwards)
        : windows.Any(w => string.IsNullOrWhiteSpace(w.Reason)) ? ProjectRejections.WindowWithoutReason()
        : windows.FirstOrDefault(w => w.Environment is not (null or FreezeCalendar.Staging or FreezeCalendar.Production)) is { } nowhere ? ProjectRejections.WindowOfNoEnvironment(nowhere)
        : windows.Select(FreezeCalendar.Problem).OfType<string>().FirstOrDefault() is { } wrong ? ProjectRejections.WindowNotWeekly(wrong)
        : null;
}
