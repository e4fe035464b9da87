using ProdSprint.Releases;

namespace ProdSprint.Operations;

/// <summary>A stage of a release, or one attempt of it as a whole, that is over.</summary>
/// <param name="Stage">Null: the attempt as a whole.</param>
/// <param name="Failure">One sentence; null when it went well.</param>
internal sealed record ReleaseSpan(string Attempt, string? Stage, DateTimeOffset From, DateTimeOffset To, string Verdict, string? Failure, IReadOnlyDictionary<string, double> Figures)
{
    public string Name => Stage is null ? "release" : $"stage {Stage}";

    public string Id => NameOf(Attempt, Stage);

    /// <summary>What the span's id is made of.</summary>
    public static string NameOf(string attempt, string? stage) => stage is null ? attempt : $"{attempt}/{stage}";
}

/// <summary>Which spans have ended between two states of a release. Pure: the states come from its journal, so they are the same after a restart.</summary>
internal static class ReleaseSpans
{
    private static readonly Dictionary<string, double> NoFigures = [];

    public static IEnumerable<ReleaseSpan> Ended(Release? before, Release after)
    {
        var former = before?.Attempt == after.Attempt ? before : null;
        foreach (var stage in after.Stages)
        {
            if (stage is not { StartedAt: { } from, EndedAt: { } to } || former?.Stages.FirstOrDefault(s => s.Name == stage.Name)?.EndedAt == to) continue;
            yield return new(after.Group, stage.Name, from, to, stage.Verdict ?? "", stage.State == StageState.Failed ? stage.Detail ?? stage.Verdict ?? "failed" : null, stage.Figures);
        }
        if (after.EndedAt is { } ended && former?.EndedAt is null)
        {
            var outcome = after.Outcome?.ToString() ?? "";
            yield return new(after.Group, null, after.StartedAt, ended, char.ToLowerInvariant(outcome[0]) + outcome[1..], after.Promoted ? null : after.Back?.Cause ?? after.Message, NoFigures);
        }
    }

    /// <summary>The stage that is going on; null between two of them and after the last.</summary>
    public static string? Running(Release state) => state.Stages.FirstOrDefault(s => s.State == StageState.Running)?.Name;
}
