using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>GitHub workflows and composite actions: what <c>uses:</c> names runs with the repository's rights, so it belongs to its supply chain.</summary>
internal sealed class WorkflowActions : ILockReader
{
    public bool Reads(string path) => path.Contains(".github/workflows/", StringComparison.Ordinal) && TreePaths.ExtensionOf(path) is ".yml" or ".yaml" || TreePaths.NameOf(path) is "action.yml" or "action.yaml";

    public bool Locks => false;

    public IEnumerable<LockedPackage> Read(string text) => Uses(YamlReader.Parse(text, aliases: true)).Distinct(StringComparer.Ordinal).Select(uses => (uses, At: uses.IndexOf('@')))
        .Where(u => u.At > 0 && u.uses.Contains('/') && u.uses[0] != '.' && !u.uses.StartsWith("docker:", StringComparison.Ordinal) && !u.uses.Contains("${{", StringComparison.Ordinal))
        .Select(u => new LockedPackage(u.uses, "GitHub Actions", u.uses[..u.At], u.uses[(u.At + 1)..], Development: true, Direct: true));

    /// <summary>Each value once, however often aliases name it: ten lines of them have more ways through than anybody can walk.</summary>
    private static List<string> Uses(YamlValue document)
    {
        var found = new List<string>();
        var seen = new HashSet<YamlValue>(ReferenceEqualityComparer.Instance);
        void Walk(YamlValue value)
        {
            if (!seen.Add(value)) return;
            foreach (var field in value.Fields ?? [])
                if (field is { Name: "uses", Value.Text: { } uses }) found.Add(uses.Trim());
                else Walk(field.Value);
            foreach (var item in value.Items ?? []) Walk(item);
        }
        Walk(document);
        return found;
    }
}
