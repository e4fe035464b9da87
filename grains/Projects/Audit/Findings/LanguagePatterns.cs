using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>How one language's code reads the environment and listens, as data.</summary>
/// <param name="Mark">A word that is in every text that reads the environment: most files are done after looking for it.</param>
/// <param name="Variables">Groups: name, default (a literal), strong (fails without it), look (asks whether it is there).</param>
/// <param name="Listens">A text with one of these listens for HTTP or TCP.</param>
public sealed record LanguagePattern(string Language, string[] Extensions, string[] Tests, string Mark, Func<Regex> Variables, string[] Listens)
{
    public IEnumerable<FoundVariable> Find(string text)
    {
        if (!text.Contains(Mark, StringComparison.OrdinalIgnoreCase)) yield break;
        foreach (Match m in Variables().Matches(text))
            yield return new(m.Groups["name"].Value, m.Index, m.Groups["default"].Success ? m.Groups["default"].Value : null, m.Groups["strong"].Success, m.Groups["look"].Success);
    }

    public bool IsListening(string text) => Array.Exists(Listens, l => text.Contains(l, StringComparison.Ordinal));
}

/// <summary>The languages that need no code of their own to be searched. Node, Python, Go and .NET are in <see cref="SourcePatterns"/>.</summary>
public static partial class LanguagePatterns
{
    public static IReadOnlyList<LanguagePattern> All { get; } =
    [
        new("java", [".java", ".kt", ".kts", ".groovy", ".scala"], ["Test.java", "Tests.java", "IT.java", "Test.kt", "Tests.kt", "Spec.scala", "Test.scala", "Suite.scala", "Spec.groovy"], "env", Jvm, ["ServerSocket(", "HttpServer.create", "embeddedServer(", "Javalin.create", "@SpringBootApplication\n@Rest", "bindAndHandle(", "newServerAt(", "EmberServerBuilder", "Server.start("]),
        new("spring", [".properties", ".yml", ".yaml"], [], "${", Spring, []),
        new("clojure", [".clj", ".cljc", ".edn"], ["_test.clj"], "env", Clojure, ["run-jetty", "run-server", "start-server"]),
        new("ruby", [".rb", ".ru", ".rake", ".erb"], ["_test.rb", "_spec.rb"], "ENV", Ruby, ["TCPServer.new", "WEBrick::HTTPServer", "Sinatra", "Rack::Handler", "Puma::Server"]),
        new("php", [".php"], ["Test.php"], "env", Php, ["socket_create_listen", "Swoole\\Http\\Server"]),
        new("rust", [".rs"], [], "env", Rust, ["TcpListener::bind", "HttpServer::new", "rocket::build", "warp::serve", "Server::bind", "axum::serve"]),
        new("elixir", [".ex", ".exs"], ["_test.exs"], "env", Elixir, ["Plug.Cowboy", "Bandit", "gen_tcp.listen", "Phoenix.Endpoint"]),
        new("gleam", [".gleam"], ["_test.gleam"], "get", Gleam, ["mist.start", "mist.start_http"]),
        new("crystal", [".cr"], ["_spec.cr"], "ENV", Ruby, ["HTTP::Server.new", "Kemal.run", "TCPServer.new"]),
        new("swift", [".swift"], ["Tests.swift"], "nvironment", Swift, ["ServerBootstrap(", "app.run()", "app.execute()", "try await app.run", "HTTPServer"]),
        new("dart", [".dart"], ["_test.dart"], "environment", Dart, ["HttpServer.bind", "shelf_io.serve", "serve("]),
        new("haskell", [".hs"], ["Spec.hs", "Test.hs"], "Env", Haskell, ["scotty ", "Warp.run", "run port", "runSettings", "warp "]),
        new("zig", [".zig"], [], "nv", Zig, ["listen(", "std.http.Server"]),
        new("cpp", [".c", ".cc", ".cpp", ".cxx", ".h", ".hpp"], ["_test.cc", "_test.cpp"], "getenv", Cpp, ["listen(", "ListenAndServe", "svr.listen", "app.port("]),
        new("shell", [".sh", ".bash", ".zsh"], [], "$", Shell, ["nc -l", "socat TCP-LISTEN"]),
    ];

    public static LanguagePattern? For(string path)
    {
        var extension = TreePaths.ExtensionOf(path);
        var found = ByExtension.GetValueOrDefault(extension);
        // of the many YAML and properties files only Spring's own are configuration that reads variables
        return found is { Language: "spring" } && !(TreePaths.NameOf(path) is var name && (name.StartsWith("application", StringComparison.Ordinal) || name.StartsWith("bootstrap", StringComparison.Ordinal))) ? null : found;
    }

    private static readonly Dictionary<string, LanguagePattern> ByExtension = All.SelectMany(l => l.Extensions.Select(e => (e, l))).ToDictionary(p => p.e, p => p.l, StringComparer.Ordinal);

