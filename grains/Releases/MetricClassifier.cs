namespace ProdSprint.Releases;

public enum MetricClass { Pass, High, Low, Nodata, NodataFailMetric }

public enum MetricDirection { Increase, Decrease, Either }

public enum NanStrategy { Remove, Replace }

public enum EffectMeasure { MeanRatio, CommonLanguage }

/// <summary>How one metric is classified; the defaults are Kayenta's class defaults.</summary>
public sealed record MetricRules
{
    public double Tolerance { get; init; } = 0.25;
    public double ConfidenceLevel { get; init; } = 0.98;
    public MetricDirection Direction { get; init; } = MetricDirection.Either;
    public NanStrategy Nan { get; init; } = NanStrategy.Remove;
    public bool RemoveOutliers { get; init; }
    public double OutlierFactor { get; init; } = 3;
    public bool Critical { get; init; }
    public bool MustHaveData { get; init; }
    public EffectMeasure Measure { get; init; } = EffectMeasure.MeanRatio;
    public double AllowedIncrease { get; init; } = 1;
    public double AllowedDecrease { get; init; } = 1;
    public double CriticalIncrease { get; init; } = 1;
    public double CriticalDecrease { get; init; } = 1;
}

/// <summary>A metric's class and the figures behind it. <paramref name="Deviation"/> is the ratio of means, NaN if a mean is 0.</summary>
public sealed record MetricClassification(
    MetricClass Class, bool Critical, double Deviation, double Effect, double Low, double High, double Estimate, double Band, string Reason);

/// <summary>Kayenta's Mann-Whitney classifier (kayenta-judge.md, facts 1 to 10): is the canary's series higher, lower or the same?</summary>
public static class MetricClassifier
{
    public static MetricClassification Classify(MetricRules rules, IEnumerable<double> control, IEnumerable<double> experiment)
    {
        double[] c = Clean(rules, control), e = Clean(rules, experiment);
        var ratio = MetricSeries.MeanRatio(c, e);
        if (c.Length == 0 || e.Length == 0) return WithoutData(rules, ratio);
        if (c.Order().SequenceEqual(e.Order())) return Same(1, "Both sides show the same values.");
        if (c[0] == e[0] && c.All(v => v == c[0]) && e.All(v => v == c[0])) return Same(ratio, "Both sides show one and the same value.");
        if (c.All(v => v == c[0]) && e.All(v => v == e[0])) (c, e) = (Jitter(c, 1), Jitter(e, 2));

        var shift = MannWhitney.Interval(e, c, rules.ConfidenceLevel);
        var band = rules.Tolerance * Math.Abs(shift.Estimate);
        var effect = rules.Measure == EffectMeasure.MeanRatio ? ratio : MetricSeries.CommonLanguageEffect(c, e);
        var high = rules.Direction != MetricDirection.Decrease && shift.Low > band && !(effect < rules.AllowedIncrease);
        var low = rules.Direction != MetricDirection.Increase && shift.High < -band && !(effect > rules.AllowedDecrease);
        var critical = rules.Critical && (high ? !(effect < rules.CriticalIncrease) : low && !(effect > rules.CriticalDecrease));
        var kind = high ? MetricClass.High : low ? MetricClass.Low : MetricClass.Pass;
        return new(kind, critical, ratio, effect, shift.Low, shift.High, shift.Estimate, band, $"The shift lies between {shift.Low:0.####} and {shift.High:0.####}; up to {band:0.####} counts as none.");
    }

    /// <summary>Kayenta's other, simpler classifier: do the means differ by more than the tolerance?</summary>
    public static MetricClass ByMean(MetricRules rules, double[] control, double[] experiment)
    {
        double c = control.Average(), reach = rules.Tolerance * Math.Abs(c), difference = experiment.Average() - c;
        return difference > reach && rules.Direction != MetricDirection.Decrease ? MetricClass.High
            : difference < -reach && rules.Direction != MetricDirection.Increase ? MetricClass.Low
            : MetricClass.Pass;
    }

    private static MetricClassification WithoutData(MetricRules rules, double ratio)
    {
        if (rules.Nan == NanStrategy.Replace) return Same(ratio, "No data; missing values count as zero.");
        var fails = rules.MustHaveData && !rules.Critical;
        return new(fails ? MetricClass.NodataFailMetric : MetricClass.Nodata, rules.Critical, ratio, double.NaN, double.NaN, double.NaN, double.NaN, 0,
            "One side has no data.");
    }

    private static MetricClassification Same(double ratio, string reason) => new(MetricClass.Pass, false, ratio, ratio, 0, 0, 0, 0, reason);

    private static double[] Clean(MetricRules rules, IEnumerable<double> data)
    {
        var numbers = rules.Nan == NanStrategy.Remove ? MetricSeries.RemoveNaN(data) : MetricSeries.ReplaceNaN(data);
        return rules.RemoveOutliers ? MetricSeries.Without(numbers, MetricSeries.OutliersByIqr(numbers, rules.OutlierFactor, reduceSensitivity: true)) : numbers;
    }

    // Kayenta adds random noise to two constants so that ranks exist. A judge has to repeat itself, so the generator is seeded by the data.
    private static double[] Jitter(double[] data, int side)
    {
        var state = (ulong)BitConverter.DoubleToInt64Bits(data[0]) * 0x9E3779B97F4A7C15UL + (ulong)(data.Length * 2 + side);
        double Uniform()
        {
            state += 0x9E3779B97F4A7C15UL;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53)) + 1e-17;
        }
        return [.. data.Select(v => v + v * 1e-5 * Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform()))];
    }
}
