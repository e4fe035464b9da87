using System.Collections.Immutable;
using ProdSprint.Telemetry;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>
/// The judge's looks once more, from the log of traffic: looks are not stored, because the same seconds give the same looks.
/// </summary>
public static class JudgeHistory
{
    /// <summary>As many as a chart can show.</summary>
    private const int MostLooks = 120;

    /// <summary>The step that runs, or ran last, and when it ended; null while there was none.</summary>
    public static (TrafficWatch Watch, DateTimeOffset? Ended)? Seen(Release r)
    {
        if (TrafficWatches.Of(r) is { } running) return (running, null);
        if (r.Spec.Stable is null || r.Step < 0 || r.Step >= r.Steps.Length) return null;
        var name = ReleaseStages.StepName(r.Steps[r.Step].WeightPercent);
        return r.Stages.FirstOrDefault(s => s.Name == name) is { StartedAt: { } since, EndedAt: var ended } && TrafficWatches.Of(Running(r) with { StepStartedAt = since }) is { } past
            ? (past, ended)
            : null;
    }

    /// <param name="seconds">What the log has, from <see cref="EvidenceTally.SecondsBefore"/> before the step on, in any order.</param>
    public static ImmutableArray<JudgeLook> Of(Release r, TrafficWatch watch, DateTimeOffset? ended, IEnumerable<TrafficSecond> seconds)
    {
        var until = ended?.ToUnixTimeSeconds() ?? long.MaxValue;
        var all = seconds.Where(s => s.UnixSecond <= until).ToList();
        var step = all.Where(s => s.UnixSecond >= EvidenceTally.FromSecond(watch)).GroupBy(s => s.UnixSecond).OrderBy(g => g.Key).ToList();
        var evidence = EvidenceTally.Before(CanaryEvidence.None, watch, all);
        var looks = ImmutableArray.CreateBuilder<JudgeLook>();
        var stride = (step.Count + MostLooks - 1) / MostLooks;
        for (var i = 0; i < step.Count; i++)
        {
            evidence = EvidenceTally.Add(evidence, watch, step[i]);
            if ((step.Count - 1 - i) % stride != 0 || evidence.Canary.Requests == 0) continue;
            if (ReleaseMachine.Look(Running(r), evidence) is { } look) looks.Add(new(DateTimeOffset.FromUnixTimeSeconds(step[i].Key + 1), watch.Step, look));
        }
        return looks.ToImmutable();
    }

    private static Release Running(Release r) => r with { Stage = ReleaseStage.Canary };
}