    [GeneratedRegex(@"(?:System\.getenv\s*\(\s*|System\.getenv\(\)\.get\w*\(\s*|sys\.env(?:\.get\w*)?\(\s*|env\(\s*)""(?<name>[A-Za-z_]\w*)""\s*(?:,\s*""(?<default>[^""\n]{0,80})""|\)\s*(?:\?:|\.getOrElse\()\s*""(?<default>[^""\n]{0,80})"")?|@Value\(\s*""\$\{(?<name>[A-Z][A-Z0-9_]+)(?::(?<default>[^}""]{0,80}))?\}")]
    private static partial Regex Jvm();

    [GeneratedRegex(@"\$\{(?<name>[A-Z][A-Z0-9_]+)(?::(?<default>[^}\n]{0,80}))?\}")]
    private static partial Regex Spring();

    [GeneratedRegex(@"\(System/getenv\s+""(?<name>\w+)""|#env\s+(?<name>[A-Z]\w+)")]
    private static partial Regex Clojure();

    [GeneratedRegex(@"ENV\[\s*['""](?<name>\w+)['""]\s*\](?<look>\?)?(?:\s*\|\|\s*(?:['""](?<default>[^'""\n]{0,80})['""]|(?<default>\d{1,6})))?|ENV\.fetch\(\s*['""](?<name>\w+)['""]\s*(?:(?<strong>\))(?!\s*[{d])|,\s*(?:['""](?<default>[^'""\n]{0,80})['""]|(?<default>\d{1,6})|(?<look>\S))|(?<look>\)))|ENV\.fetch\s+['""](?<name>\w+)['""]|ENV\.has_key\?\(?\s*['""](?<name>\w+)(?<look>)")]
    private static partial Regex Ruby();

    [GeneratedRegex(@"(?:\benv|getenv)\(\s*['""](?<name>[A-Z][A-Z0-9_]+)['""]\s*(?:,\s*(?:['""](?<default>[^'""\n]{0,80})['""]|(?<default>\d{1,6})|(?<look>[^)\s])))?|\$_(?:ENV|SERVER)\[\s*['""](?<name>(?!HTTP_|REQUEST_|SERVER_|REMOTE_|SCRIPT_|QUERY_|DOCUMENT_|PHP_|PATH_|CONTENT_|AUTH_)[A-Z][A-Z0-9_]+)['""]\s*\](?:\s*\?\?\s*['""](?<default>[^'""\n]{0,80})['""])?")]
    private static partial Regex Php();

    [GeneratedRegex(@"(?:env::var(?:_os)?|option_env!|dotenvy?::var)\(\s*""(?<name>\w+)""\s*\)(?:\s*\.(?:unwrap_or_else\(\s*\|_\|\s*|unwrap_or\(\s*)(?:String::from\()?""(?<default>[^""\n]{0,80})""|\s*(?<strong>\.expect\(|\.unwrap\(\)|\?)|\s*\.(?<look>ok|is_ok|unwrap_or|map)\b)?|\benv\s*=\s*""(?<name>[A-Z][A-Z0-9_]+)""")]
    private static partial Regex Rust();

    [GeneratedRegex(@"System\.(?:get_env|(?<strong>fetch_env!)|(?<look>fetch_env))\(\s*""(?<name>\w+)""\s*(?:,\s*""(?<default>[^""\n]{0,80})""|\)\s*\|\|\s*(?:""(?<default>[^""\n]{0,80})""|(?<strong>raise)))?")]
    private static partial Regex Elixir();

    [GeneratedRegex(@"(?:envoy|os)\.get(?:_env)?\(\s*""(?<name>\w+)""(?<look>)")]
    private static partial Regex Gleam();

    [GeneratedRegex(@"(?:Environment\.get\(\s*|processInfo\.environment\[\s*)""(?<name>\w+)""\s*[\])](?:\s*\?\?\s*""(?<default>[^""\n]{0,80})""|(?<strong>!))?")]
    private static partial Regex Swift();

    [GeneratedRegex(@"Platform\.environment\[\s*['""](?<name>\w+)['""]\s*\](?:\s*\?\?\s*['""](?<default>[^'""\n]{0,80})['""]|(?<strong>!))?|String\.fromEnvironment\(\s*['""](?<name>\w+)['""]")]
    private static partial Regex Dart();

    [GeneratedRegex(@"(?:(?<strong>getEnv)|(?<look>lookupEnv))\s+""(?<name>\w+)""")]
    private static partial Regex Haskell();

    [GeneratedRegex(@"(?:getEnvVarOwned\([^,]{1,60},|getenv\()\s*""(?<name>\w+)""|(?:env\w*|environ\w*)\.get\(\s*""(?<name>\w+)""")]
    private static partial Regex Zig();

    [GeneratedRegex(@"getenv\(\s*""(?<name>\w+)""\s*\)")]
    private static partial Regex Cpp();

    [GeneratedRegex(@"\$\{(?<name>[A-Z][A-Z0-9_]{2,})(?:(?<strong>:?\?)|:?[-=](?<default>[^}$\n]{0,80}))\}")]
    private static partial Regex Shell();
}
