using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>
/// A port written into the code that listens, in the words of each language's usual servers. Only looked for where <c>PORT</c> is not read, and only in the call itself: a number
/// elsewhere may be a database's.
/// </summary>
public static partial class ListeningPorts
{
    public static Match Find(string text, string language) => language switch
    {
        "rust" => Rust().Match(text),
        "java" => Jvm().Match(text),
        "clojure" => Clojure().Match(text),
        "gleam" => Gleam().Match(text),
        "elixir" => Elixir().Match(text),
        "crystal" => Crystal().Match(text),
        "dart" => Dart().Match(text),
        "haskell" => Haskell().Match(text),
        "zig" => Zig().Match(text),
        "cpp" => Cpp().Match(text),
        "swift" => Swift().Match(text),
        _ => Match.Empty,
    };

    // axum, hyper and actix: bind("0.0.0.0:3100"), bind(("0.0.0.0", 8080)); warp: run(([0, 0, 0, 0], 3030)); SocketAddr::from(([0, 0, 0, 0], 3000))
    [GeneratedRegex(@"\bbind\(\s*&?""[\w.\[\]:]*:(?<port>\d{2,5})""|\bbind\(\s*\(\s*""[^""\n]*""\s*,\s*(?<port>\d{2,5})\s*\)|(?:\brun|SocketAddr::from)\(\s*\(\s*\[[\d,\s]*\]\s*,\s*(?<port>\d{2,5})\s*\)")]
    private static partial Regex Rust();

    // Ktor, Javalin, the JDK's own
    [GeneratedRegex(@"embeddedServer\([^)\n]{0,80}\bport\s*=\s*(?<port>\d{2,5})|Javalin\.create\([^;]{0,400}?\.start\(\s*(?<port>\d{2,5})\s*\)|\bapp\.start\(\s*(?<port>\d{2,5})\s*\)|(?:ServerSocket|HttpServer\.create\(\s*new\s+InetSocketAddress)\(\s*(?<port>\d{2,5})\b")]
    private static partial Regex Jvm();

    [GeneratedRegex(@"(?:run-server|run-jetty|start-server)\s[^\n]{0,120}?:port\s+(?<port>\d{2,5})\b")]
    private static partial Regex Clojure();

    [GeneratedRegex(@"mist\.port\(\s*(?<port>\d{2,5})\s*\)")]
    private static partial Regex Gleam();

    [GeneratedRegex(@"\{\s*(?:Bandit|Plug\.Cowboy)\s*,[^}\n]{0,160}?\bport:\s*(?<port>\d{2,5})\b")]
    private static partial Regex Elixir();

    [GeneratedRegex(@"\b(?:bind_tcp|listen)\s*\(?\s*(?:""[^""\n]*""\s*,\s*)?(?<port>\d{2,5})\b|Kemal\.run\(?\s*(?<port>\d{2,5})\b")]
    private static partial Regex Crystal();

    [GeneratedRegex(@"(?:HttpServer\.bind\(\s*[^,()\n]+|\bserve\(\s*[^,()\n]+,\s*[^,()\n]+),\s*(?<port>\d{2,5})\s*\)")]
    private static partial Regex Dart();

    // warp and scotty
    [GeneratedRegex(@"\b(?:run|scotty)\s+(?<port>\d{2,5})\b")]
    private static partial Regex Haskell();

    [GeneratedRegex(@"parseIp4?\(\s*""[^""\n]*""\s*,\s*(?<port>\d{2,5})\s*\)")]
    private static partial Regex Zig();

    // Swifter; Vapor and Hummingbird name theirs
    [GeneratedRegex(@"\bserver\.start\(\s*(?<port>\d{2,5})\b|\bport\s*[:=]\s*(?<port>\d{2,5})\b(?=[\s\S]*(?:app\.run|app\.execute|runService)\()")]
    private static partial Regex Swift();

    // Crow, cpp-httplib
    [GeneratedRegex(@"\.port\(\s*(?<port>\d{2,5})\s*\)|\.listen\(\s*""[^""\n]*""\s*,\s*(?<port>\d{2,5})\s*\)")]
    private static partial Regex Cpp();
}
