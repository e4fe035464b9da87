using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProdSprint.Supply;

/// <summary>A known weakness in OSV's format (schema 1.7), as much of it as decides. Source: ossf.github.io/osv-schema.</summary>
/// <param name="Withdrawn">When set, it no longer counts.</param>
public sealed record Advisory(
    string Id, string? Summary, ImmutableArray<string> Aliases, ImmutableArray<AffectedPackage> Affected, DateTimeOffset? Withdrawn, ImmutableArray<SeverityScore> Severity,
    [property: JsonPropertyName("database_specific")] JsonElement? DatabaseSpecific)
{
    /// <summary>When its text was last changed; the newer text wins.</summary>
    public DateTimeOffset? Modified { get; init; }

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { MaxDepth = 32, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>As much of it as decides, so that a database of a million stays small.</summary>
    public string Write() => JsonSerializer.Serialize(this with { DatabaseSpecific = JsonSerializer.SerializeToElement(new { severity = Level }) }, Options);

    /// <exception cref="JsonException">It is no advisory.</exception>
    public static Advisory Read(string json)
    {
        var read = JsonSerializer.Deserialize<Advisory>(json, Options) ?? throw new JsonException("the advisory is null");
        if (string.IsNullOrEmpty(read.Id)) throw new JsonException("the advisory has no id");
        return read with
        {
            Aliases = read.Aliases.IsDefault ? [] : read.Aliases,
            Affected = read.Affected.IsDefault ? [] : [.. read.Affected.Select(a => a with
            {
                Ranges = a.Ranges.IsDefault ? [] : [.. a.Ranges.Select(r => r with { Events = r.Events.IsDefault ? [] : r.Events })],
                Versions = a.Versions.IsDefault ? [] : a.Versions,
                Severity = a.Severity.IsDefault ? [] : a.Severity,
            })],
            Severity = read.Severity.IsDefault ? [] : read.Severity,
        };
    }

    /// <summary>Malicious by intent (ossf/malicious-packages): there is no score, and no version that is good.</summary>
    private bool IsMalware => Id.StartsWith("MAL-", StringComparison.Ordinal) || Aliases.Any(a => a.StartsWith("MAL-", StringComparison.Ordinal));

    /// <summary>critical, high, medium, low or unknown: what the database says in words, else by the CVSS score, of all or of a package.</summary>
    public string Level => IsMalware ? "critical" : DatabaseSpecific is { ValueKind: JsonValueKind.Object } said && said.TryGetProperty("severity", out var word) && word.ValueKind == JsonValueKind.String
        ? word.GetString()!.ToLowerInvariant() switch { "moderate" => "medium", var level and ("critical" or "high" or "medium" or "low") => level, _ => Cvss() }
        : Cvss();

    private string Cvss() => Severity.Concat(Affected.SelectMany(a => a.Severity)).Select(s => CvssScore.Of(s.Score)).Where(s => s is not null).Select(s => s!.Value).DefaultIfEmpty(-1).Max() switch
    {
        >= 9 => "critical",
        >= 7 => "high",
        >= 4 => "medium",
        >= 0.1 => "low",
        _ => "unknown",
    };
}

public sealed record SeverityScore(string Type, string Score);

/// <param name="Versions">Affected versions, one by one.</param>
public sealed record AffectedPackage(AdvisoryPackage? Package, ImmutableArray<AffectedRange> Ranges, ImmutableArray<string> Versions)
{
    /// <summary>Where it is another one for each package.</summary>
    public ImmutableArray<SeverityScore> Severity { get; init; } = [];
}

public sealed record AdvisoryPackage(string Ecosystem, string Name);

/// <param name="Type">SEMVER, ECOSYSTEM or GIT; the last says nothing about a version.</param>
public sealed record AffectedRange(string Type, ImmutableArray<RangeEvent> Events);

/// <summary>One of the four is set. "0" as introduced is before everything.</summary>
public sealed record RangeEvent(string? Introduced, string? Fixed, [property: JsonPropertyName("last_affected")] string? LastAffected, string? Limit);
