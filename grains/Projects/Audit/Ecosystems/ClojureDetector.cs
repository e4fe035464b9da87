using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Clojure: Leiningen's uberjar (with lein-ring, its own), or the "uber" of tools.build.</summary>
public sealed partial class ClojureDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var files = context.Files;
        var aliased = files.Named("deps.edn").Where(f => files.Manifest(f.Path) is { } deps && Uberjar().IsMatch(deps));
        foreach (var folder in files.Named("project.clj").Concat(files.Named("build.clj")).Concat(aliased).Select(f => TreePaths.DirectoryOf(f.Path)).Distinct().Order(StringComparer.Ordinal))
        {
            var lein = files.Has(folder, "project.clj");
            // an alias that makes the jar by itself, without tools.build
            var alias = !lein && !files.Has(folder, "build.clj") ? Uberjar().Match(files.Manifest(TreePaths.Join(folder, "deps.edn")) ?? "") : Match.Empty;
            var manifest = TreePaths.Join(folder, lein ? "project.clj" : alias.Success ? "deps.edn" : "build.clj");
            var text = files.Manifest(manifest) ?? "";
            var dependencies = lein ? text : files.Manifest(TreePaths.Join(folder, "deps.edn")) ?? "";
            var draft = new ServiceDraft("clojure", folder, manifest)
            {
                Name = Project().Match(text) is { Success: true } named ? named.Groups[1].Value : null, PackageManager = new(lein ? "leiningen" : "clojure", manifest), DefaultPort = 3000,
                Version = JdkVersion.Of(folder, folder, manifest, "", context) ?? (ClojureVersion().Match(dependencies) is { Success: true } version ? new(version.Groups[1].Value, manifest) : null),
            };
            draft.Packages.UnionWith(Dependency().Matches(dependencies).Select(m => m.Groups[1].Value));
            draft.Framework = draft.Packages.Contains("luminus-transit") || text.Contains("luminus", StringComparison.Ordinal) ? "luminus" : draft.Packages.Any(p => p.Contains("pedestal", StringComparison.Ordinal)) ? "pedestal"
                : draft.Packages.Any(p => p.Contains("compojure", StringComparison.Ordinal)) ? "compojure" : draft.Packages.Any(p => p.Contains("ring", StringComparison.Ordinal)) ? "ring" : null;
            draft.Build = draft.Command(alias.Success ? $"clojure -{(alias.Groups[1].Value == "exec-fn" ? "X" : "M")}:uberjar" : !lein ? "clojure -T:build uber" : text.Contains("lein-ring", StringComparison.Ordinal) ? "lein ring uberjar" : "lein uberjar", manifest);
            draft.Start = alias.Success && JarPath().Match(dependencies) is { Success: true } jar ? draft.Command($"java $JAVA_OPTS -jar {jar.Groups[1].Value}", manifest) : draft.Command("java $JAVA_OPTS -jar $(find target -name '*-standalone.jar' -o -name '*.jar' ! -name '*-SNAPSHOT.jar' | sort | head -n 1)", manifest);
            if (files.HasDirectory(TreePaths.Join(folder, "test"))) (draft.Test, draft.TestRunner) = (draft.Command(lein ? "lein test" : "clojure -T:build test", "test"), "clojure-test");
            var open = Floating().Matches(dependencies).Select(m => m.Groups[1].Value).ToList();
            if (open.Count > 0) draft.Unlocked = LockFiles.Open(manifest, open, $"Name one version of each in {(lein ? manifest : TreePaths.Join(folder, "deps.edn"))}");
            yield return draft;
        }
    }

    [GeneratedRegex(@":uberjar\s*\{[^\0]{0,600}?:(exec-fn|main-opts)\b")]
    private static partial Regex Uberjar();

    [GeneratedRegex(@":jar\s+""([\w./-]+\.jar)""")]
    private static partial Regex JarPath();

    [GeneratedRegex(@"\(defproject\s+([\w./-]+)")]
    private static partial Regex Project();

    [GeneratedRegex(@"org\.clojure/clojure\s+(?:\{:mvn/version\s+)?""([\d.]+)")]
    private static partial Regex ClojureVersion();

    [GeneratedRegex(@"([a-z][\w.-]*(?:/[\w.-]+)?)\s+(?:\{:mvn/version\s+)?""(?:RELEASE|LATEST|[\[(][^""]*)""")]
    private static partial Regex Floating();

    [GeneratedRegex(@"[\[\s{]([a-z][\w.-]*(?:/[\w.-]+)?)\s+(?:""\d|\{:mvn)")]
    private static partial Regex Dependency();
}
