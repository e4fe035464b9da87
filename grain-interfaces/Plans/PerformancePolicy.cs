namespace ProdSprint.Plans;

/// <summary>How much load a version gets in staging at its gates, when its routes are known.</summary>
/// <param name="Seconds">The longest a round of load lasts, (0, 60]; 0: none is made, and nothing is judged by it.</param>
/// <param name="RequestsPerSecond">Of all routes together, at most; (0, 1000].</param>
[GenerateSerializer, Immutable, Alias("plans.PerformancePolicy")]
public sealed record PerformancePolicy([property: Id(0)] double Seconds, [property: Id(1)] double RequestsPerSecond)
{
    /// <summary>
    /// What holds where a profile says nothing: short enough that nobody waits for it, and slow enough that the smallest application that answers at all is not
    /// measured at its limit, where every figure is chance.
    /// </summary>
    public static PerformancePolicy Usual { get; } = new(6, 40);
}
