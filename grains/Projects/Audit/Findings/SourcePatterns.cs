using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>
/// The patterns by which code is recognised, by language. Text is searched, never parsed or run; a cheap ordinal search comes before each expression,
/// because most files have nothing to find.
/// </summary>
public static partial class SourcePatterns
{
    public static string? For(string path) => TreePaths.ExtensionOf(path) switch
    {
        ".js" or ".mjs" or ".cjs" or ".jsx" or ".ts" or ".mts" or ".cts" or ".tsx" or ".vue" or ".svelte" or ".astro" => "node",
        ".py" => "python",
        ".go" => "go",
        ".cs" or ".fs" or ".vb" => "dotnet",
        _ => LanguagePatterns.For(path)?.Language,
    };

    /// <summary>Built, minified or declaration files: large and not written by hand.</summary>
    public static bool IsNoise(TreeEntry file) =>
        file.Size > 2 << 20 || file.Path.EndsWith(".min.js", StringComparison.Ordinal) || file.Path.EndsWith(".d.ts", StringComparison.Ordinal) || file.Path.EndsWith(".pb.go", StringComparison.Ordinal)
        || file.Path.Contains("/dist/", StringComparison.Ordinal) || file.Path.StartsWith("dist/", StringComparison.Ordinal) || file.Path.EndsWith("_pb2.py", StringComparison.Ordinal)
        || file.Path.Contains(".stories.", StringComparison.Ordinal) || ServiceFolders.IsExample(TreePaths.DirectoryOf(file.Path));

    public static bool IsTest(string path)
    {
        var name = TreePaths.NameOf(path);
        return For(path) switch
        {
            "node" => name.Contains(".test.", StringComparison.Ordinal) || name.Contains(".spec.", StringComparison.Ordinal) || path.Contains("__tests__/", StringComparison.Ordinal)
                || (path.StartsWith("test/", StringComparison.Ordinal) || path.Contains("/test/", StringComparison.Ordinal)) && !name.Contains(".config.", StringComparison.Ordinal),
            "python" => name.StartsWith("test_", StringComparison.Ordinal) || name.EndsWith("_test.py", StringComparison.Ordinal) || name == "tests.py",
            "go" => name.EndsWith("_test.go", StringComparison.Ordinal),
            "dotnet" => name.EndsWith("Tests.cs", StringComparison.Ordinal) || name.EndsWith("Test.cs", StringComparison.Ordinal),
            _ => LanguagePatterns.For(path) is { } other && (Array.Exists(other.Tests, t => name.EndsWith(t, StringComparison.Ordinal)) || other.Language == "rust" && path.Contains("tests/", StringComparison.Ordinal)),
        };
    }

    public static IEnumerable<FoundVariable> Variables(string text, string language) => language switch
    {
        "node" when text.Contains(".env", StringComparison.Ordinal) => NodeVariables(text),
        "python" when text.Contains("env", StringComparison.Ordinal) || text.Contains("config(", StringComparison.Ordinal) => PythonVariables(text),
        "go" when text.Contains("os.", StringComparison.Ordinal) => Go().Matches(text).Select(m => new FoundVariable(m.Groups["name"].Value, m.Index, null, false, m.Groups["look"].Success)),
        "dotnet" when text.Contains("EnvironmentVariable(", StringComparison.Ordinal) || text.Contains("GetConnectionString(", StringComparison.Ordinal) => DotNetVariables(text),
        _ => LanguagePatterns.All.FirstOrDefault(l => l.Language == language)?.Find(text) ?? [],
    };

    private static IEnumerable<FoundVariable> NodeVariables(string text)
    {
        foreach (Match m in Node().Matches(text))
        {
            var before = text.AsSpan(Math.Max(0, m.Index - 40), Math.Min(40, m.Index)).TrimEnd();
            var after = text.AsSpan(m.Index + m.Length, Math.Min(160, text.Length - m.Index - m.Length));
            var negated = before.EndsWith("!");
            var thrown = negated && (after.Contains("throw ", StringComparison.Ordinal) || after.Contains("process.exit", StringComparison.Ordinal));
            var trimmed = after.TrimStart();
            var looked = negated && !thrown || before.EndsWith("if (") || before.EndsWith("(") && trimmed.StartsWith(")") && before.Contains("if", StringComparison.Ordinal)
                || trimmed.StartsWith("?") || trimmed.StartsWith("&&") || trimmed.StartsWith("==") || trimmed.StartsWith("!=") || trimmed.StartsWith("||");
            yield return new(m.Groups["name"].Value, m.Index, m.Groups["default"].Success ? m.Groups["default"].Value : null, thrown || m.Groups["bang"].Success, looked);
        }
        foreach (Match m in NodeDestructured().Matches(text))
            foreach (Match name in DestructuredName().Matches(m.Groups["names"].Value))
                yield return new(name.Groups["name"].Value, m.Index, name.Groups["default"].Success ? name.Groups["default"].Value : null, false, false);
    }

