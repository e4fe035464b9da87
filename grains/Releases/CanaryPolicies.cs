namespace ProdSprint.Releases;

/// <summary>The policies by name. A new one is added here and nowhere else.</summary>
public static class CanaryPolicies
{
    private static readonly Dictionary<string, ICanaryPolicy> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        [JudgePolicy.Sequential] = new SequentialCanaryPolicy(),
        [JudgePolicy.MannWhitney] = new MannWhitneyCanaryPolicy(),
        [JudgePolicy.Threshold] = new ThresholdCanaryPolicy(),
    };

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static bool Knows(string name) => ByName.ContainsKey(name);

    /// <exception cref="ArgumentException">No policy has this name; the message lists those there are.</exception>
    public static ICanaryPolicy Named(string name) => ByName.TryGetValue(name, out var policy)
        ? policy
        : throw new ArgumentException($"There is no judge policy '{name}'. Use one of: {string.Join(", ", Names)}.", nameof(name));
}
