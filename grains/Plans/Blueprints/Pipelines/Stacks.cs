using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>How each language is checked: with the tools its own people use, and what the repository brings itself first.</summary>
public static class Stacks
{
    public static ServiceChecks For(ServicePlan service) => service.Language switch
    {
        "node" => Node(service),
        "python" => PythonStack.For(service),
        "dotnet" => DotNet(service),
        "go" => Go(service),
        _ => Other(service),
    };

    private static ServiceChecks Node(ServicePlan s)
    {
        var (run, exec) = s.PackageManager switch
        {
            "pnpm" => ("pnpm run", "pnpm exec"),
            "yarn" or "yarn-berry" => ("yarn run", "yarn exec"),
            "bun" => ("bun run", "bunx"),
            _ => ("npm run", "npx"),
        };
        // A script is run when package.json has it: not every package manager has a flag for that.
        string IfThere(string script) => $"if node -e \"process.exit(require('./package.json').scripts?.['{script}'] ? 0 : 1)\"; then {run} {script}; else echo 'package.json has no script {script}'; fi";
        var test = s.Test?.Line ?? $"{run} test";
        var version = s.LanguageVersion ?? "lts/*";
        var root = s.Install?.Directory ?? s.Path;
        var (cache, file, folder) = s.PackageManager switch
        {
            null or "npm" => ("npm", "package-lock.json", ("npm_config_cache", ".cache/npm")),
            "pnpm" => ("pnpm", "pnpm-lock.yaml", ("npm_config_store_dir", ".cache/pnpm")),
            "yarn" or "yarn-berry" => ("yarn", "yarn.lock", (s.PackageManager == "yarn" ? "YARN_CACHE_FOLDER" : "YARN_GLOBAL_FOLDER", ".cache/yarn")),
            _ => (null, "", default((string, string))),
        };
        // without a lock file setup-node refuses to keep anything
        var locked = cache is not null && s.Install?.Line is ("npm ci" or "pnpm install --frozen-lockfile" or "yarn install --frozen-lockfile" or "yarn install --immutable");
        var bring = s.PackageManager switch { "pnpm" or "yarn-berry" => "corepack enable", "bun" => "npm install --global bun", _ => null };
        var install = s.Install?.Line ?? (s.PackageManager is null ? "npm install" : $"{s.PackageManager.Replace("-berry", "")} install");
        return new(s.Name, s.Path, PinnedAction.Node, [("node-version", version), .. locked ? [("cache", cache!), ("cache-dependency-path", TreePaths.Join(root, file))] : Array.Empty<(string, string)>()], $"node:{Plain(version, "22")}",
        [
            // a workspace is installed from its root
            new("Install", bring is null ? install : $"{bring} && {install}", Directory: root),
            // what it needs of the workspace is built with it, and its types and tests want that
            .. s.Build is { } build ? [new ServiceCheck("Build", build.Line, Directory: build.Directory)] : Array.Empty<ServiceCheck>(),
            new("Lint", IfThere("lint")),
            new("Types", $"if [ -f tsconfig.json ]; then {exec} tsc --noEmit; else echo 'no TypeScript here'; fi"),
            new("Unit tests and coverage", $"npx --yes c8@10 --check-coverage --lines {ServiceChecks.Coverage} --reporter=text --reporter=lcov --reporter=cobertura {test}", "coverage/cobertura-coverage.xml", s.Test?.Directory),
            new("Integration tests", IfThere("test:integration")),
        ], "javascript-typescript")
        {
            Before = locked && (s.PackageManager is "pnpm" or "yarn-berry") ? "corepack enable" : null,
            Cache = locked ? new(TreePaths.Join(root, file), [folder]) : null,
        };
    }

