namespace ProdSprint.Releases;

/// <summary>What is done to a metric's points before they are compared, and the plain statistics of Kayenta (facts 1, 2 and 9).</summary>
public static class MetricSeries
{
    public static double[] RemoveNaN(IEnumerable<double> data) => [.. data.Where(v => !double.IsNaN(v))];

    public static double[] ReplaceNaN(IEnumerable<double> data, double with = 0) => [.. data.Select(v => double.IsNaN(v) ? with : v)];

    /// <summary>Values more than k standard deviations from the mean.</summary>
    public static bool[] OutliersByKSigma(double[] data, double k)
    {
        var (_, _, mean, std, _) = Summary(data);
        return [.. data.Select(v => Math.Abs(v - mean) > k * std)];
    }

    /// <summary>Tukey's fences, widened to the 1st and 99th percentile, so that a quiet series with a step in it is not called an outlier.</summary>
    public static bool[] OutliersByIqr(double[] data, double factor, bool reduceSensitivity = false)
    {
        if (data.Length == 0) return [];
        double q1 = Percentile(data, 25), q3 = Percentile(data, 75), reach = factor * (q3 - q1), low = q1 - reach, high = q3 + reach;
        if (reduceSensitivity) (low, high) = (Math.Min(Percentile(data, 1), low), Math.Max(Percentile(data, 99), high));
        return [.. data.Select(v => v < low || v > high)];
    }

    public static double[] Without(double[] data, bool[] outliers) => [.. data.Where((_, i) => !outliers[i])];

    /// <summary>Percentile by linear interpolation between order statistics (R's type 7).</summary>
    public static double Percentile(double[] data, double percent)
    {
        if (data.Length == 0) return double.NaN;
        double[] sorted = [.. data.Order()];
        var rank = percent / 100 * (sorted.Length - 1);
        var below = (int)Math.Floor(rank);
        return below + 1 < sorted.Length ? sorted[below] + (rank - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }

    /// <summary>Zeros for an empty series; the standard deviation of one value is 0.</summary>
    public static (double Min, double Max, double Mean, double Std, int Count) Summary(double[] data)
    {
        if (data.Length == 0) return default;
        return (data.Min(), data.Max(), data.Average(), Deviation(data), data.Length);
    }

    /// <summary>Mean of the experiment over the control's; NaN if either is 0, 1 without data on a side.</summary>
    public static double MeanRatio(double[] control, double[] experiment)
    {
        if (control.Length == 0 || experiment.Length == 0) return 1;
        double c = control.Average(), e = experiment.Average();
        return c == 0 || e == 0 ? double.NaN : e / c;
    }

    /// <summary>P(experiment &gt; control) + P(tie)/2.</summary>
    public static double CommonLanguageEffect(double[] control, double[] experiment)
    {
        double wins = 0;
        foreach (var e in experiment)
            foreach (var c in control)
                wins += e > c ? 1 : e == c ? 0.5 : 0;
        return wins / ((double)control.Length * experiment.Length);
    }

    /// <summary>Difference of the means in pooled standard deviations, without its sign.</summary>
    public static double CohenD(double[] control, double[] experiment)
    {
        double n = control.Length, m = experiment.Length, sc = Deviation(control), se = Deviation(experiment);
        return Math.Abs(experiment.Average() - control.Average()) / Math.Sqrt(((n - 1) * sc * sc + (m - 1) * se * se) / (n + m - 2));
    }

    private static double Deviation(double[] data)
    {
        if (data.Length < 2) return 0;
        var mean = data.Average();
        return Math.Sqrt(data.Sum(v => (v - mean) * (v - mean)) / (data.Length - 1));
    }
}
