using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>
/// Go modules. A main package in the module's folder is the service; else each cmd/* that listens or stays up. Railpack takes only the first cmd; here it is taken where none does either.
/// </summary>
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
            var programs = new GoPrograms(module, name, context);
            var made = Services(mains.Select(m => (Main: m, Program: programs.Of(m))).ToList(), context);
            var several = mains.Count > 1;
            foreach (var (main, program) in made)
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
                    Framework = program.Framework,
                    Kind = program.Listens ? ServiceKind.Web : several ? ServiceKind.Worker : null,
                    Reached = program.Reached,
                    Install = packages.Count > 0 ? new("go mod download", module, "go.mod") : null,
                    Build = new($"go build -ldflags=\"-w -s\" -o {ShellWord.Quote(binary)}{(inner == "." ? "" : " " + ShellWord.Quote(inner))}", module, "go.mod"),
                    Start = new($"./{ShellWord.Quote(binary)}", module, "go.mod"),
                    Test = new("go test ./...", module, "go.mod"),
                    TestRunner = "go-test",
                };
                draft.Packages.UnionWith(packages);
                draft.DependsOn.UnionWith(Replace().Matches(text).Select(r => TreePaths.Resolve(module, r.Groups[1].Value)).OfType<string>().Where(modules.Contains));
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

    /// <summary>Of several programs those that serve or stay up; what does its work and ends (a migration, a generator) is a command. The first one when all are.</summary>
    private static List<(string Main, GoPrograms.Program Program)> Services(List<(string Main, GoPrograms.Program Program)> all, AuditContext context)
    {
        var kept = all.Where(m => m.Program.Listens || Worker().IsMatch(TreePaths.NameOf(m.Main)) || m.Program.StaysUp && !Command().IsMatch(TreePaths.NameOf(m.Main))).ToList();
        if (kept.Count == 0) kept = all[..1];
        if (kept.Count < all.Count)
            context.Gaps.Add(GapCodes.ServiceSkipped, GapSeverity.Info, "Go programs that are commands are not services", $"{string.Join(", ", all.Except(kept).Select(m => m.Main).Take(5))}: nothing there listens or goes on working.",
                "Name one under services: with its path in prodsprint.yml if it is to be deployed");
        return kept;
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

    [GeneratedRegex(@"^module\s+(\S+)", RegexOptions.Multiline)]
    private static partial Regex Module();

    [GeneratedRegex(@"^go\s+(\d\S*)", RegexOptions.Multiline)]
    private static partial Regex GoVersion();

    [GeneratedRegex(@"^\s*(?:require\s+)?([\w.-]+\.[\w-]+/[^\s]+)\s+v\d\S*(?!.*// indirect)", RegexOptions.Multiline)]
    private static partial Regex Require();

    [GeneratedRegex(@"^\s*(?:replace\s+)?\S+(?:\s+v\S+)?\s*=>\s*(\.{1,2}(?:/\S*)?)", RegexOptions.Multiline)]
    private static partial Regex Replace();

    [GeneratedRegex(@"worker|consumer|scheduler|daemon|agent|processor|subscriber|operator|\bbot\b", RegexOptions.IgnoreCase)]
    private static partial Regex Worker();

    [GeneratedRegex(@"migrat|seed|\bcli\b|ctl$|^gen|generat|import|export|backfill|^tools?$", RegexOptions.IgnoreCase)]
    private static partial Regex Command();

    [GeneratedRegex(@"^package\s+main\b", RegexOptions.Multiline)]
    private static partial Regex PackageMain();

    [GeneratedRegex(@"/v\d+$")]
    private static partial Regex VersionSuffix();
}
