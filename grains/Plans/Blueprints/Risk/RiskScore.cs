using System.Collections.Immutable;
using System.Globalization;

namespace ProdSprint.Plans.Blueprints.Risk;

/// <summary>
/// A logistic score: the project's own rate of releases taken back, moved by what the change is like. Each term says what it saw and what it adds; the terms
/// that are known to matter most (size, churn, history of the files, familiarity) are those of Kamei et al., "A large-scale empirical study of just-in-time quality assurance" (2013).
/// </summary>
public static class RiskScore
{
    public const double Medium = 0.15;
    public const double High = 0.35;

    /// <summary>Fewer outcomes than these say nothing about the predictions.</summary>
    private const int EnoughOutcomes = 5;

    /// <param name="now">When the plan was made: the same plan has the same score whenever it is read.</param>
    public static RiskAssessment Of(ChangeFacts change, ImmutableArray<ReleaseRecord> history, double? coverageDelta, DateTimeOffset now)
    {
        var baseRate = (history.Count(r => r.Failed) + 1.0) / (history.Length + 3.0);
        var terms = Terms(change, history, coverageDelta, now).Prepend(
            new RiskTerm("history", Text($"{history.Count(r => r.Failed)} of {history.Length} releases were taken back"), Logit(baseRate), "How this project's releases went before")).ToImmutableArray();
        var probability = Math.Round(1 / (1 + Math.Exp(-terms.Sum(t => t.Weight))), 4);
        var level = probability >= High ? "high" : probability >= Medium ? "medium" : "low";
        return new(probability, level, [.. terms.Select(t => t with { Weight = Math.Round(t.Weight, 3) })], RiskCare.Advice(level), Brier(history), Math.Round(baseRate, 4), history.Length);
    }

    /// <summary>Null: too few outcomes with a prediction.</summary>
    public static double? Brier(ImmutableArray<ReleaseRecord> history)
    {
        var told = history.Where(r => r.Predicted is not null).ToList();
        return told.Count < EnoughOutcomes ? null : Math.Round(told.Average(r => Math.Pow(r.Predicted!.Value - (r.Failed ? 1 : 0), 2)), 4);
    }

    private static IEnumerable<RiskTerm> Terms(ChangeFacts change, ImmutableArray<ReleaseRecord> history, double? coverageDelta, DateTimeOffset now)
    {
        if (change.Base is null)
        {
            yield return new("first", "first release", 0.5, "There is nothing to compare it with");
            yield break;
        }
        if (change.Base == change.Commit)
        {
            yield return new("same", "nothing", -1.5, "It is the commit that production serves");
            yield break;
        }
        // Log scales: the step from 10 lines to 100 matters as much as that from 100 to 1,000.
        yield return new("size", Text($"{change.Lines} lines, files: {change.Files.Length}, commits: {change.Commits}"), 0.35 * (Math.Log10(change.Lines + 1) - 1.5), "Large changes hide more");
        var churn = change.Files.IsEmpty ? 0 : change.Files.Average(f => f.RecentCommits);
        yield return new("churn", Text($"{churn:0.#} commits per file in 90 days"), 0.4 * (Math.Log2(churn + 1) - 1), "Files that change often break often");
        var touched = change.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var incidents = history.Where(r => r.Failed && r.Paths.Any(touched.Contains)).ToList();
        yield return new("incidents", Text($"{incidents.Count} releases that touched these files were taken back"), 0.5 * Math.Min(incidents.Count, 4), "Where it went wrong before");
        if (change.Files.Count(f => ChangeKinds.IsDependency(f.Path)) is > 0 and var dependencies)
            yield return new("dependencies", Text($"{dependencies} manifests or lock files"), 0.3, "Other people's changes come along");
        if (change.Files.Count(f => ChangeKinds.IsSchema(f.Path)) is > 0 and var schema)
            yield return new("schema", Text($"{schema} migrations"), 0.7, "The stable version runs against the new schema, and data does not roll back");
        if (!change.Files.IsEmpty && change.Files.All(f => ChangeKinds.IsHarmless(f.Path)))
            yield return new("harmless", "documentation and tests only", -1.5, "Nothing that runs has changed");
        if (coverageDelta is { } delta)
            yield return new("coverage", Text($"{delta:+0.#;-0.#;0} percentage points"), Math.Clamp(-delta * 0.1, -0.5, 1), "What is not tested is found by users");
        if (history.Length > 0)
        {
            var days = Math.Max(0, (now - history.Max(r => r.EndedAt)).TotalDays);
            yield return new("pause", Text($"{days:0.#} days since the last release"), 0.25 * Math.Max(0, Math.Log2((days + 1) / 7)), "After a long pause more has piled up, and memory fades");
        }
        var known = change.FileCommits == 0 ? 0 : (double)change.AuthorCommits / change.FileCommits;
        yield return new("familiarity", Text($"{known * 100:0} % of earlier commits to these files are the author's"), 0.4 * (0.5 - known), "Who wrote it knows what hangs on it");
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
