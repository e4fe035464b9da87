using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>
/// What each main package of a module is made of. go.mod names what the whole module needs, so a migration command beside a server would look like a server: what counts is what a
/// program reaches by its imports within the module.
/// </summary>
internal sealed partial class GoPrograms(string module, string? path, AuditContext context)
{
    private const int MostPackages = 400;

    private readonly Dictionary<string, Package> _packages = new(StringComparer.Ordinal);

    private sealed record Package(List<TreeEntry> Files, HashSet<string> Imports, bool Listens, bool StaysUp);

    /// <param name="Reached">The files of the module's other folders that the program imports.</param>
    /// <param name="StaysUp">Its own main package waits for a signal or works in a loop without an end.</param>
    internal sealed record Program(string? Framework, bool Listens, bool StaysUp, List<TreeEntry> Reached);

    public Program Of(string main)
    {
        var open = new Stack<string>([main]);
        var seen = new HashSet<string>(StringComparer.Ordinal) { main };
        var imports = new SortedSet<string>(StringComparer.Ordinal);
        var (listens, reached) = (false, new List<TreeEntry>());
        while (open.TryPop(out var folder))
        {
            var package = Read(folder);
            listens |= package.Listens;
            if (folder != main) reached.AddRange(package.Files);
            foreach (var import in package.Imports)
                if (Inner(import) is not { } inner) imports.Add(import);
                else if (seen.Count < MostPackages && seen.Add(inner)) open.Push(inner);
        }
        var framework = imports.Select(Framework).OfType<string>().FirstOrDefault();
        // who only calls others over gRPC imports it as well
        return new(framework == "grpc" && !listens ? null : framework, listens || framework is not (null or "grpc"), Read(main).StaysUp, reached);
    }

    /// <summary>The folder of an import within the module, or null when it is another's.</summary>
    private string? Inner(string import) =>
        path is null || import != path && !import.StartsWith(path + "/", StringComparison.Ordinal) ? null : import == path ? module : TreePaths.Join(module, import[(path.Length + 1)..]);

    private Package Read(string folder)
    {
        if (_packages.TryGetValue(folder, out var known)) return known;
        var package = new Package([], new(StringComparer.Ordinal), false, false);
        foreach (var file in context.Files.In(folder))
        {
            if (!file.Path.EndsWith(".go", StringComparison.Ordinal) || file.Path.EndsWith("_test.go", StringComparison.Ordinal) || context.Files.Source(file) is not { } text) continue;
            package.Files.Add(file);
            foreach (Match block in Block().Matches(text))
                foreach (Match import in Quoted().Matches(block.Value)) package.Imports.Add(import.Groups[1].Value);
            package = package with
            {
                Listens = package.Listens || SourcePatterns.Listens(text, "go") || text.Contains("http.Serve(", StringComparison.Ordinal) || text.Contains("grpc.NewServer(", StringComparison.Ordinal),
                StaysUp = package.StaysUp || Lasting().IsMatch(text),
            };
        }
        return _packages[folder] = package;
    }

    private static string? Framework(string import) => import switch
    {
        _ when import.StartsWith("github.com/gin-gonic/gin", StringComparison.Ordinal) => "gin",
        _ when import.StartsWith("github.com/labstack/echo", StringComparison.Ordinal) => "echo",
        _ when import.StartsWith("github.com/gofiber/fiber", StringComparison.Ordinal) => "fiber",
        _ when import.StartsWith("github.com/go-chi/chi", StringComparison.Ordinal) => "chi",
        _ when import.StartsWith("github.com/gorilla/mux", StringComparison.Ordinal) => "gorilla",
        _ when import.StartsWith("github.com/beego/beego", StringComparison.Ordinal) && import.EndsWith("/server/web", StringComparison.Ordinal) => "beego",
        "google.golang.org/grpc" => "grpc",
        _ => null,
    };

    [GeneratedRegex(@"^import\s*(?:\([^)]*\)|[^\n]*)", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"""([^""\s]+)""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"signal\.Notify|\bselect\s*\{\s*\}|\bfor\s*\{|time\.(?:NewTicker|Tick)\(|<-ctx\.Done\(\)")]
    private static partial Regex Lasting();
}
