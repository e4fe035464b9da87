using MathNet.Numerics.Distributions;

namespace ProdSprint.Releases;

/// <summary>The Mann-Whitney location-shift interval with the normal approximation, as Kayenta computes it (kayenta-judge.md, facts 6 and 7).</summary>
public static class MannWhitney
{
    /// <summary>Absolute tolerance of the root finder. Kayenta's; too coarse for values below about 0.001, which is part of being compatible.</summary>
    public const double RootTolerance = 1e-4;

    /// <summary>The interval of the shift canary − stable, and its Hodges-Lehmann estimate.</summary>
    public readonly record struct Shift(double Low, double High, double Estimate);

    public static Shift Interval(double[] experiment, double[] control, double confidence)
    {
        var statistic = new Statistic(experiment, control);
        double min = experiment.Min() - control.Max(), max = experiment.Max() - control.Min();
        var z = -Normal.InvCDF(0, 1, (1 - confidence) / 2);
        return new(Solve(statistic, z, min, max), Solve(statistic, -z, min, max), Solve(statistic, 0, min, max));
    }

    /// <summary>w(μ) − z: the standardised rank sum of (experiment − μ) against control, less a quantile.</summary>
    public static double WilcoxonDiff(double mu, double z, double[] experiment, double[] control) => new Statistic(experiment, control).At(mu) - z;

    private static double Solve(Statistic statistic, double z, double min, double max)
    {
        double low = statistic.At(min) - z, high = statistic.At(max) - z;
        if (low <= 0) return min;
        if (high >= 0) return max;
        return BrentRoot.Find(mu => statistic.At(mu) - z, min, max, RootTolerance);
    }

    private sealed class Statistic(double[] experiment, double[] control)
    {
        private readonly double[] _shifted = new double[experiment.Length];
        private readonly double[] _control = [.. control.Order()];
        private readonly double[] _experiment = [.. experiment.Order()];

        public double At(double mu)
        {
            for (var i = 0; i < _shifted.Length; i++) _shifted[i] = _experiment[i] - mu;
            double m = _shifted.Length, n = _control.Length, rankSum = 0, ties = 0, seen = 0;
            for (int i = 0, j = 0; i < _shifted.Length || j < _control.Length;)
            {
                var value = i < _shifted.Length && (j >= _control.Length || _shifted[i] <= _control[j]) ? _shifted[i] : _control[j];
                double mine = 0, all = 0;
                for (; i < _shifted.Length && _shifted[i] == value; i++, mine++, all++) { }
                for (; j < _control.Length && _control[j] == value; j++, all++) { }
                rankSum += mine * (seen + (all + 1) / 2);
                ties += all * all * all - all;
                seen += all;
            }
            var d = rankSum - m * (m + 1) / 2 - m * n / 2;
            var sigma = Math.Sqrt(m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1))));
            return (d - 0.5 * Math.Sign(d)) / sigma;
        }
    }
}

/// <summary>
/// Brent's root finder (Algorithms for Minimization without Derivatives, 1973, chapter 4) in the form R's <c>uniroot</c> has: with so coarse a
/// tolerance the path matters, and this is the path the reference values took.
/// </summary>
internal static class BrentRoot
{
    /// <summary>A root of <paramref name="f"/> within <paramref name="tolerance"/>; the ends must have different signs.</summary>
    public static double Find(Func<double, double> f, double a, double b, double tolerance)
    {
        double fa = f(a), fb = f(b), c = a, fc = fa;
        while (true)
        {
            var before = b - a;
            if (Math.Abs(fc) < Math.Abs(fb)) (a, b, c, fa, fb, fc) = (b, c, b, fb, fc, fb);
            var least = Math.ScaleB(Math.Abs(b), -51) + tolerance / 2;
            var step = (c - b) / 2;
            if (Math.Abs(step) <= least || fb == 0) return b;
            if (Math.Abs(before) >= least && Math.Abs(fa) > Math.Abs(fb)) step = Interpolate(a, b, c, fa, fb, fc, before, least) ?? step;
            if (Math.Abs(step) < least) step = step > 0 ? least : -least;
            (a, fa) = (b, fb);
            b += step;
            fb = f(b);
            if ((fb > 0 && fc > 0) || (fb < 0 && fc < 0)) (c, fc) = (a, fa);
        }
    }

    // The secant while only two points are known, inverse quadratic with three; null where bisection is the safer step.
    private static double? Interpolate(double a, double b, double c, double fa, double fb, double fc, double before, double least)
    {
        double width = c - b, p, q;
        if (a == c)
        {
            var s = fb / fa;
            (p, q) = (width * s, 1 - s);
        }
        else
        {
            double u = fa / fc, v = fb / fc, w = fb / fa;
            p = w * (width * u * (u - v) - (b - a) * (v - 1));
            q = (u - 1) * (v - 1) * (w - 1);
        }
        if (p > 0) q = -q;
        else p = -p;
        return p < 0.75 * width * q - Math.Abs(least * q) / 2 && p < Math.Abs(before * q / 2) ? p / q : null;
    }
}