    private static ServiceChecks DotNet(ServicePlan s) => new(s.Name, s.Path, PinnedAction.DotNet, [("dotnet-version", $"{Plain(s.LanguageVersion, "10.0")}.x")], $"mcr.microsoft.com/dotnet/sdk:{Plain(s.LanguageVersion, "10.0")}",
    [
        new("Install", s.Install?.Line ?? "dotnet restore"),
        new("Lint", "dotnet format --verify-no-changes --no-restore"),
        new("Types", "dotnet build --no-restore -warnaserror"),
        new("Unit tests and coverage", $"{Tests(s, "--filter 'Category!=Integration' --collect:'XPlat Code Coverage' --results-directory " + ShellWord.Quote(TreePaths.Join(s.Path, "reports")) + " --logger trx")} && {CoverageGate(TreePaths.Join(s.Path, "reports"))}", "reports"),
        new("Integration tests", Tests(s, "--filter 'Category=Integration'")),
    ], "csharp")
    { Cache = s.Install?.Source is { Length: > 0 } project && project.EndsWith("proj", StringComparison.Ordinal) ? new(TreePaths.Join(s.Path, TreePaths.NameOf(project)), [("NUGET_PACKAGES", ".cache/nuget")]) : null };

    /// <summary>The projects that test a program lie beside it, so they are run from the repository's root; with none, what is in the program's own folder.</summary>
    private static string Tests(ServicePlan s, string options)
    {
        var up = s.Path == "." ? "." : string.Join('/', s.Path.Split('/').Select(_ => ".."));
        var line = s.Test is { Directory: "." } test ? test.Line : $"dotnet test {ShellWord.Quote(s.Path)}";
        return $"cd {up} && {string.Join(" && ", line.Split(" && ").Select(l => $"{l} {options}"))}";
    }

    /// <summary>A command below its module's folder is checked with its module.</summary>
    private static ServiceChecks Go(ServicePlan s)
    {
        var module = s.Build?.Directory ?? s.Path;
        // without dependencies there is no go.sum, and setup-go warns instead of keeping anything
        return new(s.Name, module, PinnedAction.Go, [("go-version-file", TreePaths.Join(module, "go.mod")), .. s.Install is null ? [("cache", "false")] : new[] { ("cache-dependency-path", TreePaths.Join(module, "go.sum")) }], $"golang:{Plain(s.LanguageVersion, "1.25")}",
    [
        new("Install", s.Install?.Line ?? "go mod download"),
        new("Lint", "test -z \"$(gofmt -l .)\" && go vet ./..."),
        new("Types", "go build ./..."),
        new("Unit tests and coverage", $"go test -race -coverprofile=coverage.out ./... && go tool cover -func=coverage.out | awk '/^total:/ {{ sub(\"%\", \"\", $3); print $3 \" % covered\"; exit ($3 < {ServiceChecks.Coverage}) }}'", "coverage.out"),
        new("Integration tests", "go test -tags integration ./..."),
    ], "go")
        { Cache = s.Install is null ? null : new(TreePaths.Join(module, "go.sum"), [("GOMODCACHE", ".cache/go-mod"), ("GOCACHE", ".cache/go-build")]) };
    }

    private static ServiceChecks Other(ServicePlan s) => new(s.Name, s.Path, null, [], "debian:12-slim",
    [
        .. s.Install is { } install ? [new ServiceCheck("Install", install.Line, Directory: install.Directory)] : Array.Empty<ServiceCheck>(),
        .. s.Build is { } build ? [new ServiceCheck("Build", build.Line, Directory: build.Directory)] : Array.Empty<ServiceCheck>(),
        .. s.Test is { } test ? [new ServiceCheck("Unit tests", test.Line, Directory: test.Directory)] : Array.Empty<ServiceCheck>(),
    ], s.Language switch { "java" or "scala" => "java-kotlin", "ruby" => "ruby", "rust" => "rust", "swift" => "swift", "cpp" => "c-cpp", _ => null });

    /// <summary>The lowest line rate of any Cobertura report below a folder decides.</summary>
    private static string CoverageGate(string folder) =>
        $"find {folder} -name coverage.cobertura.xml -exec grep -ho -m1 'line-rate=\"[0-9.]*\"' {{}} + | tr -dc '0-9.\\n' | awk '{{ n++; r = $1 * 100; print r \" % covered\"; if (r < {ServiceChecks.Coverage}) low = 1 }} END {{ if (!n) print \"There is no coverage report: no test ran, or the test project lacks coverlet.collector.\"; exit low || !n }}'";

    /// <summary>The first number with at most one dot of what a repository asks for: ">=3.11,&lt;4" gives 3.11.</summary>
    internal static string Plain(string? version, string usual)
    {
        var start = version?.IndexOfAny(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) ?? -1;
        if (start < 0) return usual;
        var parts = new string([.. version![start..].TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]).Split('.', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('.', parts.Take(2));
    }
}
