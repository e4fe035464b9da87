using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Gradle: each project of a build that makes a program (Spring Boot, application, shadow, Quarkus, Micronaut, Ktor), built from the folder of the wrapper.</summary>
public sealed partial class GradleDetector : IServiceDetector
{
    private static readonly string[] Scripts = ["build.gradle", "build.gradle.kts"];

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var files = context.Files;
        var scripts = Scripts.SelectMany(files.Named).GroupBy(f => TreePaths.DirectoryOf(f.Path)).ToDictionary(g => g.Key, g => g.First().Path, StringComparer.Ordinal);
        var roots = files.Named("gradlew").Concat(files.Named("settings.gradle")).Concat(files.Named("settings.gradle.kts")).Select(f => TreePaths.DirectoryOf(f.Path))
            .Concat(scripts.Keys).Distinct().OrderBy(d => d.Length).ToList();
        foreach (var (folder, path) in scripts.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var root = roots.First(r => r == folder || TreePaths.IsBelow(folder, r));
            if (TreePaths.NameOf(folder) is "buildSrc" or "build-logic" || !files.Has(root, "gradlew") && files.Has(folder, "pom.xml") || files.Manifest(path) is not { } text) continue;
            var shared = path == TreePaths.Join(root, TreePaths.NameOf(path)) ? "" : scripts.TryGetValue(root, out var first) ? files.Manifest(first) ?? "" : "";
            if (Program(text, scripts.Count == 1) is { } how) yield return Draft(folder, path, text, shared, root, how, context);
        }
    }

    /// <summary>How the project makes a program: "jar" that runs by itself, a "script" beside its libraries, or null: a library or a parent.</summary>
    private static string? Program(string text, bool only)
    {
        if (Settings().IsMatch(text)) return null;
        if (text.Contains("io.quarkus", StringComparison.Ordinal) || SpringBoot().IsMatch(text) || text.Contains("shadow", StringComparison.Ordinal) || text.Contains("Main-Class", StringComparison.Ordinal) || text.Contains("io.ktor.plugin", StringComparison.Ordinal)) return "jar";
        if (Application().IsMatch(text) || text.Contains("io.ratpack.ratpack", StringComparison.Ordinal) || text.Contains("mainClassName", StringComparison.Ordinal) || text.Contains("io.micronaut", StringComparison.Ordinal)) return "script";
        return only && !text.Contains("java-library", StringComparison.Ordinal) && !text.Contains("com.android", StringComparison.Ordinal) ? "jar" : null;
    }

    private static ServiceDraft Draft(string folder, string path, string text, string shared, string root, string how, AuditContext context)
    {
        var files = context.Files;
        var framework = JavaFramework.Of(text) ?? JavaFramework.Of(shared);
        var draft = new ServiceDraft("java", folder, path)
        {
            Name = folder == root ? ProjectName().Match(files.Manifest(TreePaths.Join(root, "settings.gradle")) ?? files.Manifest(TreePaths.Join(root, "settings.gradle.kts")) ?? "") is { Success: true } named ? named.Groups[1].Value : null : TreePaths.NameOf(folder),
            PackageManager = new("gradle", path), Framework = framework?.Name, DefaultPort = 8080, Version = JdkVersion.Of(folder, root, path, text, context),
        };
        draft.Packages.UnionWith(Dependency().Matches(text).Select(m => m.Groups[1].Value));
        var gradle = !files.Has(root, "gradlew") ? "gradle" : files.IsExecutable(TreePaths.Join(root, "gradlew")) ? "./gradlew" : "sh gradlew";
        var task = how == "script" ? " installDist" : "";
        draft.Build = new($"{gradle} clean build{task} -x check -x test -Pproduction", root, path);
        var name = draft.Name is { } n && ShellWord.Quote(n) == n ? n : "*";
        draft.Start = draft.Command(how == "script" ? $"./build/install/{name}/bin/{name}"
            : framework?.Jar is { } jar ? $"java $JAVA_OPTS {framework.Port}-jar build/{jar}"
            : $"java $JAVA_OPTS {framework?.Port}-jar $(ls -1 build/libs/*jar | grep -v plain)", framework is null ? "rule: gradle" : $"rule: {framework.Name}");
        // an archive for a servlet container that is not in it: nothing starts it by itself
        if (framework is null && War().IsMatch(text)) (draft.Start, draft.Kind) = (null, ServiceKind.Web);
        if (framework is { Name: "ratpack" }) (draft.Kind, draft.Port) = (ServiceKind.Web, new(5050, "PORT", "rule: ratpack"));
        if (framework is { PortOption: not null } && how == "jar")
            (draft.Kind, draft.Port) = (ServiceKind.Web, new(8080, "PORT", $"rule: {framework.Name}"));
        var locked = files.Has(folder, "gradle.lockfile") || files.HasDirectory(TreePaths.Join(folder, "gradle/dependency-locks")) || files.Has(root, "gradle/verification-metadata.xml");
        if (!locked && (External().IsMatch(text) || External().IsMatch(shared)))
            draft.Unlocked = new(path, $"{path} has no lock file", $"Turn on dependencyLocking in {path}, run \"{gradle} dependencies --write-locks\" in {root} and commit gradle.lockfile");
        foreach (Match project in ProjectDependency().Matches(text))
            if (TreePaths.Resolve(root, project.Groups[1].Value.Trim(':').Replace(':', '/')) is { } other && other != folder) draft.DependsOn.Add(other);
        (draft.Test, draft.TestRunner) = (new(folder == root ? $"{gradle} test" : $"{gradle} {':' + (root == "." ? folder : folder[(root.Length + 1)..]).Replace('/', ':')}:test", root, path), "gradle-test");
        return draft;
    }

    [GeneratedRegex(@"org\.springframework\.boot['""`)](?!.*apply\s*false)|alias\(libs\.plugins\.spring\.?[bB]oot\)(?!.*apply\s*false)|spring-boot-gradle-plugin")]
    private static partial Regex SpringBoot();

    [GeneratedRegex(@"^\s*application\s*$|id\s*\(?\s*['""]application['""]|apply plugin:\s*['""]application['""]|^\s*application\s*\{", RegexOptions.Multiline)]
    private static partial Regex Application();

    [GeneratedRegex(@"^\s*(?:id\s*\(?\s*['""]war['""]|apply plugin:\s*['""]war['""]|war\s*$|`war`)", RegexOptions.Multiline)]
    private static partial Regex War();

    [GeneratedRegex(@"^\s*(?:subprojects|allprojects)\s*\{", RegexOptions.Multiline)]
    private static partial Regex Settings();

    [GeneratedRegex(@"rootProject\.name\s*=\s*['""]([^'""]+)['""]")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"['""][\w.-]+:([\w.-]+)(?::[^'""]*)?['""]")]
    private static partial Regex Dependency();

    /// <summary>A dependency that is no other project of the build.</summary>
    [GeneratedRegex(@"(?:^|[{;])[ \t]*(?:implementation|api|compile|compileOnly|runtime|runtimeOnly|developmentOnly|annotationProcessor|kapt|ksp)[ \t]*\(?[ \t]*(?:['""]|group\b|(?!project\b)\w+[.(])", RegexOptions.Multiline)]
    private static partial Regex External();

    [GeneratedRegex(@"project\(\s*['""](:[\w:-]+)['""]\s*\)")]
    private static partial Regex ProjectDependency();
}
