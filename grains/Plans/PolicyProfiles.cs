using System.Collections.Immutable;

namespace ProdSprint.Plans;

/// <summary>The profiles that come with ProdSprint. A change to one raises its version; a plan keeps the profile it was made with.</summary>
public static class PolicyProfiles
{
    public static PolicyProfile Default { get; } = new(
        "default", 1, ApprovalMode.OncePerExecution, ReleaseStrategy.Canary,
        [
            new(1, 100, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15), false),
            new(5, 500, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20), false),
            new(25, 2000, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(30), false),
            new(100, 2000, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(30), false),
        ],
        new("sequential", 0.01), TimeSpan.FromHours(1), FreezeBehaviour.Hold, ["build", "health", "smoke", "tests"], TimeSpan.FromMinutes(30), 5);

    /// <summary>Every plan is approved anew, a person promotes at 25 %, bakes are longer, evidence is larger, licences are looked at.</summary>
    public static PolicyProfile Strict { get; } = new(
        "strict", 2, ApprovalMode.EveryPlan, ReleaseStrategy.Canary,
        [
            new(1, 500, TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), false),
            new(5, 2000, TimeSpan.FromMinutes(15), TimeSpan.FromHours(2), false),
            new(25, 10_000, TimeSpan.FromMinutes(30), TimeSpan.FromHours(4), true),
            new(100, 10_000, TimeSpan.FromMinutes(30), TimeSpan.FromHours(4), false),
        ],
        new("sequential", 0.005), TimeSpan.FromHours(4), FreezeBehaviour.Hold, ["build", "health", "smoke", "tests"], TimeSpan.FromHours(24), 10)
    {
        // what is served over a network would have to be published, or must not be offered as a service at all
        Licences = new([], ["AGPL-3.0", "SSPL-1.0", "BUSL-1.1"]),
    };

    /// <summary>As strict, with the evidence an auditor asks for: what is checked besides is in <c>Blueprints/Policies/policies.json</c>.</summary>
    public static PolicyProfile Soc2 { get; } = Strict with { Name = "soc2" };

    public static PolicyProfile Hipaa { get; } = Strict with { Name = "hipaa", PinnedArtifacts = 20 };

    public static ImmutableArray<PolicyProfile> All { get; } = [Default, Strict, Soc2, Hipaa];

    public static IEnumerable<string> Names => All.Select(p => p.Name);

    public static PolicyProfile? Find(string name) => All.FirstOrDefault(p => p.Name == name);
}
