namespace ProdSprint.Projects;

/// <summary>A Cargo.toml with a [package], and the programs it builds.</summary>
public sealed record CargoPackage(string Directory, string Manifest, TomlTable Toml, IReadOnlyList<string> Programs)
{
    public string Name => Toml.Table("package")?.Text("name") ?? "app";

    /// <summary>The program that "cargo run" takes: default-run, else the only one, else the one named as the package.</summary>
    public string? Default => Toml.Table("package")?.Text("default-run") ?? (Programs.Count == 1 ? Programs[0] : Programs.Contains(Name) ? Name : null);

    public IEnumerable<string> Dependencies => Toml.Table("dependencies")?.Values.Keys ?? Enumerable.Empty<string>();

    public static CargoPackage? Read(string path, AuditContext context)
    {
        if (context.Manifests.Toml(path) is not { } toml || toml.Table("package")?.Text("name") is not { } name) return null;
        var directory = TreePaths.DirectoryOf(path);
        var programs = new SortedSet<string>(StringComparer.Ordinal);
        if (context.Files.HasFile(TreePaths.Join(directory, "src/main.rs"))) programs.Add(name);
        foreach (var bin in (toml.Values.GetValueOrDefault("bin") as List<object> ?? []).OfType<TomlTable>())
            if (bin.Text("name") is { } named)
            {
                // a [[bin]] over src/main.rs renames the program of the package
                if (bin.Text("path") == "src/main.rs") programs.Remove(name);
                programs.Add(named);
            }
        var folder = TreePaths.Join(directory, "src/bin");
        foreach (var file in context.Files.In(folder).Where(f => f.Path.EndsWith(".rs", StringComparison.Ordinal))) programs.Add(TreePaths.NameOf(file.Path)[..^3]);
        foreach (var inner in context.Files.Directories.Where(d => TreePaths.DirectoryOf(d) == folder && context.Files.Has(d, "main.rs"))) programs.Add(TreePaths.NameOf(inner));
        return new(directory, path, toml, [.. programs]);
    }

    /// <summary>The folders of this repository that its path dependencies name.</summary>
    public IEnumerable<string> PathDependencies() =>
        (Toml.Table("dependencies")?.Values.Values.OfType<TomlTable>() ?? []).Select(d => d.Text("path")).OfType<string>().Select(p => TreePaths.Resolve(Directory, p)).OfType<string>();
}
