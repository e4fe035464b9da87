using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Hugo, Zola or Haunt: one program that makes a site of a folder, told by the address that its configuration must have.</summary>
internal sealed partial record SiteGenerator(string Name, string Manifest, string Build, string Output)
{
    private static readonly string[] Configurations = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml", "haunt.scm"];

    public static IEnumerable<string> Folders(AuditContext context) =>
        Configurations.SelectMany(context.Files.Named).Select(f => TreePaths.DirectoryOf(f.Path)).Distinct(StringComparer.Ordinal).Where(d => Of(d, context) is not null).Order(StringComparer.Ordinal);

    public static SiteGenerator? Of(string directory, AuditContext context)
    {
        if (Configurations.FirstOrDefault(c => context.Files.Has(directory, c)) is not { } name || context.Files.Manifest(TreePaths.Join(directory, name)) is not { } text) return null;
        var manifest = TreePaths.Join(directory, name);
        bool Folder(string inner) => context.Files.HasDirectory(TreePaths.Join(directory, inner));
        if (name == "config.toml" && ZolaAddress().IsMatch(text) && (Folder("content") || Folder("templates"))) return new("zola", manifest, "zola build", Value(ZolaOutput(), text) ?? "public");
        if (name == "haunt.scm") return new("haunt", manifest, "haunt build", Value(HauntOutput(), text) ?? "site");
        // a theme's own configuration has no address, or no pages
        if (HugoAddress().IsMatch(text) && (Folder("content") || Folder("archetypes")) || name.StartsWith("hugo.", StringComparison.Ordinal) && Folder("content")) return new("hugo", manifest, "hugo --gc --minify", Value(HugoOutput(), text) ?? "public");
        return null;
    }

    public ServiceDraft Draft(string directory, AuditContext context)
    {
        var draft = new ServiceDraft("static", directory, Manifest) { Framework = Name, Kind = ServiceKind.Static, Output = TreePaths.Resolve(directory, Output) };
        draft.Build = draft.Command(Build, $"rule: {Name}");
        // PostCSS and the like, which Hugo runs itself
        if (NodeAssets.Of(directory, context) is { } assets) draft.Install = draft.Command(assets.Install, "package.json");
        return draft;
    }

    private static string? Value(Regex pattern, string text) => pattern.Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^\s*""?base[uU][rR][lL]""?\s*[=:]", RegexOptions.Multiline)]
    private static partial Regex HugoAddress();

    [GeneratedRegex(@"^\s*""?publishDir""?\s*[=:]\s*['""]?([\w./-]+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex HugoOutput();

    [GeneratedRegex(@"#:build-directory\s+""([\w./-]+)""")]
    private static partial Regex HauntOutput();

    [GeneratedRegex(@"^base_url\s*=", RegexOptions.Multiline)]
    private static partial Regex ZolaAddress();

    [GeneratedRegex(@"^output_dir\s*=\s*['""]([\w./-]+)", RegexOptions.Multiline)]
    private static partial Regex ZolaOutput();
}
