using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Plans.Blueprints.Risk;

namespace ProdSprint.Plans.Blueprints;

/// <summary>What a reviewer reads above the diff: what the files are, what rules, cost and risk say, and how to look further. Markdown; the same input gives the same text.</summary>
public static class PullRequestText
{
    /// <param name="limitsAlone">The branch has no files of the blueprint.</param>
    public static string Title(string project, int plan, bool limitsAlone = false) => $"{(limitsAlone ? "Limits" : "Infrastructure and pipelines")} of {project} (plan {plan})";

    /// <param name="chosen">Savings that are carried out in it.</param>
    public static string Body(string project, int plan, PlanDocument document, Blueprint blueprint, RiskAssessment? risk, ImmutableArray<Saving> chosen, bool limitsAlone = false)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Written from plan {plan} of `{project}` at commit `{document.Commit}` (digest `{document.Digest}`), after it was approved.\n");
        if (!chosen.IsEmpty) text.Append("\n## Chosen\n");
        foreach (var saving in chosen) text.Append(CultureInfo.InvariantCulture, $"- {Hint(saving)}\n");
        if (!limitsAlone)
        {
            Files(text, "Infrastructure", blueprint.Infrastructure);
            Files(text, "Pipelines", blueprint.Pipelines);
            Rules(text, blueprint);
        }
        var cost = blueprint.Cost;
        text.Append(CultureInfo.InvariantCulture, $"\n## Cost\n{cost.Low:N0} to {cost.High:N0} {cost.Currency} a month in {cost.Region}, list prices of {cost.PriceDate}{(cost.Change is { } change ? $"; {change:+#,0;-#,0;±0} against {(chosen.IsEmpty ? "what was approved before" : "the plan without what is chosen")}" : "")}.\n");
        foreach (var saving in cost.Savings) text.Append(CultureInfo.InvariantCulture, $"- open: {Hint(saving)}\n");
        if (risk is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Risk\n{risk.Level}: {risk.Probability * 100:0} % chance of being taken back.\n");
            foreach (var term in risk.Terms) text.Append(CultureInfo.InvariantCulture, $"- {term.Weight:+0.00;-0.00} {Plain(term.Name)}: {Plain(term.Value)}\n");
        }
        if (!blueprint.Notes.IsEmpty && !limitsAlone) text.Append("\n## Before this is merged\n");
        foreach (var note in limitsAlone ? [] : blueprint.Notes) text.Append(CultureInfo.InvariantCulture, $"- [ ] {Plain(note)}\n");
        text.Append(CultureInfo.InvariantCulture, $"\nTo see all of it: `prodsprint blueprint --project {project} --plan {plan}`\n");
        return text.ToString();
    }

    private static string Hint(Saving saving) => string.Create(
        CultureInfo.InvariantCulture, $"{(saving.Monthly < 0 ? $"costs {-saving.Monthly:N0} more" : $"saves {saving.Monthly:N0}")} a month: {Plain(saving.Title)}. {Plain(saving.How)}");

    private static void Files(StringBuilder text, string title, FileBundle bundle)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
        foreach (var (path, file) in bundle.Files) text.Append(CultureInfo.InvariantCulture, $"- `{path}` ({file.AsSpan().Count('\n')} lines)\n");
    }

    private static void Rules(StringBuilder text, Blueprint blueprint)
    {
        if (blueprint.Policies.IsEmpty) return;
        text.Append(CultureInfo.InvariantCulture, $"\n## Rules\n{blueprint.Policies.Count(r => r.Passed)} of {blueprint.Policies.Length} rules of the profile {blueprint.Policies[0].Profile} hold.\n");
        foreach (var rule in blueprint.Policies.Where(r => !r.Passed))
        {
            var controls = rule.Controls.IsEmpty ? "" : $" ({string.Join(", ", rule.Controls)})";
            text.Append(CultureInfo.InvariantCulture, $"- {(rule.Level == PolicyLevel.Block ? "**blocks**" : "warns")} {Plain(rule.Title)}{controls}: {Plain(rule.Remediation ?? "")}\n");
        }
    }

    /// <summary>What comes of a repository cannot end its line or begin anything of its own.</summary>
    private static string Plain(string value) => string.Concat(value.Select(c => char.IsControl(c) ? ' ' : c)).Replace("<", "&lt;", StringComparison.Ordinal).Replace("`", "'", StringComparison.Ordinal);
}
