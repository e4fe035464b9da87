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

/// <summary>Brent's root finder (Algorithms for Minimization without Derivatives, 1973, chapter 4), started at the middle of the interval.</summary>
internal static class BrentRoot
{
    /// <summary>A root of <paramref name="f"/> within <paramref name="tolerance"/>; the ends must have different signs.</summary>
    public static double Find(Func<double, double> f, double min, double max, double tolerance)
    {
        var middle = min + 0.5 * (max - min);
        double fMin = f(min), fMiddle = f(middle);
        if (Math.Abs(fMiddle) <= 1e-15) return middle;
        if (Math.Abs(fMin) <= 1e-15) return min;
        return fMin * fMiddle < 0 ? Between(f, min, middle, fMin, fMiddle, tolerance) : Between(f, middle, max, fMiddle, f(max), tolerance);
    }

    private static double Between(Func<double, double> f, double a, double b, double fa, double fb, double tolerance)
    {
        double c = a, fc = fa, step = b - a, before = step;
        while (true)
        {
            if (Math.Abs(fc) < Math.Abs(fb)) (a, b, c, fa, fb, fc) = (b, c, b, fb, fc, fb);
            var least = 2e-14 * Math.Abs(b) + tolerance;
            var half = 0.5 * (c - b);
            if (Math.Abs(half) <= least || fb == 0) return b;
            if (Math.Abs(before) < least || Math.Abs(fa) <= Math.Abs(fb)) step = before = half;
            else
            {
                var (p, q) = Interpolate(a, b, c, fa, fb, fc, half);
                if (p >= 1.5 * half * q - Math.Abs(least * q) || p >= Math.Abs(0.5 * before * q)) step = before = half;
                else (before, step) = (step, p / q);
            }
            (a, fa) = (b, fb);
            b += Math.Abs(step) > least ? step : Math.CopySign(least, half);
            fb = f(b);
            if (fb > 0 != fc > 0) continue;
            (c, fc) = (a, fa);
            step = before = b - a;
        }
    }

    // The secant while only two points are known, inverse quadratic with three; p/q is the step, p made positive.
    private static (double P, double Q) Interpolate(double a, double b, double c, double fa, double fb, double fc, double half)
    {
        var s = fb / fa;
        double p, q;
        if (a == c) (p, q) = (2 * half * s, 1 - s);
        else
        {
            double u = fa / fc, r = fb / fc;
            p = s * (2 * half * u * (u - r) - (b - a) * (r - 1));
            q = (u - 1) * (r - 1) * (s - 1);
        }
        return p > 0 ? (p, -q) : (-p, q);
    }
}
