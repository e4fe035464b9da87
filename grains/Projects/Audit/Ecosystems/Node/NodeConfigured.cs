using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Frameworks whose start script is for developers ("ng serve", "expo start", "nest start"): their configuration says what the build gives, and so what runs in production.</summary>
internal static partial class NodeConfigured
{
    /// <summary>Whether the draft is told how it is started or served, or that it is neither.</summary>
    public static bool Apply(NodePackage package, ServiceDraft draft, NodePackageManager manager, AuditContext context) => draft.Framework switch
    {
        "angular" => Angular(package, draft, manager, context),
        "expo" => Expo(package, draft, manager, context),
        "nest" => Nest(package, draft, manager),
        "redwood" => Redwood(draft, manager),
        _ => false,
    };

    /// <summary>With "ssr" the build gives a server beside the site. "outputMode": "static" takes it back: then it only rendered in advance.</summary>
    private static bool Angular(NodePackage package, ServiceDraft draft, NodePackageManager manager, AuditContext context)
    {
        if (Target(package, context) is not var (name, targets)) return false;
        var options = targets.Object("build")?.Object("options") ?? default;
        var rendered = options.ValueKind == JsonValueKind.Object && options.TryGetProperty("ssr", out var ssr) && ssr.ValueKind is JsonValueKind.Object or JsonValueKind.True && options.Text("outputMode") is not "static";
        // before version 17 the server is a target of its own, with scripts of its own
        var separate = targets.Object("server")?.Object("options");
        if (!rendered && separate is null) return false;
        var written = package.Scripts.Where(s => s.Key.StartsWith("serve:ssr", StringComparison.Ordinal)).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (KeyValuePair<string, string>?)s).FirstOrDefault();
        var output = options.Text("outputPath") ?? options.Object("outputPath")?.Text("base") ?? $"dist/{name}";
        if (!rendered && package.Script("build:ssr") is not null) draft.Build = draft.Command(manager.Run("build:ssr"), "package.json scripts.build:ssr");
        draft.Start = written is { } script && NodeDetector.IsPlainNode(script.Value) ? draft.Command(script.Value, $"package.json scripts.{script.Key}")
            : draft.Command(rendered ? $"node {output.TrimEnd('/')}/server/server.mjs" : $"node {separate?.Text("outputPath") ?? $"dist/{name}/server"}/main.js", "angular.json ssr");
        (draft.Kind, draft.DefaultPort) = (ServiceKind.Web, 4000);
        return true;
    }

    /// <summary>The name and targets of the first project that is built.</summary>
    private static (string Name, JsonElement Targets)? Target(NodePackage package, AuditContext context)
    {
        var path = TreePaths.Join(package.Directory, "angular.json");
        if (!context.Files.HasFile(path) || context.Manifests.Json(path, lenient: true)?.Object("projects") is not { } projects) return null;
        foreach (var project in projects.EnumerateObject())
            if (project.Value.Text("projectType") is not "library" && (project.Value.Object("architect") ?? project.Value.Object("targets")) is { } targets && targets.Object("build") is not null) return (project.Name, targets);
        return null;
    }

    /// <summary>An Expo application is served only where it is also made for the web (react-native-web, or a build that exports); else it runs on telephones and nothing is deployed.</summary>
    private static bool Expo(NodePackage package, ServiceDraft draft, NodePackageManager manager, AuditContext context)
    {
        var build = package.Script("build");
        var exports = build?.Contains("export", StringComparison.Ordinal) is true;
        if (package.Script("start") is { } start && !NodeFrameworks.IsDevelopmentServer(start) && !NodeFrameworks.IsFileServer(start)) return false;
        if (!exports && !package.Needs("react-native-web"))
        {
            draft.StartDoubt = (GapCodes.StartMissing, $"{package.Path} is an application for telephones", "Without react-native-web it has nothing that a server could serve.", "Leave it out under services: in prodsprint.yml, or add react-native-web");
            return true;
        }
        if (!exports) draft.Build = draft.Command(manager.Exec("expo export -p web"), "rule: expo for the web");
        if (Output(package, context) == "server")
        {
            draft.Start = draft.Command(manager.Exec("expo serve --port ${PORT:-8081}"), "rule: expo with a server");
            (draft.Kind, draft.Port) = (ServiceKind.Web, new(8081, "PORT", "rule: expo with a server"));
        }
        else (draft.Output, draft.Kind) = (NodeFrameworks.Option(build ?? "", "--output-dir") ?? "dist", ServiceKind.Static);
        return true;
    }

    private static string? Output(NodePackage package, AuditContext context)
    {
        var path = TreePaths.Join(package.Directory, "app.json");
        if (context.Files.HasFile(path) && context.Manifests.Json(path, lenient: true) is { } json && (json.Object("expo") ?? json).Object("web")?.Text("output") is { } output) return output;
        foreach (var name in (ReadOnlySpan<string>)["app.config.ts", "app.config.js"])
            if (context.Files.Manifest(TreePaths.Join(package.Directory, name)) is { } text && ServerOutput().IsMatch(text)) return "server";
        return null;
    }

    /// <summary>Redwood's own command builds and serves both sides of it, whatever the scripts say.</summary>
    private static bool Redwood(ServiceDraft draft, NodePackageManager manager)
    {
        draft.Build = draft.Command(manager.Exec("rw build"), "rule: redwood");
        draft.Start = draft.Command(manager.Exec("rw serve --port ${PORT:-8910}"), "rule: redwood");
        (draft.Kind, draft.Port) = (ServiceKind.Web, new(8910, "PORT", "rule: redwood"));
        return true;
    }

    /// <summary>"nest start" compiles when it starts; the template has the built program under start:prod.</summary>
    private static bool Nest(NodePackage package, ServiceDraft draft, NodePackageManager manager)
    {
        if (package.Script("start") is { } start && !start.StartsWith("nest start", StringComparison.Ordinal) && !start.Contains("ts-node", StringComparison.Ordinal)) return false;
        if (package.Script("start:prod") is { } production) draft.Start = draft.Command(NodeDetector.IsPlainNode(production) ? production : manager.Run("start:prod"), "package.json scripts.start:prod");
        else if (package.Script("start") is not null && draft.Build is not null) draft.Start = draft.Command("node dist/main", "rule: nest");
        return draft.Start is not null;
    }

    /// <summary>The applications of a Nest monorepo: one package.json, and a program for each in nest-cli.json. Empty for an ordinary one.</summary>
    public static IEnumerable<ServiceDraft> NestProjects(ServiceDraft whole, NodePackage package, NodePackageManager manager, AuditContext context)
    {
        var path = TreePaths.Join(package.Directory, "nest-cli.json");
        if (whole.Framework != "nest" || !context.Files.HasFile(path) || context.Manifests.Json(path, lenient: true)?.Object("projects") is not { } projects) yield break;
        var libraries = projects.EnumerateObject().Where(p => p.Value.Text("type") == "library").Select(p => TreePaths.Resolve(package.Directory, p.Value.Text("root") ?? p.Name)).OfType<string>().ToList();
        foreach (var project in projects.EnumerateObject().Where(p => p.Value.Text("type") == "application" && Name().IsMatch(p.Name)))
        {
            if (project.Value.Text("root") is not { } root || TreePaths.Resolve(package.Directory, root) is not { } directory) continue;
            ServiceCommand Command(string line) => new(line, package.Directory, $"{path} projects.{project.Name}");
            var draft = new ServiceDraft("node", directory, path)
            {
                Name = project.Name, Version = whole.Version, PackageManager = whole.PackageManager, Framework = "nest", DefaultPort = whole.DefaultPort, Install = whole.Install,
                Build = Command(manager.Exec($"nest build {project.Name}")), Start = Command($"node {ShellWord.Quote($"dist/{root.TrimEnd('/')}/{project.Value.Text("entryFile") ?? "main"}")}"),
                Test = whole.Test, TestRunner = whole.TestRunner,
            };
            draft.Packages.UnionWith(whole.Packages);
            draft.DependsOn.UnionWith(libraries);
            yield return draft;
        }
    }

    [GeneratedRegex(@"output:\s*['""]server['""]")]
    private static partial Regex ServerOutput();

    [GeneratedRegex(@"^[\w.-]+$")]
    private static partial Regex Name();
}
