using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>A Dockerfile for a service that has none: built in one stage, run in a smaller one, never as root. The context is the repository's root.</summary>
public static partial class Dockerfiles
{
    /// <summary>The beginning of a file of ours.</summary>
    public const string Marker = "# Written by ProdSprint from the plan";

    public static string PathOf(string service) => $"deploy/Dockerfile.{service}";

    /// <summary>The images that the written file builds on. They are named by tag: a digest has to be looked up at a registry, and none is ever made up.</summary>
    public static ImmutableArray<string> BaseImages(ServicePlan service) =>
        [.. ImmutableArray.Create([Images(service).Build, service.StaticDirectory is null ? Images(service).Run : Server, .. service.Language == "php" ? ["composer:2"] : Array.Empty<string>()]).Distinct()];

    /// <summary>Where <see cref="PipelineFiles"/> writes one: the services whose folder has none.</summary>
    public static bool IsWritten(ServicePlan service, AuditReport audit) => audit.Services.FirstOrDefault(a => a.Path == service.Path)?.Dockerfile is null;

    /// <summary>Runs what was linked on it and on those before it; the images of Go and Rust change theirs with the version.</summary>
    private const string Newest = "debian:13-slim";

    private const string Server = "nginxinc/nginx-unprivileged:1.29-alpine";

    public static string Write(ServicePlan service)
    {
        var (build, run, user) = Images(service);
        var folder = service.Path == "." ? "/app" : $"/app/{service.Path}";
        var text = new StringBuilder($"{Marker}; change it as you like.\n# The images are named by tag. To pin one: docker buildx imagetools inspect {build}, then FROM {build}@sha256:… with the digest it prints.\n").Append($"FROM {build} AS build\nWORKDIR /app\nCOPY . .\n");
        if (Bring(service) is { } tools) text.Append($"{tools}\n");
        foreach (var command in new[] { service.Install, service.Build })
            if (command is not null) text.Append($"WORKDIR {(command.Directory == "." ? "/app" : $"/app/{command.Directory}")}\nRUN {OneLine(command.Line)}\n");
        if (service.StaticDirectory is { } files)
            return text.Append($"\nFROM {Server}\nCOPY --from=build {Copied($"/app/{files}", "/usr/share/nginx/html")}\nVOLUME [\"/tmp\"]\nEXPOSE 8080\n").ToString();
        text.Append($"\nFROM {run}\nCOPY --from=build --chown={user} /app /app\nWORKDIR {(service.Start is { Directory: not "." } start ? $"/app/{start.Directory}" : folder)}\nUSER {user}\n");
        // else the program trusts nobody when it calls out
        if (run == Newest && service.Language is "go" or "rust") text.Append("COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\n");
        // a volume takes over who may write there: Fargate makes others root's own
        text.Append("VOLUME [\"/tmp\"]\n");
        if (service.Port is { } port) text.Append($"ENV PORT={port.Default}\nEXPOSE {port.Default}\n");
        return text.Append($"CMD [\"/bin/sh\", \"-c\", {YamlLines.Quote(Entry(OneLine(service.Start?.Line ?? "false")))}]\n").ToString();
    }

    /// <summary>Where a name has a space in it, only the form of a list keeps it together.</summary>
    private static string Copied(string from, string to) => from.Contains(' ') ? $"[{YamlLines.Quote(from)}, {YamlLines.Quote(to)}]" : $"{from} {to}";

    private static (string Build, string Run, string User) Images(ServicePlan service)
    {
        string Version(string usual) => Stacks.Plain(service.LanguageVersion, usual);
        return service.Language switch
        {
            "node" => ($"node:{Version("22")}", $"node:{Version("22")}-slim", "node"),
            "bun" => ("oven/bun:1", "oven/bun:1-slim", "bun"),
            "deno" => ("denoland/deno:2.5.0", "denoland/deno:2.5.0", "deno"),
            // What pip installs lies outside /app: the image that built it is the one that runs it.
            "python" => ($"python:{Version("3.13")}", $"python:{Version("3.13")}", "10001:10001"),
            // the images before 8.0 have no user but root
            "dotnet" => ($"mcr.microsoft.com/dotnet/sdk:{Version("10.0")}", $"mcr.microsoft.com/dotnet/aspnet:{Version("10.0")}", "10001:10001"),
            "go" => ($"golang:{Version("1.25")}", Newest, "10001:10001"),
            "ruby" => ($"ruby:{Version("3.4")}", $"ruby:{Version("3.4")}", "10001:10001"),
            "php" => ($"dunglas/frankenphp:1-php{Version("8.4")}", $"dunglas/frankenphp:1-php{Version("8.4")}", "www-data"),
            "elixir" => ($"elixir:{Version("1.18")}", $"elixir:{Version("1.18")}", "10001:10001"),
            "crystal" => ("crystallang/crystal:1.14", "crystallang/crystal:1.14", "10001:10001"),
            "dart" => ("dart:3", "dart:3", "10001:10001"),
            "swift" => ("swift:6.0", "swift:6.0", "10001:10001"),
            "clojure" => ("clojure:temurin-21-lein", "clojure:temurin-21-lein", "10001:10001"),
            "rust" => ("rust:1", Newest, "10001:10001"),
            "java" or "scala" => ($"maven:3-eclipse-temurin-{Jdk(service)}", $"eclipse-temurin:{Jdk(service)}-jre", "10001:10001"),
            "haskell" => ("haskell:9", "haskell:9", "10001:10001"),
            _ => ("debian:13", Newest, "10001:10001"),
        };
    }

    /// <summary>The long-term releases have images; what asks for another is built with the usual one.</summary>
    private static string Jdk(ServicePlan service) => service.LanguageVersion?.Split('.')[0] is ("8" or "11" or "17" or "21" or "25") and var major ? major : "21";

    /// <summary>The tools that a language's image does not have.</summary>
    private static string? Bring(ServicePlan service) => (service.Language, service.PackageManager) switch
    {
        (_, "pnpm" or "yarn-berry") => "RUN corepack enable",
        ("node", "bun") => "RUN npm install --global bun",
        ("python", { } manager and ("uv" or "poetry" or "pdm" or "pipenv")) => $"RUN pip install --no-cache-dir {manager}",
        ("php", _) => "COPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nENV XDG_CONFIG_HOME=/tmp XDG_DATA_HOME=/tmp",
        ("cpp", _) => "RUN apt-get update && apt-get install --yes --no-install-recommends build-essential cmake ninja-build meson pkg-config && rm -rf /var/lib/apt/lists/*",
        ("elixir", _) => "RUN mix local.hex --force && mix local.rebar --force",
        _ => null,
    };

    /// <summary>The program takes the shell's place, so that it hears when it is to stop. What is more than a program the shell has to carry out.</summary>
    private static string Entry(string line) =>
        line.Contains("&&", StringComparison.Ordinal) || line.Contains(';') || line.Contains('|') || line.StartsWith("exec ", StringComparison.Ordinal) ? line
        : Assignment().IsMatch(line) ? $"exec env {line}"
        : $"exec {line}";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*=")]
    private static partial Regex Assignment();

    private static string OneLine(string command) => command.ReplaceLineEndings(" ");
}
