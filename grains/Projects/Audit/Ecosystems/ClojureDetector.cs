using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Clojure: Leiningen's uberjar (with lein-ring, its own), or the "uber" of tools.build.</summary>
public sealed partial class ClojureDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var files = context.Files;
        foreach (var folder in files.Named("project.clj").Concat(files.Named("build.clj")).Select(f => TreePaths.DirectoryOf(f.Path)).Distinct().Order(StringComparer.Ordinal))
        {
            var lein = files.Has(folder, "project.clj");
            var manifest = TreePaths.Join(folder, lein ? "project.clj" : "build.clj");
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
            draft.Build = draft.Command(!lein ? "clojure -T:build uber" : text.Contains("lein-ring", StringComparison.Ordinal) ? "lein ring uberjar" : "lein uberjar", manifest);
            draft.Start = draft.Command("java $JAVA_OPTS -jar $(find target -name '*-standalone.jar' -o -name '*.jar' ! -name '*-SNAPSHOT.jar' | sort | head -n 1)", manifest);
            if (files.HasDirectory(TreePaths.Join(folder, "test"))) (draft.Test, draft.TestRunner) = (draft.Command(lein ? "lein test" : "clojure -T:build test", "test"), "clojure-test");
            var open = Floating().Matches(dependencies).Select(m => m.Groups[1].Value).ToList();
            if (open.Count > 0) draft.Unlocked = LockFiles.Open(manifest, open, $"Name one version of each in {(lein ? manifest : TreePaths.Join(folder, "deps.edn"))}");
            yield return draft;
        }
    }

    [GeneratedRegex(@"\(defproject\s+([\w./-]+)")]
    private static partial Regex Project();

    [GeneratedRegex(@"org\.clojure/clojure\s+(?:\{:mvn/version\s+)?""([\d.]+)")]
    private static partial Regex ClojureVersion();

    [GeneratedRegex(@"([a-z][\w.-]*(?:/[\w.-]+)?)\s+(?:\{:mvn/version\s+)?""(?:RELEASE|LATEST|[\[(][^""]*)""")]
    private static partial Regex Floating();

    [GeneratedRegex(@"[\[\s{]([a-z][\w.-]*(?:/[\w.-]+)?)\s+(?:""\d|\{:mvn)")]
    private static partial Regex Dependency();
}
