namespace ProdSprint.Releases;

/// <summary>Requests among which the canary's share of the traffic was the same, and how many of each side showed the event.</summary>
internal readonly record struct Stratum(double CanaryRequests, double StableRequests, double CanaryEvents, double StableEvents);

/// <summary>
/// The mathematics of the sequential judge: e-values made by mixing likelihood ratios over a fixed grid. An e-value is a bet at fair odds
/// against "no harm": under it the stake is at least as likely to shrink as to grow, and the chance that it ever reaches 1/α, however often one
/// looks, is at most α (Ville). Everything is in natural logarithms. See docs/judge.md for the proofs and what they assume.
/// </summary>
internal static class RatioMixture
{
    // Where a regression's relative risk is expected. Concentrated on 3 to 12, as a bet pays most when it is right; the ends keep the rest findable.
    private static readonly Grid Harms = new([1.5, 2, 3, 4, 6, 8, 12, 20, 50], [.02, .05, .14, .24, .21, .16, .10, .05, .03]);

    // For proofs of the contrary and the ends of confidence sequences: 0 is "never", values near 1 serve long runs.
    private static readonly Grid Falls = new([0, .05, .15, .3, .45, .6, .72, .82, .9, .95, .98], [.14, .08, .10, .12, .12, .11, .10, .09, .06, .05, .03]);
    private static readonly Grid Rises = new([1.02, 1.05, 1.1, 1.2, 1.35, 1.6, 2, 3, 6, 15], [.05, .08, .12, .15, .15, .14, .12, .09, .06, .04]);

    /// <summary>
    /// Evidence that events hit the canary more often than its share of the traffic. Given that an event happened in a stratum, it hit the canary
    /// with the probability of its share r, whatever the base rate was: so the base rate need not be known and may drift.
    /// E = Π θ^x / (1 + r(θ − 1))^(x+y).
    /// </summary>
    public static double LogHarm(ReadOnlySpan<Stratum> strata) => LogMix(strata, Harms);

    /// <summary>Evidence that the event's rate is above a known <paramref name="rate"/>: E = θ^x / (1 + p(θ − 1))^n.</summary>
    public static double LogAbove(double events, double requests, double rate) => LogMix(events, requests, rate, Harms);

    /// <summary>Upper end of a one-sided confidence sequence for the rate: above it the evidence for "below" reaches <paramref name="boundary"/>.</summary>
    public static double UpperRate(double events, double requests, double boundary)
    {
        if (requests <= 0 || LogMix(events, requests, 1, Falls) <= boundary) return 1;
        return Root(p => LogMix(events, requests, p, Falls) - boundary, Math.Max(events / requests, 1e-9), 1);
    }

    /// <summary>Lower end of a one-sided confidence sequence for the rate.</summary>
    public static double LowerRate(double events, double requests, double boundary)
    {
        if (requests <= 0 || LogMix(events, requests, 0, Rises) <= boundary) return 0;
        return Root(p => boundary - LogMix(events, requests, p, Rises), 1e-12, Math.Max(events / requests, 1e-9));
    }

    private static double LogMix(ReadOnlySpan<Stratum> strata, Grid grid)
    {
        Span<double> logs = stackalloc double[grid.Ratios.Length];
        grid.LogPriors.CopyTo(logs);
        double canaryEvents = 0;
        foreach (var s in strata)
        {
            var events = s.CanaryEvents + s.StableEvents;
            if (events <= 0 || s.CanaryRequests <= 0) continue;
            canaryEvents += s.CanaryEvents;
            var share = s.CanaryRequests / (s.CanaryRequests + s.StableRequests);
            for (var k = 0; k < logs.Length; k++) logs[k] -= events * Math.Log(1 + share * (grid.Ratios[k] - 1));
        }
        return LogSum(logs, canaryEvents, grid);
    }

    private static double LogMix(double events, double requests, double rate, Grid grid)
    {
        Span<double> logs = stackalloc double[grid.Ratios.Length];
        Stakes(logs, requests, rate, grid);
        return LogSum(logs, events, grid);
    }

    /// <summary>The least count of events among n requests that shows a rate above <paramref name="rate"/>; n + 1 if none does.</summary>
    public static long LeastAbove(long n, double rate, double boundary) => LeastCount(n, rate, boundary, Harms, rising: true);

    /// <summary>The least count of events among n requests that no longer shows a rate below <paramref name="rate"/>.</summary>
    public static long LeastNotBelow(long n, double rate, double boundary) => LeastCount(n, rate, boundary, Falls, rising: false);

    private static long LeastCount(long n, double rate, double boundary, Grid grid, bool rising)
    {
        Span<double> stakes = stackalloc double[grid.Ratios.Length], logs = stackalloc double[grid.Ratios.Length];
        Stakes(stakes, n, rate, grid);
        long low = 0, high = n + 1;
        while (low < high)
        {
            var mid = (low + high) / 2;
            stakes.CopyTo(logs);
            var evidence = LogSum(logs, mid, grid);
            if (rising ? evidence >= boundary : evidence < boundary) high = mid;
            else low = mid + 1;
        }
        return low;
    }

    // What each ratio's bet is worth before the events are counted.
    private static void Stakes(Span<double> logs, double requests, double rate, Grid grid)
    {
        for (var k = 0; k < logs.Length; k++) logs[k] = grid.LogPriors[k] - requests * Math.Log(Math.Max(1e-300, 1 + rate * (grid.Ratios[k] - 1)));
    }

    private static double LogSum(Span<double> logs, double events, Grid grid)
    {
        var max = double.NegativeInfinity;
        for (var k = 0; k < logs.Length; k++)
        {
            // 0 events × ln 0 is 0 here: the bet on "never" stands until the first event.
            if (events > 0) logs[k] += events * grid.LogRatios[k];
            max = Math.Max(max, logs[k]);
        }
        if (!double.IsFinite(max)) return max > 0 ? 700 : -700;
        double sum = 0;
        foreach (var l in logs) sum += l > max - 40 ? Math.Exp(l - max) : 0;
        return Math.Clamp(max + Math.Log(sum), -700, 700);
    }

    // Regula falsi with the Illinois damping, over ln p: about eight evaluations, and it never leaves the bracket.
    private static double Root(Func<double, double> rising, double low, double high)
    {
        double a = Math.Log(low), b = Math.Log(high), fa = rising(low), fb = rising(high);
        if (fa >= 0) return low;
        if (fb <= 0) return high;
        for (var i = 0; i < 80 && b - a > 1e-7; i++)
        {
            var c = i % 4 == 3 ? (a + b) / 2 : b - fb * (b - a) / (fb - fa);
            var fc = rising(Math.Exp(c));
            if (Math.Abs(fc) < 1e-7) return Math.Exp(c);
            if (fc < 0) { a = c; fa = fc; fb /= 2; }
            else { b = c; fb = fc; fa /= 2; }
        }
        return Math.Exp((a + b) / 2);
    }

    private sealed class Grid(double[] ratios, double[] weights)
    {
        public readonly double[] Ratios = ratios;
        public readonly double[] LogRatios = Array.ConvertAll(ratios, Math.Log);
        public readonly double[] LogPriors = Array.ConvertAll(weights, w => Math.Log(w / weights.Sum()));
    }
}
