using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>The steps of a canary: traffic, evidence, verdict, and on; or back, at once.</summary>
public static partial class ReleaseMachine
{
    private static void StartStep(ReleaseTurn t, int step)
    {
        var s = t.State;
        var plan = s.Steps[step];
        t.Effect(ReleaseEffects.Split(s, plan.WeightPercent, t.Revision));
        t.Happened(new StepStarted(step, s.Steps.Length, plan.WeightPercent, t.Revision, t.Now + plan.MinBake, t.Now + plan.MaxBake));
    }

    /// <summary>
    /// Harm counts whatever the release waits for; health only where nothing makes it wait. Evidence of another step or attempt is no evidence,
    /// but time has passed all the same.
    /// </summary>
    private static Rejection? Judge(ReleaseTurn t, CanaryEvidence evidence)
    {
        var s = t.State;
        if (s.CurrentStep is not { } step || evidence.Step != s.Step || evidence.Attempt != s.Attempt) return Tick(t, null);

        var judgement = Look(s, evidence)!;
        if (judgement.Verdict != s.Judgement?.Verdict)
            t.Happened(new StepJudged(s.Step, s.WeightPercent, evidence.Canary.Requests, evidence.Canary.Errors, P95(evidence.Canary), judgement));

        if (judgement.Verdict == Verdict.Unhealthy)
        {
            TakeBack(t, ReleaseOutcome.RolledBack, $"The judge found harm at {s.WeightPercent:0.##} %: {judgement.Reason}", judgement);
            return null;
        }
        if (judgement.Verdict == Verdict.Healthy && CanAdvance(t.State) && t.Now >= s.MinBakeEnds && evidence.Canary.Requests >= step.MinRequests)
        {
            Pass(t, step, judgement, evidence.Stable);
            return null;
        }
        return Tick(t, evidence);
    }

    /// <summary>What the judge says now, whatever follows from it; null when there is nothing to judge.</summary>
    public static Judgement? Look(Release s, CanaryEvidence? evidence) =>
        s.CurrentStep is { } step && evidence is not null && evidence.Step == s.Step && evidence.Attempt == s.Attempt
            ? CanaryJudge.Judge(PolicyFor(s, step), evidence with { Stable = Beside(step, evidence), StableBefore = Before(s, evidence) })
            : null;

    /// <summary>
    /// Nothing where the new version is ordered to have all: what still reaches stable then (requests under way, orders that a crash held up for seconds) is no
    /// comparison, and taking a few of those for one would leave the judge without an answer.
    /// </summary>
    private static VersionEvidence Beside(CanaryStep step, CanaryEvidence evidence) => step.WeightPercent >= 100 ? VersionEvidence.None : evidence.Stable;

    /// <summary>From this release's own steps; without any (blue/green, or steps that people moved on) from what the observer read before the step.</summary>
    private static VersionEvidence Before(Release s, CanaryEvidence evidence) => s.StableBefore.Requests > 0 ? s.StableBefore : evidence.StableBefore;

    /// <summary>The error budget is the release's, so its steps share it.</summary>
    private static JudgePolicy PolicyFor(Release s, CanaryStep step) => StepProof.At(step.WeightPercent, JudgePolicy.Default with
    {
        Name = s.Policy.Judge.Policy,
        Alpha = s.Policy.Judge.Alpha / s.Steps.Length,
        MinRequests = step.MinRequests,
    });

    /// <summary>Nothing makes the step wait: no person, no rule.</summary>
    private static bool CanAdvance(Release s) =>
        s is { Stage: ReleaseStage.Canary, Hold: null, PausedBy: null, AwaitsPromotion: false, StableRuns: true } && ReleaseGuards.Blocking(s) is null;

    private static void Pass(ReleaseTurn t, CanaryStep step, Judgement judgement, VersionEvidence stable)
    {
        t.Happened(new StepPassed(t.State.Step, step.WeightPercent, false, judgement, stable));
        if (step.Pause) t.Happened(new PromotionAwaited(t.State.Step, step.WeightPercent));
        else NextStep(t);
    }

    private static void NextStep(ReleaseTurn t)
    {
        var next = t.State.Step + 1;
        if (next < t.State.Steps.Length) StartStep(t, next);
        else StartPromotion(t);
    }

    /// <summary>A person's word moves the release past exactly one step: a pause, an inconclusive verdict, or a bake they need not see the end of.</summary>
    private static Rejection? PromoteStep(ReleaseTurn t)
    {
        if (ReleaseGuards.Promote(t.State) is { } no) return no;
        var s = t.State;
        if (!s.AwaitsPromotion) t.Happened(new StepPassed(s.Step, s.WeightPercent, true, s.Judgement, VersionEvidence.None));
        NextStep(t);
        return null;
    }

    private static double? P95(VersionEvidence e) => e.Latency.Total == 0 ? null : e.Latency.QuantileMs(0.95);
}
