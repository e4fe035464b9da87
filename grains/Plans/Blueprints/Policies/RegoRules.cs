using System.Collections.Immutable;
using System.Text.Json;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Policies;

/// <summary>What another engine found for one rule.</summary>
public sealed record PolicyOpinion(bool Passed, ImmutableArray<string> Evidence);

/// <summary>
/// The same rules as Rego, for Open Policy Agent. Pure: what it is given, how its answer is read, and what is said when it does not agree with the rules that are built in.
/// </summary>
public static class RegoRules
{
    public const string Folder = "infrastructure/policies";

    /// <summary>What is asked of it: one object per rule, with <c>rule</c>, <c>passed</c> and <c>evidence</c>.</summary>
    public const string Query = "data.prodsprint.results";

    /// <summary>The result that stands for an engine that gave no answer that can be read.</summary>
    public const string Unanswered = "opa.answer";

    /// <summary>Raised when the facts take another shape; rules of another schema fail.</summary>
    private const int Schema = 1;

    private const int LongestEvidence = 500, MostEvidence = 20;

    public static string Text { get; } = Resource("prodsprint.rego");

    /// <summary>As they are written to a repository: the rules, and which of them each profile asks for.</summary>
    public static FileBundle Files { get; } = FileBundle.Of([($"{Folder}/prodsprint.rego", Text), ($"{Folder}/profiles.json", Resource("policies.json"))]);

    /// <summary>The very facts that the built-in rules look at, with what the profile asks for.</summary>
    public static string Input(string profile, PolicyFacts facts) => CanonicalJson.Write(new
    {
        Schema,
        Profile = profile,
        Demands = PolicyCatalogue.Current.Profiles[profile].Rules,
        facts.Plan,
        facts.Audit,
        Infrastructure = facts.Infrastructure.Files,
        facts.WrittenImages,
    });

    /// <summary>Reads what <c>opa eval --format json</c> prints.</summary>
    /// <exception cref="FormatException">It is none, or the query had no result; says what stands there instead.</exception>
    public static ImmutableSortedDictionary<string, PolicyOpinion> Read(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var root = document.RootElement;
            if (root.TryGetProperty("errors", out var errors) && errors.GetArrayLength() > 0)
                throw new FormatException(string.Join("; ", errors.EnumerateArray().Take(3).Select(e => Cut(e.TryGetProperty("message", out var m) ? m.GetString() ?? "" : e.ToString()))));
            if (!root.TryGetProperty("result", out var result) || result.GetArrayLength() == 0) throw new FormatException($"{Query} has no result");
            return result[0].GetProperty("expressions")[0].GetProperty("value").EnumerateArray().ToImmutableSortedDictionary(
                r => r.GetProperty("rule").GetString()!,
                r => new PolicyOpinion(r.GetProperty("passed").GetBoolean(), [.. r.GetProperty("evidence").EnumerateArray().Take(MostEvidence).Select(e => Cut(e.GetString() ?? ""))]), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"the answer is not one of opa eval: {e.Message}", e);
        }
    }

    /// <summary>Beside each built-in result the other engine's. Where they differ, or it is silent, the rule has not passed; it blocks if the profile asks for that of the rule or of any difference.</summary>
    public static ImmutableArray<PolicyResult> Compare(string profile, ImmutableArray<PolicyResult> builtIn, IReadOnlyDictionary<string, PolicyOpinion> opa) =>
    [
        .. builtIn.Select(result =>
        {
            var other = opa.GetValueOrDefault(result.Rule) ?? new(false, ["opa said nothing about this rule"]);
            return other.Passed == result.Passed ? result with { Opa = other } : result with
            {
                Passed = false,
                Level = Worse(result.Level, PolicyCatalogue.Current.Profiles[profile].Differs),
                Opa = other,
                Causes = [.. result.Causes.DefaultIfEmpty("opa")],
                Remediation = $"The built-in rule says it {Word(result.Passed)}, opa says it {Word(other.Passed)}: look at both, and say which one is wrong",
            };
        }).OrderBy(r => r.Passed).ThenByDescending(r => r.Level).ThenBy(r => r.Rule, StringComparer.Ordinal),
    ];

    /// <summary>An engine that is installed and does not answer is not taken for one that agrees.</summary>
    public static ImmutableArray<PolicyResult> Failed(string profile, ImmutableArray<PolicyResult> builtIn, string problem) =>
    [
        new(Unanswered, "Open Policy Agent has answered", false, PolicyCatalogue.Current.Profiles[profile].Differs, builtIn.Length > 0 ? builtIn[0].Profile : "", [], [Cut(problem)], "Mend opa on the server, or remove it: the built-in rules do without it"),
        .. builtIn,
    ];

    private static PolicyLevel Worse(PolicyLevel one, PolicyLevel other) => one > other ? one : other;

    private static string Word(bool passed) => passed ? "holds" : "does not hold";

    private static string Cut(string text) => text.Length <= LongestEvidence ? text : text[..LongestEvidence] + "…";

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(RegoRules).Assembly.GetManifestResourceStream($"blueprints/{name}")!);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
