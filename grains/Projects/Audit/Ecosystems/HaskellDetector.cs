using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Haskell: Stack where there is a package.yaml or stack.yaml, else Cabal. The program is copied into the service's own folder, so that the artifact holds it.</summary>
public sealed partial class HaskellDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var files = context.Files;
        var cabals = files.All.Where(f => TreePaths.ExtensionOf(f.Path) == ".cabal").GroupBy(f => TreePaths.DirectoryOf(f.Path)).ToDictionary(g => g.Key, g => g.First().Path, StringComparer.Ordinal);
        // package.yaml alone is also the name of other tools' files
        var hpack = files.Named("package.yaml").Where(f => files.Below(TreePaths.DirectoryOf(f.Path)).Any(s => s.Path.EndsWith(".hs", StringComparison.Ordinal))).ToDictionary(f => TreePaths.DirectoryOf(f.Path), f => f.Path, StringComparer.Ordinal);
        foreach (var folder in cabals.Keys.Union(hpack.Keys).Order(StringComparer.Ordinal))
        {
            var manifest = hpack.GetValueOrDefault(folder) ?? cabals[folder];
            var stack = hpack.ContainsKey(folder) || files.Has(folder, "stack.yaml") || files.HasFile("stack.yaml");
            var program = hpack.TryGetValue(folder, out var yaml) ? context.Manifests.Yaml(yaml)?["executables"]?.Fields?.Select(f => f.Name).Order(StringComparer.Ordinal).FirstOrDefault()
                : Executable().Match(files.Manifest(manifest) ?? "") is { Success: true } match ? match.Groups[1].Value : null;
            var draft = new ServiceDraft("haskell", folder, manifest) { Name = program, PackageManager = new(stack ? "stack" : "cabal", manifest), DefaultPort = 3000, Version = Version(folder, context) };
            draft.Packages.UnionWith(Dependency().Matches(files.Manifest(manifest) ?? "").Select(m => m.Groups[1].Value).Concat(OneLine().Matches(files.Manifest(manifest) ?? "").SelectMany(m => Package().Matches(m.Groups[1].Value).Select(p => p.Groups[1].Value))));
            // what serves, the outer before what it is built on; who needs none of them is a worker unless its source listens
            draft.Framework = new[] { "yesod", "servant-server", "scotty", "ihp", "spock", "happstack-server", "snap-server", "warp" }.FirstOrDefault(p => draft.Packages.Contains(p))?.Replace("-server", "");
            draft.Install = draft.Command(stack ? "stack setup" : "cabal update", manifest);
            if (program is not null)
            {
                draft.Build = draft.Command(stack ? "stack install --local-bin-path bin" : $"cabal install exe:{ShellWord.Quote(program)} --installdir=bin --install-method=copy --overwrite-policy=always", manifest);
                draft.Start = draft.Command($"./bin/{ShellWord.Quote(program)}", $"{manifest} executables");
            }
            if (files.HasDirectory(TreePaths.Join(folder, "test"))) (draft.Test, draft.TestRunner) = (draft.Command(stack ? "stack test" : "cabal test", manifest), stack ? "stack" : "cabal");
            // a snapshot of Stackage is a list of versions
            if (!stack && draft.Packages.Count > 0 && !files.Has(folder, "cabal.project.freeze") && !files.HasFile("cabal.project.freeze")) draft.Unlocked = LockFiles.Without(manifest, "cabal.project.freeze", "cabal freeze");
            yield return draft;
        }
    }

    private static Sourced? Version(string folder, AuditContext context)
    {
        foreach (var path in new[] { TreePaths.Join(folder, "stack.yaml"), "stack.yaml" })
            if (context.Files.Manifest(path) is { } text && Resolver().Match(text) is { Success: true } match) return new(match.Groups[1].Value, path);
        return ToolVersions.Of(folder, "ghc", "ghc", context);
    }

    [GeneratedRegex(@"^executable\s+([\w.-]+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Executable();

    [GeneratedRegex(@"^\s*[-,]?\s*([a-z][\w-]+)(?:\s*(?:[<>=^].*)?,?)$", RegexOptions.Multiline)]
    private static partial Regex Dependency();

    [GeneratedRegex(@"^\s*build-depends:[ \t]*(\S[^\n]*)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex OneLine();

    [GeneratedRegex(@"(?:^|,)\s*([a-z][\w-]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Package();

    [GeneratedRegex(@"^(?:resolver|snapshot):\s*([\w.-]+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Resolver();
}
