namespace ProdSprint.Projects;

/// <summary>Projects of the same repository that a Python project is installed with: uv's sources (a path, or a member of the workspace) and Poetry's path dependencies.</summary>
internal static class PythonLinks
{
    public static IEnumerable<string> Of(PythonProject project, IReadOnlySet<string> folders, AuditContext context)
    {
        if (project.PyProject is not { } toml) return [];
        var sources = toml.Table("tool", "uv", "sources")?.Values.Where(s => project.Needs(Plain(s.Key))).Select(s => (Name: Plain(s.Key), Table: s.Value as TomlTable)).ToList() ?? [];
        var paths = sources.Select(s => s.Table?.Text("path")).Concat(toml.Table("tool", "poetry", "dependencies")?.Values.Values.Select(v => (v as TomlTable)?.Text("path")) ?? []).OfType<string>()
            .Select(p => TreePaths.Resolve(project.Directory, p)).OfType<string>().ToList();
        var members = sources.Where(s => s.Table?.Values.GetValueOrDefault("workspace") is true).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        return folders.Where(f => f != project.Directory && (paths.Contains(f) || members.Count > 0 && members.Contains(Name(f, context))));
    }

    private static string Name(string folder, AuditContext context) => TreePaths.Join(folder, "pyproject.toml") is var path && context.Files.HasFile(path) ? Plain(context.Manifests.Toml(path)?.Table("project")?.Text("name") ?? "") : "";

    private static string Plain(string name) => name.ToLowerInvariant().Replace('_', '-');
}