    private static IEnumerable<FoundVariable> PythonVariables(string text)
    {
        foreach (Match m in PythonIndex().Matches(text)) yield return new(m.Groups["name"].Value, m.Index, null, true, false);
        foreach (Match m in PythonGet().Matches(text))
        {
            var value = m.Groups["default"].Success ? m.Groups["default"].Value : m.Groups["number"].Success ? m.Groups["number"].Value : null;
            yield return new(m.Groups["name"].Value, m.Index, value, false, m.Groups["more"].Success || value is not null);
        }
    }

    private static IEnumerable<FoundVariable> DotNetVariables(string text)
    {
        foreach (Match m in DotNet().Matches(text))
            yield return new(m.Groups["name"].Value, m.Index, m.Groups["default"].Success ? m.Groups["default"].Value : null, m.Groups["throw"].Success, m.Groups["other"].Success);
        foreach (Match m in DotNetConnection().Matches(text)) yield return new($"ConnectionStrings__{m.Groups["name"].Value}", m.Index, null, true, false);
    }

    public static bool Listens(string text, string language) => language switch
    {
        "node" => text.Contains(".listen(", StringComparison.Ordinal) || text.Contains("Deno.serve(", StringComparison.Ordinal) || text.Contains("Bun.serve(", StringComparison.Ordinal) || text.Contains("createServer(", StringComparison.Ordinal),
        "python" => text.Contains("HTTPServer(", StringComparison.Ordinal) || text.Contains("serve_forever(", StringComparison.Ordinal) || text.Contains("uvicorn.run(", StringComparison.Ordinal)
            || text.Contains("app.run(", StringComparison.Ordinal) || text.Contains("grpc.server(", StringComparison.Ordinal) || text.Contains("web.run_app(", StringComparison.Ordinal),
        "go" => text.Contains("ListenAndServe", StringComparison.Ordinal) || text.Contains("net.Listen(", StringComparison.Ordinal) || text.Contains(".Listen(", StringComparison.Ordinal)
            || GoRun().IsMatch(text) || text.Contains("beego.Run(", StringComparison.Ordinal) || text.Contains("e.Start(", StringComparison.Ordinal),
        "dotnet" => text.Contains("WebApplication.Create", StringComparison.Ordinal),
        _ => LanguagePatterns.All.FirstOrDefault(l => l.Language == language)?.IsListening(text) == true,
    };

    public static (int Number, int Index)? FixedPort(string text, string language)
    {
        var match = language switch
        {
            "node" when text.Contains(".listen(", StringComparison.Ordinal) => NodeListen().Match(text),
            "python" when text.Contains("Server(", StringComparison.Ordinal) || text.Contains(".run(", StringComparison.Ordinal) => PythonPort().Match(text),
            "go" when text.Contains("Listen", StringComparison.Ordinal) || text.Contains(".Run(", StringComparison.Ordinal) || text.Contains(".Start(", StringComparison.Ordinal) => GoPort().Match(text),
            _ => ListeningPorts.Find(text, language),
        };
        return match.Success && int.TryParse(match.Groups["port"].Value, out var port) && port is > 0 and < 65536 ? (port, match.Index) : null;
    }

    /// <summary>Routes that look like health checks, the plainest first (rank 0).</summary>
    public static IEnumerable<(string Path, int Rank, int Index)> HealthRoutes(string text)
    {
        if (!text.Contains("health", StringComparison.OrdinalIgnoreCase) && !text.Contains("/ready", StringComparison.Ordinal) && !text.Contains("/live", StringComparison.Ordinal)
            && !text.Contains("/ping", StringComparison.Ordinal) && !text.Contains("/up", StringComparison.Ordinal)) yield break;
        foreach (Match match in Health().Matches(text))
        {
            var path = match.Groups["path"].Value.TrimEnd('/');
            if (!path.StartsWith('/')) path = "/" + path;
            var rank = Array.IndexOf(HealthOrder, path);
            yield return (path, rank < 0 ? HealthOrder.Length : rank, match.Index);
        }
    }

