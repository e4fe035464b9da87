using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProdSprint.Plans.Blueprints.Policies;

/// <summary>Which rules each profile asks for, how strictly, and for which control: data, from <c>policies.json</c> beside this file.</summary>
public sealed record PolicyCatalogue(string Date, ImmutableSortedDictionary<string, PolicyCatalogue.Profile> Profiles)
{
    /// <param name="Version">Raised when the profile's rules change.</param>
    public sealed record Profile(int Version, string Title, ImmutableArray<Demand> Rules);

    /// <param name="Rule">A name of <see cref="PolicyRules"/>.</param>
    /// <param name="Controls">What of the standard it stands for.</param>
    /// <param name="Limit">The number the rule compares with, where it does.</param>
    public sealed record Demand(string Rule, PolicyLevel Level, ImmutableArray<string> Controls, double? Limit = null);

    public static PolicyCatalogue Current { get; } = Load();

    private static PolicyCatalogue Load()
    {
        using var stream = typeof(PolicyCatalogue).Assembly.GetManifestResourceStream("blueprints/policies.json")!;
        return JsonSerializer.Deserialize<PolicyCatalogue>(stream, new JsonSerializerOptions(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } })!;
    }
}

public enum PolicyLevel
{
    /// <summary>Told, and goes on.</summary>
    Warn,

    /// <summary>Has to be resolved or waived.</summary>
    Block,
}

/// <summary>What one rule found.</summary>
/// <param name="Profile">Name and version of the profile that asked for it.</param>
/// <param name="Evidence">What was looked at and what was seen there; enough to see it again.</param>
/// <param name="Remediation">What to change; null when it passed.</param>
public sealed record PolicyResult(
    string Rule, string Title, bool Passed, PolicyLevel Level, string Profile, ImmutableArray<string> Controls, ImmutableArray<string> Evidence, string? Remediation)
{
    /// <summary>What Open Policy Agent found for the same rule; null where it was not asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PolicyOpinion? Opa { get; init; }
}
