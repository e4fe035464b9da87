namespace ProdSprint.Releases;

/// <summary>
/// How much a step has to prove before the next may begin. What a step can do to all visitors is its share times the rise, so one that reaches few may go on
/// with a coarser proof: at 1 % a rise of 5 points costs one visitor in 2,000. Proving half a point there would take an hour of traffic; the later steps do it in
/// seconds. What is called harm is not touched: that is caught in every step as soon as it shows.
/// </summary>
public static class StepProof
{
    public static JudgePolicy At(double weightPercent, JudgePolicy policy) => weightPercent switch
    {
        < 5 => Coarser(policy, 0.05, 3.0, 0.5),
        < 25 => Coarser(policy, 0.025, 2.5, 0.5),
        < 100 => Coarser(policy, 0.01, 2.0, 0.95),
        _ => Coarser(policy, 0.005, 2.0, 0.95),
    };

    /// <summary>Never finer than the policy itself asks.</summary>
    private static JudgePolicy Coarser(JudgePolicy policy, double increase, double latencyRatio, double quantile) => policy with
    {
        ProvenErrorRateIncrease = Math.Max(increase, policy.MaxErrorRateIncrease),
        ProvenLatencyRatio = Math.Max(latencyRatio, policy.MaxLatencyRatio),
        LatencyQuantiles = policy.LatencyQuantiles.Contains(quantile) ? policy.LatencyQuantiles : [quantile, .. policy.LatencyQuantiles],
        ProvenQuantiles = [quantile],
    };
}