    private static readonly string[] HealthOrder =
        ["/healthz", "/health", "/_healthz", "/_health", "/healthcheck", "/health-check", "/api/healthz", "/api/health", "/health/ready", "/health/live", "/readyz", "/ready", "/livez", "/live", "/up", "/ping"];

    [GeneratedRegex(@"(?:process\.env|import\.meta\.env|Bun\.env|Deno\.env\.get(?=\())(?:\(\s*['""](?<name>[A-Z_a-z][A-Za-z0-9_]*)['""]\s*\)|\.(?<name>[A-Z_a-z][A-Za-z0-9_]*)\b(?!\s*\()|\[\s*['""](?<name>[A-Z_a-z][A-Za-z0-9_]*)['""]\s*\])(?<bang>!)?(?:\s*\)?\s*(?:\|\||\?\?)\s*(?:['""`](?<default>[^'""`$\n]{0,80})['""`]|(?<default>\d{1,6})\b))?")]
    private static partial Regex Node();

    [GeneratedRegex(@"\{(?<names>[^{}]{1,600})\}\s*=\s*(?:process|import\.meta)\.env\b")]
    private static partial Regex NodeDestructured();

    [GeneratedRegex(@"(?:^|,)\s*(?<name>[A-Z_][A-Z0-9_]*)\s*(?::\s*\w+\s*)?(?:=\s*(?:['""](?<default>[^'""]{0,80})['""]|(?<default>\d{1,6})))?")]
    private static partial Regex DestructuredName();

    [GeneratedRegex(@"os\.environ\[\s*['""](?<name>\w+)['""]\s*\](?!\s*=[^=])")]
    private static partial Regex PythonIndex();

    [GeneratedRegex(@"(?:os\.environ\.get|os\.getenv|environ\.get|\bgetenv|\benv(?:\.(?:str|int|bool|list|url|db|db_url|json|float))?|\bconfig)\(\s*['""](?<name>[A-Z][A-Z0-9_]+)['""]\s*(?<more>,\s*(?:default\s*=\s*)?(?:f?['""](?<default>[^'""\n]{0,80})['""]|(?<number>\d{1,6})\b)?)?")]
    private static partial Regex PythonGet();

    [GeneratedRegex(@"os\.(?:Getenv|(?<look>LookupEnv))\(\s*""(?<name>\w+)""\s*\)")]
    private static partial Regex Go();

    [GeneratedRegex(@"GetEnvironmentVariable\(\s*""(?<name>\w+)""\s*\)(?:\s*\?\?\s*(?:""(?<default>[^""\n]{0,80})""|(?<throw>throw\b)|(?<other>\S)))?")]
    private static partial Regex DotNet();

    [GeneratedRegex(@"GetConnectionString\(\s*""(?<name>\w+)""\s*\)")]
    private static partial Regex DotNetConnection();

    [GeneratedRegex(@"\.listen\(\s*(?:\{\s*port:\s*)?(?<port>\d{2,5})\b")]
    private static partial Regex NodeListen();

    [GeneratedRegex(@"(?:Server\(\s*\(\s*['""][^'""]*['""]\s*,\s*(?<port>\d{2,5})\s*\)|^(?:PORT|port)\s*=\s*(?<port>\d{2,5})\s*$(?=[\s\S]*Server\(\s*\(\s*['""][^'""]*['""]\s*,\s*(?:PORT|port)\s*\))|\.run\([^)\n]*port\s*=\s*(?<port>\d{2,5})\b)", RegexOptions.Multiline)]
    private static partial Regex PythonPort();

    [GeneratedRegex(@"(?:ListenAndServe(?:TLS)?|\.Run|\.Listen|\.Start)\(\s*(?:""tcp"",\s*)?""[^"":\n]*:(?<port>\d{2,5})""|\baddr\s*:?=\s*""[\w.]*:(?<port>\d{2,5})""(?=[\s\S]*Listen\w*\((?:""tcp"",\s*)?addr\b)")]
    private static partial Regex GoPort();

    [GeneratedRegex(@"\b(?:r|router|app|engine|e)\.Run\(")]
    private static partial Regex GoRun();

    [GeneratedRegex(@"['""`](?<path>(?:/api(?:/v\d)?)?/(?:_?healthz?|healthcheck|health-check|health/(?:ready|live)|readyz?|livez?|up|ping)/?)['""`]|Map(?:HealthChecks)\(\s*""(?<path>[^""]+)""|path\(\s*['""](?<path>_?healthz?|healthcheck|health-check|ping|up)/?['""]")]
    private static partial Regex Health();
}
