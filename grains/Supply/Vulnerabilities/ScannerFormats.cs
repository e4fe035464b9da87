using System.Collections.Immutable;
using System.Text.Json;

namespace ProdSprint.Supply;

/// <summary>Where scanners put their findings, and how they name things. Sources: SARIF 2.1.0, Trivy's JSON report (schema 2), Grype's and Snyk's JSON output.</summary>
internal static class ScannerFormats
{
    private const string Trivy = "Results/*/Vulnerabilities/*";
    private const string Grype = "matches/*";
    private const string Snyk = "vulnerabilities/*";
    private const string SnykMany = "*/vulnerabilities/*";
    private const string Sarif = "runs/*/results/*";
    private const string SarifRule = "runs/*/tool/driver/rules/*";

    public static bool IsItem(string path) => path is Trivy or Grype or Snyk or SnykMany or Sarif or SarifRule;

    public static string? Named(HashSet<string> names, bool array) =>
        array || names.Contains("vulnerabilities") ? "snyk" : names.Contains("runs") ? "sarif" : names.Contains("matches") ? "grype" : names.Contains("Results") || names.Contains("ArtifactName") ? "trivy" : null;

    public static (string Id, string Level, string? Text)? Rule(string path, JsonElement e) => path != SarifRule || Text(e, "id") is not { } id ? null
        : (id, Level(Text(e, "properties", "security-severity") ?? Text(e, "defaultConfiguration", "level")), Text(e, "shortDescription", "text") ?? Text(e, "name"));

    public static (string Format, Finding Finding)? Read(string path, JsonElement e, Dictionary<string, (string Level, string? Text)> rules) => path switch
    {
        Trivy => Of("trivy", Text(e, "VulnerabilityID"), Text(e, "Severity"), Text(e, "Title") ?? Text(e, "Description"), Text(e, "PkgIdentifier", "PURL") ?? Package(Text(e, "PkgName"), Text(e, "InstalledVersion")), Text(e, "FixedVersion"), [], null),
        Grype => Of("grype", Text(e, "vulnerability", "id"), Text(e, "vulnerability", "severity"), Text(e, "vulnerability", "description"), Text(e, "artifact", "purl") is { Length: > 0 } purl ? purl : Package(Text(e, "artifact", "name"), Text(e, "artifact", "version")),
            First(e, "vulnerability", "fix", "versions"), Aliases(e), First(e, "artifact", "locations")),
        Snyk or SnykMany => Of("snyk", Text(e, "id"), Text(e, "severity"), Text(e, "title"), Text(e, "packageUrl") ?? Package(Text(e, "packageName") ?? Text(e, "name"), Text(e, "version")), First(e, "fixedIn"), [.. Strings(e, "identifiers", "CVE"), .. Strings(e, "identifiers", "GHSA")], null),
        Sarif => OfSarif(e, rules),
        _ => null,
    };

    private static (string, Finding)? OfSarif(JsonElement e, Dictionary<string, (string Level, string? Text)> rules)
    {
        var id = Text(e, "ruleId") ?? Text(e, "rule", "id");
        var rule = id is null ? default : rules.GetValueOrDefault(id);
        // what a person has let pass in the scanner itself is no finding of it
        if (e.TryGetProperty("suppressions", out var let) && let.ValueKind == JsonValueKind.Array && let.GetArrayLength() > 0 && let.EnumerateArray().All(s => Text(s, "status") is null or "accepted")) return null;
        var place = e.TryGetProperty("locations", out var all) && all.ValueKind == JsonValueKind.Array && all.GetArrayLength() > 0 ? all[0] : default;
        var file = Text(place, "physicalLocation", "artifactLocation", "uri");
        // two lines of one file are two findings
        if (file is not null && Text(place, "physicalLocation", "region", "startLine") is { } line) file = $"{file}:{line}";
        return Of("sarif", id, Text(e, "properties", "security-severity") ?? (rule.Level is null or "unknown" ? Text(e, "level") : rule.Level), Text(e, "message", "text") ?? rule.Text, Text(e, "properties", "purl") ?? file, null, [], file);
    }

    private static (string, Finding)? Of(string format, string? id, string? level, string? summary, string? package, string? fixedIn, ImmutableArray<string> aliases, string? file) => string.IsNullOrEmpty(id) ? null
        : (format, new(Short(id), Level(level), summary is null ? null : Short(summary), Short(package ?? "unknown"), string.IsNullOrEmpty(fixedIn) ? null : Short(fixedIn), aliases, false, file is null ? [] : [Short(file)]));

    /// <summary>Words of any scanner, a score, or SARIF's level.</summary>
    private static string Level(string? said) => said?.ToLowerInvariant() switch
    {
        "critical" => "critical",
        "high" or "error" => "high",
        "medium" or "moderate" or "warning" => "medium",
        "low" or "negligible" or "note" or "minor" => "low",
        { } number when double.TryParse(number, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var score) => score switch { >= 9 => "critical", >= 7 => "high", >= 4 => "medium", > 0 => "low", _ => "unknown" },
        _ => "unknown",
    };

    private static string? Package(string? name, string? version) => name is null ? null : $"{name}@{version}";

    private static ImmutableArray<string> Aliases(JsonElement e) => e.TryGetProperty("relatedVulnerabilities", out var related) && related.ValueKind == JsonValueKind.Array
        ? [.. related.EnumerateArray().Take(20).Select(r => Text(r, "id")).OfType<string>()] : [];

    private static string? First(JsonElement e, params string[] path) => Strings(e, path).FirstOrDefault();

    private static IEnumerable<string> Strings(JsonElement e, params string[] path)
    {
        foreach (var name in path)
            if (e.ValueKind != JsonValueKind.Object || !e.TryGetProperty(name, out e)) return [];
        return e.ValueKind == JsonValueKind.Array ? e.EnumerateArray().Take(20).Select(x => x.ValueKind == JsonValueKind.String ? x.GetString() : Text(x, "path")).OfType<string>().Select(Short).ToList() : [];
    }

    private static string? Text(JsonElement e, params string[] path)
    {
        foreach (var name in path)
            if (e.ValueKind != JsonValueKind.Object || !e.TryGetProperty(name, out e)) return null;
        return e.ValueKind switch { JsonValueKind.String => e.GetString(), JsonValueKind.Number => e.GetRawText(), _ => null };
    }

    /// <summary>What is kept of a text: findings are many, and some carry a whole essay.</summary>
    private static string Short(string text) => text.Length > 300 ? text[..300] + "…" : text;
}
