using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Go modules. A main package in the module's folder is the service; else each cmd/* that is one. As Railpack, except that it takes only the first cmd.</summary>
public sealed partial class GoDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var modules = context.Files.Named("go.mod").Select(f => TreePaths.DirectoryOf(f.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var module in modules.Order(StringComparer.Ordinal))
        {
            var text = context.Files.Manifest(TreePaths.Join(module, "go.mod")) ?? "";
            var name = Module().Match(text) is { Success: true } m ? m.Groups[1].Value.Trim('"') : null;
            var packages = Require().Matches(text).Select(r => r.Groups[1].Value).ToList();
            var mains = Mains(module, modules, context);
            if (mains.Count == 0) continue;
            var several = mains.Count > 1;
            foreach (var main in mains)
            {
                var inner = main == module ? "." : "./" + (module == "." ? main : main[(module.Length + 1)..]);
                var last = TreePaths.NameOf(main == "." ? name ?? "app" : main);
                var binary = several ? $"out/{last}" : "out";
                var draft = new ServiceDraft("go", several ? main : module, TreePaths.Join(module, "go.mod"))
                {
                    Name = several ? last : main == module || last is "server" or "cmd" ? VersionSuffix().Replace(name ?? last, "") : last,
                    PackageManager = new("go", TreePaths.Join(module, "go.mod")),
                    Version = GoVersion().Match(text) is { Success: true } v ? new(v.Groups[1].Value, TreePaths.Join(module, "go.mod")) : ToolVersions.Of(module, "golang", "go", context),
                    DefaultPort = 8080,
                    Framework = Framework(packages),
                    Install = packages.Count > 0 ? new("go mod download", module, "go.mod") : null,
                    Build = new($"go build -ldflags=\"-w -s\" -o {ShellWord.Quote(binary)}{(inner == "." ? "" : " " + ShellWord.Quote(inner))}", module, "go.mod"),
                    Start = new($"./{ShellWord.Quote(binary)}", module, "go.mod"),
                    Test = new("go test ./...", module, "go.mod"),
                    TestRunner = "go-test",
                };
                draft.Packages.UnionWith(packages);
                yield return draft;
            }
        }
        if (modules.Count == 0 && context.Files.Has(".", "main.go") && IsMain(context.Files.In("."), context))
            yield return new("go", ".", "main.go")
            {
                PackageManager = new("go", "main.go"), DefaultPort = 8080,
                Build = new("go build -ldflags=\"-w -s\" -o out main.go", ".", "main.go"), Start = new("./out", ".", "main.go"),
            };
    }

    private static List<string> Mains(string module, HashSet<string> modules, AuditContext context)
    {
        var files = context.Files;
        if (IsMain(files.In(module), context)) return [module];
        var folders = files.Directories.Where(d => TreePaths.IsBelow(d, module) && !ServiceFolders.IsExample(d, module)
            && !modules.Any(m => m != module && (m == d || TreePaths.IsBelow(d, m)) && TreePaths.IsBelow(m, module))).ToList();
        var commands = folders.Where(d => TreePaths.DirectoryOf(d) == TreePaths.Join(module, "cmd") && IsMain(files.In(d), context)).ToList();
        if (commands.Count > 0) return commands;
        if (IsMain(files.In(TreePaths.Join(module, "cmd")), context)) return [TreePaths.Join(module, "cmd")];
        // without the usual layout: whatever has a main.go, the shallowest level only
        var others = folders.Where(d => files.Has(d, "main.go") && IsMain(files.In(d), context)).ToList();
        return others.Count == 0 ? [] : [.. others.Where(d => d.Count(c => c == '/') == others.Min(o => o.Count(c => c == '/')))];
    }

    private static bool IsMain(IReadOnlyList<TreeEntry> folder, AuditContext context) => folder.Any(f =>
        f.Path.EndsWith(".go", StringComparison.Ordinal) && !f.Path.EndsWith("_test.go", StringComparison.Ordinal) && f.Size <= RepositoryFiles.ManifestLimit
        && context.Files.Source(f) is { } text && PackageMain().IsMatch(text) && text.Contains("func main()", StringComparison.Ordinal) && !text.StartsWith("//go:build ignore", StringComparison.Ordinal));

    private static string? Framework(List<string> packages) =>
        packages.Select(p => p switch
        {
            _ when p.StartsWith("github.com/gin-gonic/gin", StringComparison.Ordinal) => "gin",
            _ when p.StartsWith("github.com/labstack/echo", StringComparison.Ordinal) => "echo",
            _ when p.StartsWith("github.com/gofiber/fiber", StringComparison.Ordinal) => "fiber",
            _ when p.StartsWith("github.com/go-chi/chi", StringComparison.Ordinal) => "chi",
            _ when p.StartsWith("github.com/gorilla/mux", StringComparison.Ordinal) => "gorilla",
            "google.golang.org/grpc" => "grpc",
            _ => null,
        }).OfType<string>().FirstOrDefault();

    [GeneratedRegex(@"^module\s+(\S+)", RegexOptions.Multiline)]
    private static partial Regex Module();

    [GeneratedRegex(@"^go\s+(\d\S*)", RegexOptions.Multiline)]
    private static partial Regex GoVersion();

    [GeneratedRegex(@"^\s*(?:require\s+)?([\w.-]+\.[\w-]+/[^\s]+)\s+v\d\S*(?!.*// indirect)", RegexOptions.Multiline)]
    private static partial Regex Require();

    [GeneratedRegex(@"^package\s+main\b", RegexOptions.Multiline)]
    private static partial Regex PackageMain();

    [GeneratedRegex(@"/v\d+$")]
    private static partial Regex VersionSuffix();
}
