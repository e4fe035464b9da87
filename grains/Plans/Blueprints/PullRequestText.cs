using System.Globalization;
using System.Text;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Plans.Blueprints.Risk;

namespace ProdSprint.Plans.Blueprints;

/// <summary>What a reviewer reads above the diff: what the files are, what rules, cost and risk say, and how to look further. Markdown; the same input gives the same text.</summary>
public static class PullRequestText
{
    public static string Title(string project, int plan) => $"Infrastructure and pipelines of {project} (plan {plan})";

    public static string Body(string project, int plan, PlanDocument document, Blueprint blueprint, RiskAssessment? risk)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Written from plan {plan} of `{project}` at commit `{document.Commit}` (digest `{document.Digest}`), after it was approved.\n");
        Files(text, "Infrastructure", blueprint.Infrastructure);
        Files(text, "Pipelines", blueprint.Pipelines);
        Rules(text, blueprint);
        var cost = blueprint.Cost;
        text.Append(CultureInfo.InvariantCulture, $"\n## Cost\n{cost.Low:N0} to {cost.High:N0} {cost.Currency} a month in {cost.Region}, list prices of {cost.PriceDate}{(cost.Change is { } change ? $"; {change:+#,0;-#,0;±0} against what was approved before" : "")}.\n");
        foreach (var saving in cost.Savings) text.Append(CultureInfo.InvariantCulture, $"- could save {saving.Monthly:N0}: {Plain(saving.Title)}. {Plain(saving.How)}\n");
        if (risk is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Risk\n{risk.Level}: {risk.Probability * 100:0} % chance of being taken back.\n");
            foreach (var term in risk.Terms) text.Append(CultureInfo.InvariantCulture, $"- {term.Weight:+0.00;-0.00} {Plain(term.Name)}: {Plain(term.Value)}\n");
        }
        if (!blueprint.Notes.IsEmpty) text.Append("\n## Before this is merged\n");
        foreach (var note in blueprint.Notes) text.Append(CultureInfo.InvariantCulture, $"- [ ] {Plain(note)}\n");
        text.Append(CultureInfo.InvariantCulture, $"\nTo see all of it: `prodsprint blueprint --project {project} --plan {plan}`\n");
        return text.ToString();
    }

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
