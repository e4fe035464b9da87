namespace ProdSprint.Releases;

/// <summary>What one measurement said.</summary>
public enum MeasurementPhase
{
    Successful,
    Failed,
    Inconclusive,

    /// <summary>There was no figure at all: the source was silent.</summary>
    Error,

    /// <summary>Not finished.</summary>
    Running,
}

/// <summary>What the measurements of a metric say together.</summary>
public enum MetricPhase
{
    Pending,
    Running,
    Successful,
    Failed,
    Inconclusive,
    Error,
}

/// <summary>Limits of a tally; a failure limit of -1 forgives every failure.</summary>
public sealed record TallyLimits(
    int FailureLimit = 0,
    int InconclusiveLimit = 0,
    int ConsecutiveErrorLimit = 4,
    int? ConsecutiveSuccessLimit = null,
    int? Count = null,
    bool FailureLimitOn = true);

/// <summary>Counts measurements as Argo Rollouts' analysis does (scenarios E4-E12).</summary>
public static class MetricTally
{
    /// <param name="limits">What is forgiven.</param>
    /// <param name="measurements">In order of time.</param>
    /// <param name="terminating">The analysis is being stopped: what is open counts as success.</param>
    public static MetricPhase Assess(TallyLimits limits, IReadOnlyList<MeasurementPhase> measurements, bool terminating = false)
    {
        if (measurements.Count == 0) return terminating ? MetricPhase.Successful : MetricPhase.Pending;
        if (measurements[^1] == MeasurementPhase.Running) return MetricPhase.Running;

        int failed = 0, inconclusive = 0, successesInRow = 0, errorsInRow = 0, counted = 0;
        foreach (var m in measurements)
        {
            failed += m == MeasurementPhase.Failed ? 1 : 0;
            inconclusive += m == MeasurementPhase.Inconclusive ? 1 : 0;
            counted += m == MeasurementPhase.Error ? 0 : 1;
            successesInRow = m == MeasurementPhase.Successful ? successesInRow + 1 : 0;
            errorsInRow = m == MeasurementPhase.Error ? errorsInRow + 1 : 0;
        }
        var failureOn = limits.FailureLimitOn && limits.FailureLimit >= 0;
        if (errorsInRow > limits.ConsecutiveErrorLimit) return MetricPhase.Error;
        if (inconclusive > limits.InconclusiveLimit) return MetricPhase.Inconclusive;
        if (failureOn && failed > limits.FailureLimit) return MetricPhase.Failed;
        if (limits.ConsecutiveSuccessLimit is { } enough && successesInRow >= enough) return MetricPhase.Successful;
        if (limits.Count is { } count && counted >= count)
            return (limits.FailureLimitOn, limits.ConsecutiveSuccessLimit is not null) switch
            {
                (true, true) => MetricPhase.Inconclusive,
                (false, true) => MetricPhase.Failed,
                _ => MetricPhase.Successful,
            };
        return terminating ? MetricPhase.Successful : MetricPhase.Running;
    }

    /// <summary>
    /// One value against its conditions. NaN meets no comparison: with a success condition alone that is a failure, with both it is neither.
    /// </summary>
    /// <param name="value">null: no figure at all.</param>
    /// <param name="succeeds">The success condition, if there is one.</param>
    /// <param name="fails">The failure condition, if there is one.</param>
    public static MeasurementPhase Measure(double? value, Func<double, bool>? succeeds, Func<double, bool>? fails)
    {
        if (value is not { } v) return MeasurementPhase.Error;
        if (fails?.Invoke(v) == true) return MeasurementPhase.Failed;
        if (succeeds is null || succeeds(v)) return MeasurementPhase.Successful;
        return fails is null ? MeasurementPhase.Failed : MeasurementPhase.Inconclusive;
    }
}
