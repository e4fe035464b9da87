namespace ProdSprint.Plans;

/// <summary>How much of the code its tests have to run, where a project's tests report coverage.</summary>
/// <param name="Minimum">Percent of the lines that reports call executable, [0, 100].</param>
/// <param name="ChangedLines">Lines changed since the stable version may not be covered less than those they replace, or than <paramref name="Minimum"/> where they replace none.</param>
/// <param name="Required">A version whose tests report no coverage needs a waiver.</param>
[GenerateSerializer, Immutable, Alias("plans.CoveragePolicy")]
public sealed record CoveragePolicy([property: Id(0)] double Minimum, [property: Id(1)] bool ChangedLines, [property: Id(2)] bool Required)
{
    /// <summary>What holds where a profile says nothing.</summary>
    public static CoveragePolicy Usual { get; } = new(80, true, false);
}
