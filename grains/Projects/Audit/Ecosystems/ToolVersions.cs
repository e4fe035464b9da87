namespace ProdSprint.Projects;

/// <summary>Versions from files that hold nothing else (.python-version), and from .tool-versions (asdf) and mise.toml, which serve every language.</summary>
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
            foreach (var name in (ReadOnlySpan<string>)["mise.toml", ".mise.toml", ".config/mise.toml"])
            {
                var mise = TreePaths.Join(folder, name);
                if (!context.Files.HasFile(mise) || context.Manifests.Toml(mise)?.Table("tools") is not { } tools) continue;
                if ((tools.Text(miseName) ?? tools.Table(miseName)?.Text("version") ?? tools.Texts(miseName).FirstOrDefault()) is { } version) return new(version, mise);
            }
        }
        return null;
    }

    /// <summary>The first line of the first of these files that is in the folder or in the root.</summary>
    public static Sourced? FromFile(string directory, AuditContext context, params ReadOnlySpan<string> names)
    {
        foreach (var folder in directory == "." ? (ReadOnlySpan<string>)["."] : [directory, "."])
            foreach (var name in names)
            {
                var path = TreePaths.Join(folder, name);
                if (context.Files.Manifest(path)?.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0 && l[0] != '#') is { Length: < 40 } text) return new(text, path);
            }
        return null;
    }
}
