namespace ProdSprint.Projects;

/// <summary>Versions from .tool-versions (asdf) and mise.toml, which serve every language.</summary>
public static class ToolVersions
{
    public static Sourced? Of(string directory, string asdfName, string miseName, AuditContext context)
    {
        foreach (var folder in new[] { directory, "." }.Distinct())
        {
            var asdf = TreePaths.Join(folder, ".tool-versions");
            foreach (var line in context.Files.Manifest(asdf)?.Split('\n') ?? [])
            {
                var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
                if (words.Length > 1 && (words[0] == asdfName || words[0] == miseName)) return new(words[1], asdf);
            }
            foreach (var name in (ReadOnlySpan<string>)["mise.toml", ".mise.toml"])
            {
                var mise = TreePaths.Join(folder, name);
                if (context.Files.HasFile(mise) && context.Manifests.Toml(mise)?.Table("tools")?.Text(miseName) is { } version) return new(version, mise);
            }
        }
        return null;
    }
}
