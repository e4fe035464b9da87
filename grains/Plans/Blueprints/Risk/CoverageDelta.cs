namespace ProdSprint.Plans.Blueprints.Risk;

/// <summary>What a build's tests covered, as it was reported.</summary>
/// <param name="Percent">Of lines; null when the build reported none.</param>
public sealed record CoverageSeen(string Commit, DateTimeOffset At, double? Percent);

/// <summary>How many percentage points of coverage a change brings or takes.</summary>
public static class CoverageDelta
{
    /// <summary>
    /// From what is served to the commit itself or, until that was built, to the last build of another commit since. Null: one side was never reported, and nothing is guessed.
    /// </summary>
    /// <param name="seen">Newest first.</param>
    public static double? Of(IReadOnlyList<CoverageSeen> seen, string? served, string commit)
    {
        var told = seen.Where(s => s.Percent is not null).ToList();
        if (served is null || served == commit || told.FirstOrDefault(s => s.Commit == served) is not { } before) return null;
        var after = told.FirstOrDefault(s => s.Commit == commit) ?? told.FirstOrDefault(s => s.Commit != served && s.At > before.At);
        return after is null ? null : Math.Round(after.Percent!.Value - before.Percent!.Value, 2);
    }
}
