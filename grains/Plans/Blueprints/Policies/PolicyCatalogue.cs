using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Policies;

/// <summary>Which rules each profile asks for, how strictly, and for which control: data, from <c>policies.json</c> beside this file.</summary>
public sealed record PolicyCatalogue(string Date, ImmutableSortedDictionary<string, PolicyCatalogue.Profile> Profiles)
{
    /// <param name="Version">Raised when the profile's rules change.</param>
    /// <param name="Differs">How much it weighs that another engine says otherwise than the built-in rules, or says nothing. A rule that blocks goes on blocking when either says that it does not hold.</param>
    public sealed record Profile(int Version, string Title, PolicyLevel Differs, ImmutableArray<Demand> Rules);

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

    /// <summary>What the built-in rule said by itself; <see cref="Passed"/> is what comes of it and of <see cref="Opa"/>.</summary>
    [JsonIgnore]
    public bool BuiltIn { get; init; }

    /// <summary>What breaks the rule, as it stays while lines move and counts change; empty when it passed.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Causes { get; init; } = [];

    /// <summary>The first place where it is broken; null when there is none, or it passed.</summary>
    [JsonIgnore]
    public SourceLocation? At { get; init; }
}
