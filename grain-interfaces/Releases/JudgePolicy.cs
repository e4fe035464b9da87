using System.Collections.Immutable;

namespace ProdSprint.Releases;

/// <summary>How a canary is judged. Every setting has a default that suits a small HTTP service; rates are fractions (0.01 = 1 %).</summary>
[GenerateSerializer, Immutable, Alias("releases.JudgePolicy")]
public sealed record JudgePolicy
{
    public const string Sequential = "sequential";
    public const string MannWhitney = "mann-whitney";
    public const string Threshold = "threshold";

    public static JudgePolicy Default { get; } = new();

    /// <summary><see cref="Sequential"/>, <see cref="MannWhitney"/> or <see cref="Threshold"/>. Sequential is the default: it may look after every batch.</summary>
    [Id(0)] public string Name { get; init; } = Sequential;

    /// <summary>
    /// The error budget: the chance, over the whole step and however often the judge looks, that a canary no worse than stable is called
    /// Unhealthy; and, apart from it, that one beyond what is tolerated is called Healthy. 1 %: one good release in a hundred is held up.
    /// </summary>
    [Id(1)] public double Alpha { get; init; } = 0.01;

    /// <summary>
    /// The rise of the error rate, absolute, that a release may bring. Healthy needs proof that the rise is smaller. Half a percentage point:
    /// below it most services cannot tell a release from an ordinary hour.
    /// </summary>
    [Id(2)] public double MaxErrorRateIncrease { get; init; } = 0.005;

    /// <summary>How many times stable's latency the canary's may be, at each of <see cref="LatencyQuantiles"/>. 1.5: a cold cache is not a regression.</summary>
    [Id(3)] public double MaxLatencyRatio { get; init; } = 1.5;

    /// <summary>
    /// Below this no latency counts as harm, milliseconds: at 2 ms a scheduler's hiccup is a ratio of three. A canary quantile under it is
    /// within what is tolerated whatever stable does.
    /// </summary>
    [Id(4)] public double LatencyFloorMs { get; init; } = 5;

    /// <summary>The quantiles that are compared. p95 is what users feel, p99 what callers with fan-out feel; empty judges errors alone.</summary>
    [Id(5)] public ImmutableArray<double> LatencyQuantiles { get; init; } = [0.95, 0.99];

    /// <summary>
    /// The part of <see cref="Alpha"/> spent on the error rate; the quantiles share the rest equally. Errors hurt most and are the rarest
    /// events, so they get most of it.
    /// </summary>
    [Id(6)] public double ErrorShareOfAlpha { get; init; } = 0.8;

    /// <summary>The least canary requests for Healthy. Unhealthy needs no minimum: its proof counts its own evidence.</summary>
    [Id(7)] public long MinRequests { get; init; } = 100;

    /// <summary>
    /// How many errors one incident typically makes within a version (retries, a user who reloads). 1: every request fails on its own. Evidence
    /// is divided by it, so clustered errors keep the budget at the price of a slower verdict.
    /// </summary>
    [Id(8)] public double ErrorsPerIncident { get; init; } = 1;

    /// <summary>Settings of the policy <see cref="MannWhitney"/>.</summary>
    [Id(9)] public MannWhitneySettings Kayenta { get; init; } = new();

    /// <summary>Settings of the policy <see cref="Threshold"/>.</summary>
    [Id(10)] public ThresholdSettings Limits { get; init; } = new();

    /// <summary>
    /// The rise of the error rate that Healthy has to rule out, absolute; null: <see cref="MaxErrorRateIncrease"/>. A step that reaches few people
    /// may go on with a coarser proof (<c>StepProof</c>); what counts as harm stays the same in every step.
    /// </summary>
    [Id(11)] public double? ProvenErrorRateIncrease { get; init; }

    /// <summary>The latency ratio that Healthy has to rule out; null: <see cref="MaxLatencyRatio"/>.</summary>
    [Id(12)] public double? ProvenLatencyRatio { get; init; }

    /// <summary>The quantiles that Healthy has to prove; default: all of <see cref="LatencyQuantiles"/>. Harm is looked for at all of them.</summary>
    [Id(13)] public ImmutableArray<double> ProvenQuantiles { get; init; }

    /// <summary>
    /// The latency ratio tolerated against a baseline measured earlier (all traffic is on the canary). Latency moves with the hour and the machine, and no
    /// stable version beside it shows by how much; so only a gross change counts, where the steps before have looked at small ones.
    /// </summary>
    [Id(14)] public double EarlierLatencyRatio { get; init; } = 5;

    /// <summary>As <see cref="LatencyFloorMs"/>, against a baseline measured earlier.</summary>
    [Id(15)] public double EarlierLatencyFloorMs { get; init; } = 250;
}

/// <summary>Kayenta's judge: metrics are series of points, each is classified, the group's score decides. Defaults are what Kayenta's code really uses.</summary>
[GenerateSerializer, Immutable, Alias("releases.MannWhitneySettings")]
public sealed record MannWhitneySettings
{
    /// <summary>Score (0-100) from which the canary passes.</summary>
    [Id(0)] public double PassScore { get; init; } = 95;

    /// <summary>Score (0-100) from which it is marginal, which is Inconclusive here; below it fails.</summary>
    [Id(1)] public double MarginalScore { get; init; } = 75;

    /// <summary>Confidence of the location-shift interval; Kayenta's judge passes 0.98 whatever is configured.</summary>
    [Id(2)] public double ConfidenceLevel { get; init; } = 0.98;

    /// <summary>Half-width of the band around zero in which a shift counts as none, as a fraction of the estimated shift.</summary>
    [Id(3)] public double Tolerance { get; init; } = 0.25;

    /// <summary>Least ratio of means (canary / stable) that counts as High.</summary>
    [Id(4)] public double AllowedIncrease { get; init; } = 1.0;

    /// <summary>Ratio of means of the error rate from which the whole canary fails at once.</summary>
    [Id(5)] public double CriticalIncrease { get; init; } = 1.0;

    /// <summary>Least points on each side before anything but Inconclusive is said. Kayenta has none and passes on three points; it advises 50.</summary>
    [Id(6)] public int MinPoints { get; init; } = 12;
}

/// <summary>Fixed limits per measurement (one evidence point), counted as Argo counts them.</summary>
[GenerateSerializer, Immutable, Alias("releases.ThresholdSettings")]
public sealed record ThresholdSettings
{
    /// <summary>A measurement fails above this error rate of the canary. 1 %: Flagger's customary success rate of 99 %.</summary>
    [Id(0)] public double MaxErrorRate { get; init; } = 0.01;

    /// <summary>A measurement fails above this p95 of the canary, milliseconds; 500 is Flagger's customary limit.</summary>
    [Id(1)] public double MaxP95Ms { get; init; } = 500;

    /// <summary>Failed measurements that are forgiven; -1 forgives all.</summary>
    [Id(2)] public int FailureLimit { get; init; } = 0;

    /// <summary>Inconclusive measurements that are forgiven.</summary>
    [Id(3)] public int InconclusiveLimit { get; init; } = 0;

    /// <summary>Errors in a row (no figures at all) that are forgiven.</summary>
    [Id(4)] public int ConsecutiveErrorLimit { get; init; } = 4;

    /// <summary>Successes in a row that are enough; null waits for <see cref="Count"/>.</summary>
    [Id(5)] public int? ConsecutiveSuccessLimit { get; init; }

    /// <summary>Measurements that make the set complete; then the failures decide.</summary>
    [Id(6)] public int Count { get; init; } = 6;
}
