using System.Collections.Immutable;
using System.Globalization;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>The pipeline as a picture: one row per stage, in order, kept with the release so that it can be seen after years.</summary>
internal static class ReleaseStages
{
    public const string Apply = "apply";
    public const string Staging = "staging";
    public const string Gates = "gates";
    public const string Approval = "approval";
    public const string Preview = "preview";
    public const string Production = "production";

    public static ImmutableArray<StageView> Planned(Release s)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        if (s.Spec.Kind != ReleaseKind.FastRollback) names.AddRange(Apply, Staging, Gates);
        if (ReleaseGuards.NeedsApproval(s)) names.Add(Approval);
        if (!s.SkipsSteps)
        {
            if (s.Policy.Strategy == ReleaseStrategy.BlueGreen) names.Add(Preview);
            foreach (var step in s.Steps) names.Add(StepName(step.WeightPercent));
        }
        names.Add(Production);
        return [.. names.Distinct().Select(n => new StageView(n, StageState.Pending, null, null, null, ImmutableDictionary<string, double>.Empty, null))];
    }

    public static string StepName(double weight) => string.Create(CultureInfo.InvariantCulture, $"canary-{weight:0.##}");

    public static ImmutableArray<StageView> Began(this ImmutableArray<StageView> stages, string name, DateTimeOffset at) =>
        stages.With(name, s => s with { State = StageState.Running, StartedAt = s.StartedAt ?? at, EndedAt = null, Verdict = null });

    public static ImmutableArray<StageView> Ended(
        this ImmutableArray<StageView> stages, string name, StageState state, string verdict, DateTimeOffset at, string? detail = null, params (string Name, double Value)[] figures) =>
        stages.With(name, s => s with
        {
            State = state,
            Verdict = verdict,
            StartedAt = s.StartedAt ?? at,
            EndedAt = at,
            Detail = detail ?? s.Detail,
            Figures = s.Figures.SetItems(figures.Where(f => double.IsFinite(f.Value)).Select(f => KeyValuePair.Create(f.Name, f.Value))),
        });

    public static ImmutableArray<StageView> Measured(this ImmutableArray<StageView> stages, string name, string? detail, params (string Name, double Value)[] figures) =>
        stages.With(name, s => s with
        {
            Detail = detail ?? s.Detail,
            Figures = s.Figures.SetItems(figures.Where(f => double.IsFinite(f.Value)).Select(f => KeyValuePair.Create(f.Name, f.Value))),
        });

    /// <summary>What runs has ended this way, and what has not begun never will.</summary>
    public static ImmutableArray<StageView> Closed(this ImmutableArray<StageView> stages, StageState running, string verdict, DateTimeOffset at, string? detail) =>
        [.. stages.Select(s => s.State switch
        {
            StageState.Running => s with { State = running, Verdict = verdict, EndedAt = at, Detail = detail ?? s.Detail },
            StageState.Pending => s with { State = StageState.Skipped, Verdict = "skipped" },
            _ => s,
        })];

    /// <summary>Stages between what was done and production that are left out.</summary>
    public static ImmutableArray<StageView> SkippedUpTo(this ImmutableArray<StageView> stages, string name, DateTimeOffset at)
    {
        var end = stages.IndexOf(stages.FirstOrDefault(s => s.Name == name)!);
        return [.. stages.Select((s, i) => i >= end ? s : s.State switch
        {
            StageState.Pending => s with { State = StageState.Skipped, Verdict = "skipped" },
            StageState.Running => s with { State = StageState.Skipped, Verdict = "skipped", EndedAt = at },
            _ => s,
        })];
    }

    private static ImmutableArray<StageView> With(this ImmutableArray<StageView> stages, string name, Func<StageView, StageView> change) =>
        [.. stages.Select(s => s.Name == name ? change(s) : s)];
}
