using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Swift packages: the executable product that is named, else the target that is built on the server framework, else the first one; without any, the first folder of Sources with a main.swift.</summary>
public sealed partial class SwiftDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        foreach (var file in context.Files.Named("Package.swift"))
        {
            if (context.Files.Manifest(file.Path) is not { } text) continue;
            var folder = TreePaths.DirectoryOf(file.Path);
            var draft = new ServiceDraft("swift", folder, file.Path)
            {
                PackageManager = new("swiftpm", file.Path), DefaultPort = 8080,
                Version = ToolVersions.FromFile(folder, context, ".swift-version") ?? ToolVersions.Of(folder, "swift", "swift", context) ?? (Tools().Match(text) is { Success: true } tools ? new(tools.Groups[1].Value, file.Path) : null),
            };
            draft.Packages.UnionWith(Product().Matches(text).Select(m => m.Groups[1].Value));
            draft.Framework = draft.Packages.Contains("Vapor") ? "vapor" : draft.Packages.Contains("Hummingbird") ? "hummingbird" : null;
            var sources = TreePaths.Join(folder, "Sources");
            var program = Program(text, draft.Framework)
                ?? context.Files.Below(sources).Where(f => TreePaths.NameOf(f.Path) == "main.swift").Select(f => f.Path[(sources.Length + 1)..].Split('/') is [var first, _, ..] ? first : null).FirstOrDefault(n => n is not null);
            draft.Install = draft.Command("swift package resolve", file.Path);
            if (program is not null)
            {
                draft.Name = program;
                draft.Build = draft.Command("swift build -c release --static-swift-stdlib", file.Path);
                draft.Start = draft.Command($"./.build/release/{ShellWord.Quote(program)}" + (draft.Framework == "vapor" ? " serve --env production --hostname 0.0.0.0 --port ${PORT:-8080}" : ""), file.Path);
                if (draft.Framework == "vapor") (draft.Kind, draft.Port) = (ServiceKind.Web, new(8080, "PORT", "rule: vapor"));
            }
            if (context.Files.HasDirectory(TreePaths.Join(folder, "Tests"))) (draft.Test, draft.TestRunner) = (draft.Command("swift test", "Tests"), "xctest");
            if (Remote().IsMatch(text) && !context.Files.Has(folder, "Package.resolved")) draft.Unlocked = LockFiles.Without(file.Path, "Package.resolved", "swift package resolve");
            yield return draft;
        }
    }

    /// <summary>A target without a product of its own gives one of its name.</summary>
    private static string? Program(string text, string? framework)
    {
        var targets = Executable().Matches(text).Select(m => (Name: m.Groups[1].Value, Of: Own(text, m.Index))).ToList();
        var server = framework is null ? null : targets.FirstOrDefault(t => t.Of.Contains($"\"{(framework == "vapor" ? "Vapor" : "Hummingbird")}\"", StringComparison.Ordinal)).Name;
        var products = ExecutableProduct().Matches(text).Select(m => (Name: m.Groups[1].Value, Of: Own(text, m.Index))).ToList();
        if (products.Count == 0) return server ?? targets.FirstOrDefault().Name;
        return server is not null && products.FirstOrDefault(p => p.Of.Contains($"\"{server}\"", StringComparison.Ordinal)).Name is { } product ? product : server ?? products[0].Name;
    }

    /// <summary>The text of one entry: up to the next target or product.</summary>
    private static string Own(string text, int from) => Entry().Match(text, from + 1) is { Success: true } next ? text[from..next.Index] : text[from..];

    [GeneratedRegex(@"\.(?:executableTarget|target|testTarget|executable|library|plugin)\(")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.executable\(\s*name:\s*""([^""]+)""")]
    private static partial Regex ExecutableProduct();

    [GeneratedRegex(@"swift-tools-version:\s*([\d.]+)")]
    private static partial Regex Tools();

    [GeneratedRegex(@"\.package\(\s*(?:name:\s*""[^""]*"",\s*)?(?:url|id):")]
    private static partial Regex Remote();

    [GeneratedRegex(@"\.product\(\s*name:\s*""([^""]+)""")]
    private static partial Regex Product();

    [GeneratedRegex(@"\.executableTarget\(\s*name:\s*""([^""]+)""")]
    private static partial Regex Executable();
}
