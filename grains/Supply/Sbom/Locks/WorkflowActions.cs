using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>GitHub workflows and composite actions: what <c>uses:</c> names runs with the repository's rights, so it belongs to its supply chain.</summary>
internal sealed class WorkflowActions : ILockReader
{
    public bool Reads(string path) => path.Contains(".github/workflows/", StringComparison.Ordinal) && TreePaths.ExtensionOf(path) is ".yml" or ".yaml" || TreePaths.NameOf(path) is "action.yml" or "action.yaml";

    public IEnumerable<LockedPackage> Read(string text) => Uses(YamlReader.Parse(text, aliases: true), 0).Distinct(StringComparer.Ordinal).Select(uses => (uses, At: uses.IndexOf('@')))
        .Where(u => u.At > 0 && u.uses.Contains('/') && u.uses[0] != '.' && !u.uses.StartsWith("docker:", StringComparison.Ordinal) && !u.uses.Contains("${{", StringComparison.Ordinal))
        .Select(u => new LockedPackage(u.uses, "GitHub Actions", u.uses[..u.At], u.uses[(u.At + 1)..], Development: true));

    private static IEnumerable<string> Uses(YamlValue value, int depth)
    {
        if (depth > 16) yield break;
        foreach (var field in value.Fields ?? [])
            if (field is { Name: "uses", Value.Text: { } uses }) yield return uses.Trim();
            else foreach (var inner in Uses(field.Value, depth + 1)) yield return inner;
        foreach (var item in value.Items ?? [])
            foreach (var inner in Uses(item, depth + 1)) yield return inner;
    }
}
