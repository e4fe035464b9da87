using System.Xml.Linq;
using ProdSprint.Gates;

namespace ProdSprint.Projects;

/// <summary>.NET services: every project that is a web application, a worker or (when there is nothing else) a console program.</summary>
public sealed class DotNetDetector : IServiceDetector
{
    private sealed record Project(string Path, string Directory, string Sdk, string? Output, string? Framework, string AssemblyName, HashSet<string> Packages, List<string> References, bool IsTest, string FrameworkSource, List<string> Open);

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var projects = context.Files.All.Where(f => TreePaths.ExtensionOf(f.Path) is ".csproj" or ".fsproj" or ".vbproj")
            .Select(f => Read(f.Path, context)).OfType<Project>().ToList();
        var byPath = projects.ToDictionary(p => p.Path, StringComparer.Ordinal);
        var services = projects.Where(p => Kind(p) is not null).ToList();
        if (services.Count == 0) services = [.. projects.Where(p => p is { Output: "Exe" or "WinExe", IsTest: false } && !p.Packages.Contains("BenchmarkDotNet"))];
        foreach (var project in services)
        {
            var draft = Draft(project, context);
            draft.DependsOn.UnionWith(Closure(project, byPath).Select(r => r.Directory));
            var tests = projects.Where(t => t.IsTest && Closure(t, byPath).Contains(project)).OrderBy(t => t.Path, StringComparer.Ordinal).ToList();
            if (tests.Count > 0)
            {
                draft.Test = new(string.Join(" && ", tests.Select(t => $"dotnet test {Quote(t.Path)}")), ".", tests[0].Path);
                draft.TestRunner = "dotnet-test";
            }
            foreach (var member in Closure(project, byPath).Append(project)) draft.Packages.UnionWith(member.Packages);
            draft.Unlocked = Unlocked([project, .. Closure(project, byPath).OrderBy(p => p.Path, StringComparer.Ordinal)], context);
            yield return draft;
        }
    }

    /// <summary>NuGet takes the lowest version that fits, of what is needed in turn as well: only a floating version or a range moves with what is published.</summary>
    private static LockFiles.Unlocked? Unlocked(IEnumerable<Project> projects, AuditContext context)
    {
        if (context.Files.HasFile("paket.dependencies")) return context.Files.HasFile("paket.lock") ? null : LockFiles.Without("paket.dependencies", "paket.lock", "dotnet paket install");
        return projects.FirstOrDefault(p => p.Open.Count > 0) is { } open
            ? LockFiles.Open(open.Path, open.Open, $"Name one version of each, or run \"dotnet restore --use-lock-file\" in {open.Directory} and commit packages.lock.json") : null;
    }

    private static List<string> Open(string path, string directory, XElement root, AuditContext context) => context.Files.Has(directory, "packages.lock.json") ? []
        : [.. PackageReferences.Of(path, root, p => context.Files.HasFile(p) ? context.Manifests.Xml(p) : null).Where(p => p.Open).Select(p => p.Name)];

    private static ServiceDraft Draft(Project project, AuditContext context)
    {
        var name = TreePaths.NameOf(project.Path);
        var draft = new ServiceDraft("dotnet", project.Directory, project.Path)
        {
            Name = System.IO.Path.GetFileNameWithoutExtension(name),
            Kind = Kind(project) ?? ServiceKind.Worker,
            PackageManager = new("nuget", project.Path),
            Version = Version(project, context),
            Framework = project.Sdk switch
            {
                "Microsoft.NET.Sdk.Web" => project.Packages.Contains("HotChocolate.AspNetCore") ? "graphql" : "aspnet",
                "Microsoft.NET.Sdk.BlazorWebAssembly" => "blazor-wasm",
                "Microsoft.NET.Sdk.Worker" => "worker",
                _ => null,
            },
        };
        draft.Install = draft.Command($"dotnet restore {Quote(name)}", name);
        draft.Build = draft.Command($"dotnet publish {Quote(name)} --no-restore -c Release -o out", name);
        if (draft.Kind == ServiceKind.Static) draft.Output = TreePaths.Join(project.Directory, "out/wwwroot");
        else draft.Start = draft.Command($"cd out && exec dotnet {Quote(project.AssemblyName + ".dll")}", $"{name} ({project.Sdk})");
        if (draft.Kind == ServiceKind.Web)
        {
            draft.DefaultPort = draft.Version is { } version && decimal.TryParse(version.Value.Split('.')[0], out var major) && major < 8 ? 5000 : 8080;
            draft.Port = new(draft.DefaultPort, "ASPNETCORE_URLS", "rule: aspnet");
        }
        Given(draft, context);
        return draft;
    }

    private static ServiceKind? Kind(Project project) => project switch
    {
        { IsTest: true } => null,
        { Sdk: "Microsoft.NET.Sdk.BlazorWebAssembly" } => ServiceKind.Static,
        { Sdk: "Microsoft.NET.Sdk.Web", Output: not "Library" } => ServiceKind.Web,
        { Sdk: "Microsoft.NET.Sdk.Worker" } => ServiceKind.Worker,
        // a console program with the generic host runs for ever; Aspire's AppHost only starts the others on a developer's machine
        { Output: "Exe" } when project.Packages.Contains("Microsoft.Extensions.Hosting") && !project.Packages.Contains("Aspire.Hosting.AppHost") && !project.Sdk.StartsWith("Aspire", StringComparison.Ordinal) => ServiceKind.Worker,
        _ => null,
    };

    private static Project? Read(string path, AuditContext context)
    {
        if (GeneratedTests.IsFile(path) || context.Manifests.Xml(path) is not { } root) return null;
        var directory = TreePaths.DirectoryOf(path);
        var sdk = (root.Attribute("Sdk")?.Value ?? root.Elements().FirstOrDefault(e => e.Name.LocalName == "Sdk")?.Attribute("Name")?.Value ?? "Microsoft.NET.Sdk").Split('/', ';')[0];
        var (framework, source) = Framework(root, path, directory, context);
        var packages = Items(root, "PackageReference").Concat(Items(root, "FrameworkReference")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (packages.Contains("Microsoft.AspNetCore.Components.WebAssembly") && Property(root, "OutputType") is null && sdk == "Microsoft.NET.Sdk.Web") packages.Add("blazor-host");
        var references = Items(root, "ProjectReference").Select(r => TreePaths.Resolve(directory, r)).OfType<string>().ToList();
        var test = packages.Contains("Microsoft.NET.Test.Sdk") || packages.Contains("xunit.v3") || packages.Contains("TUnit")
            || string.Equals(Property(root, "IsTestProject"), "true", StringComparison.OrdinalIgnoreCase);
        return new(path, directory, sdk, Property(root, "OutputType"), framework, AssemblyName(root, path), packages, references, test, source, Open(path, directory, root, context));
    }

    private static string AssemblyName(XElement root, string path) =>
        Property(root, "AssemblyName") is { } name && !name.Contains('$') ? name : System.IO.Path.GetFileNameWithoutExtension(TreePaths.NameOf(path));

    private static (string? Value, string Source) Framework(XElement root, string path, string directory, AuditContext context)
    {
        if (Property(root, "TargetFramework") is { } own && !own.Contains('$')) return (own, path);
        if (Property(root, "TargetFrameworks")?.Split(';')[0] is { Length: > 0 } first && !first.Contains('$')) return (first, path);
        for (var folder = directory; ; folder = TreePaths.DirectoryOf(folder))
        {
            var props = TreePaths.Join(folder, "Directory.Build.props");
            if (context.Files.HasFile(props) && context.Manifests.Xml(props) is { } shared && Property(shared, "TargetFramework") is { } inherited) return (inherited, props);
            if (folder == ".") return (null, path);
        }
    }

    private static Sourced? Version(Project project, AuditContext context)
    {
        if (project.Framework is { } framework)
        {
            var version = framework.StartsWith("netcoreapp", StringComparison.Ordinal) ? framework[10..] : framework.StartsWith("net", StringComparison.Ordinal) ? framework[3..] : framework;
            return new(version.Split('-')[0], $"{project.FrameworkSource} TargetFramework");
        }
        foreach (var path in new[] { TreePaths.Join(project.Directory, "global.json"), "global.json" })
            if (context.Files.HasFile(path) && context.Manifests.Json(path, lenient: true)?.Object("sdk")?.Text("version") is { } sdk) return new(sdk, path);
        return null;
    }

    /// <summary>Connection strings that appsettings.json already has need not be provided.</summary>
    private static void Given(ServiceDraft draft, AuditContext context)
    {
        var path = TreePaths.Join(draft.Directory, "appsettings.json");
        if (!context.Files.HasFile(path) || context.Manifests.Json(path, lenient: true) is not { } json) return;
        foreach (var name in json.Object("ConnectionStrings").Keys()) draft.Given.Add($"ConnectionStrings__{name}");
    }

    private static HashSet<Project> Closure(Project project, Dictionary<string, Project> byPath)
    {
        var seen = new HashSet<Project>();
        var open = new Stack<Project>([project]);
        while (open.TryPop(out var current))
            foreach (var reference in current.References)
                if (byPath.TryGetValue(reference, out var next) && next != project && seen.Add(next)) open.Push(next);
        return seen;
    }

    private static string? Property(XElement root, string name) =>
        root.Descendants().FirstOrDefault(e => e.Name.LocalName == name && e.Parent?.Name.LocalName == "PropertyGroup")?.Value.Trim() is { Length: > 0 } value ? value : null;

    private static IEnumerable<string> Items(XElement root, string name) =>
        root.Descendants().Where(e => e.Name.LocalName == name).Select(e => e.Attribute("Include")?.Value.Trim()).OfType<string>();

    private static string Quote(string word) => ShellWord.Quote(word);
}
