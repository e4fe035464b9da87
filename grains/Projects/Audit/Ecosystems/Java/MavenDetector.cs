using System.Xml.Linq;

namespace ProdSprint.Projects;

/// <summary>Maven: a pom that stands alone, and each module of a reactor that packages a program. Built in the reactor's root with what it needs.</summary>
public sealed class MavenDetector : IServiceDetector
{
    /// <summary>Plugins that make a jar which runs by itself.</summary>
    private static readonly string[] Packagers = ["spring-boot-maven-plugin", "quarkus-maven-plugin", "micronaut-maven-plugin", "maven-shade-plugin", "maven-assembly-plugin", "wildfly-swarm-plugin", "jib-maven-plugin"];

    private sealed record Pom(string Path, string Directory, string Text, XElement Xml)
    {
        public string? Value(string name) => Xml.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value.Trim();

        public IEnumerable<string> Modules => Xml.Descendants().Where(e => e.Name.LocalName == "module").Select(e => TreePaths.Resolve(Directory, e.Value.Trim())).OfType<string>();

        public IEnumerable<string> Artifacts => Xml.Descendants().Where(e => e.Name.LocalName == "dependency").Select(d => d.Elements().FirstOrDefault(e => e.Name.LocalName == "artifactId")?.Value.Trim()).OfType<string>();

        public bool Packages => Packagers.Any(p => Text.Contains(p, StringComparison.Ordinal)) || Text.Contains("<mainClass>", StringComparison.Ordinal);
    }

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var poms = new Dictionary<string, Pom>(StringComparer.Ordinal);
        foreach (var file in context.Files.Named("pom.xml"))
            // in META-INF lies the copy that a built jar carries
            if (!file.Path.Contains("META-INF/", StringComparison.Ordinal) && !context.Files.Has(TreePaths.DirectoryOf(file.Path), "gradlew") && context.Manifests.Xml(file.Path) is { } xml)
                poms[TreePaths.DirectoryOf(file.Path)] = new(file.Path, TreePaths.DirectoryOf(file.Path), context.Files.Manifest(file.Path)!, xml);
        // A module that names what it lies in is nobody's parent.
        var parents = poms.Values.SelectMany(p => p.Modules.Select(m => (Module: m, Parent: p.Directory))).Where(m => m.Module != m.Parent && !TreePaths.IsBelow(m.Parent, m.Module)).GroupBy(m => m.Module).ToDictionary(g => g.Key, g => g.First().Parent, StringComparer.Ordinal);
        foreach (var pom in poms.Values.OrderBy(p => p.Path, StringComparer.Ordinal))
        {
            if (pom.Value("packaging") is "pom" or "maven-plugin" || parents.ContainsKey(pom.Directory) && !pom.Packages) continue;
            yield return Draft(pom, Root(pom.Directory, parents), poms, context);
        }
    }

    private static ServiceDraft Draft(Pom pom, string root, Dictionary<string, Pom> poms, AuditContext context)
    {
        var files = context.Files;
        var reactor = poms.GetValueOrDefault(root);
        var framework = JavaFramework.Of(pom.Text) ?? (reactor is null ? null : JavaFramework.Of(reactor.Text));
        var draft = new ServiceDraft("java", pom.Directory, pom.Path)
        {
            Name = pom.Value("artifactId"), PackageManager = new("maven", pom.Path), Framework = framework?.Name, DefaultPort = 8080, Version = JdkVersion.Of(pom.Directory, root, pom.Path, pom.Text, context),
        };
        draft.Packages.UnionWith(pom.Artifacts);
        var wrapper = files.Has(root, "mvnw") && files.Has(root, ".mvn/wrapper/maven-wrapper.properties");
        var maven = !wrapper ? "mvn" : files.IsExecutable(TreePaths.Join(root, "mvnw")) ? "./mvnw" : "sh mvnw";
        var profile = pom.Text.Contains("<id>production</id>", StringComparison.Ordinal) ? " -Pproduction" : "";
        var module = root == pom.Directory ? "" : $" -pl {ShellWord.Quote(From(root, pom.Directory))} -am";
        draft.Build = new($"{maven} -B -DskipTests clean package{profile}{module}", root, pom.Path);
        var archive = pom.Value("packaging") == "war" ? "war" : "jar";
        var web = framework is not null && (framework.PortOption is not null || framework.Name is not "grpc");
        if (archive == "jar" || framework?.Name == "spring-boot")
            draft.Start = draft.Command($"java {framework?.Port}$JAVA_OPTS -jar target/{framework?.Jar ?? "*." + archive}", framework is null ? "rule: maven" : $"rule: {framework.Name}");
        // an archive for a servlet container that is not in it: nothing starts it by itself, and it serves when something does
        if (draft.Start is null && archive == "war") draft.Kind = ServiceKind.Web;
        if (web && Listens(draft, framework!)) draft.Kind = ServiceKind.Web;
        if (draft.Kind == ServiceKind.Web && framework?.PortOption is not null) draft.Port = new(8080, "PORT", $"rule: {framework.Name}");
        draft.DependsOn.UnionWith(poms.Values.Where(p => p != pom && p.Value("packaging") != "pom" && pom.Artifacts.Contains(p.Value("artifactId"))).Select(p => p.Directory));
        draft.Unlocked = Unlocked(pom, poms);
        (draft.Test, draft.TestRunner) = (new($"{maven} -B test{module}", root, pom.Path), "maven-surefire");
        return draft;
    }

    /// <summary>Maven has no lock file and needs none as long as every version is one: of two that are asked for in turn the nearest wins, always the same.</summary>
    private static LockFiles.Unlocked? Unlocked(Pom pom, Dictionary<string, Pom> poms)
    {
        var names = poms.Values.Select(p => MavenPom.Name(p.Xml)).ToHashSet(StringComparer.Ordinal);
        var open = MavenPom.Of(pom.Path, pom.Xml, p => poms.GetValueOrDefault(TreePaths.DirectoryOf(p)) is { } other && other.Path == p ? other.Xml : null)
            .Where(d => d.Open && !names.Contains($"{d.Group}:{d.Artifact}")).Select(d => $"{d.Group}:{d.Artifact}").ToList();
        return open.Count == 0 ? null : LockFiles.Open(pom.Path, open, $"Name one published version of each in {pom.Path}, or manage it in dependencyManagement");
    }

    /// <summary>A reactor may also lie beside its modules.</summary>
    private static string From(string root, string directory) => root == "." ? directory
        : TreePaths.IsBelow(directory, root) ? directory[(root.Length + 1)..]
        : string.Concat(Enumerable.Repeat("../", root.Count(c => c == '/') + 1)) + directory;

    /// <summary>Spring Boot also runs command lines and consumers of queues: it serves HTTP only with one of its web starters.</summary>
    private static bool Listens(ServiceDraft draft, JavaFramework framework) =>
        framework.Name != "spring-boot" || draft.Packages.Any(p => p.Contains("-web", StringComparison.Ordinal) || p.Contains("actuator", StringComparison.Ordinal) || p.Contains("jersey", StringComparison.Ordinal) || p.Contains("data-rest", StringComparison.Ordinal) || p.Contains("gateway", StringComparison.Ordinal) || p.Contains("eureka-server", StringComparison.Ordinal) || p.Contains("config-server", StringComparison.Ordinal));

    private static string Root(string directory, Dictionary<string, string> parents)
    {
        // a cycle of modules is cut by the number of poms there are
        for (var steps = parents.Count; steps > 0 && parents.TryGetValue(directory, out var parent) && parent != directory; steps--) directory = parent;
        return directory;
    }
}
