using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>How each language is checked: with the tools its own people use, and what the repository brings itself first.</summary>
public static class Stacks
{
    public static ServiceChecks For(ServicePlan service) => service.Language switch
    {
        "node" => Node(service),
        "python" => Python(service),
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
        var corepack = s.PackageManager is "pnpm" or "yarn-berry" ? "corepack enable && " : s.PackageManager == "bun" ? "npm install --global bun && " : "";
        return new(s.Name, s.Path, PinnedAction.Node, [("node-version", version), .. s.PackageManager is null or "npm" ? [("cache", "npm")] : Array.Empty<(string, string)>()], $"node:{Plain(version, "22")}",
        [
            new("Install", corepack + (s.Install?.Line ?? "npm ci")),
            new("Lint", IfThere("lint")),
            new("Types", $"if [ -f tsconfig.json ]; then {exec} tsc --noEmit; else echo 'no TypeScript here'; fi"),
            new("Unit tests and coverage", $"npx --yes c8@10 --check-coverage --lines {ServiceChecks.Coverage} --reporter=text --reporter=lcov --reporter=cobertura {test}", "coverage/cobertura-coverage.xml"),
            new("Integration tests", IfThere("test:integration")),
        ], "javascript-typescript");
    }

    private static ServiceChecks Python(ServicePlan s)
    {
        var version = s.LanguageVersion ?? "3.13";
        var run = s.PackageManager switch { "poetry" => "poetry run ", "uv" => "uv run ", "pdm" => "pdm run ", "pipenv" => "pipenv run ", _ => "" };
        var bring = s.PackageManager is { } manager and not "pip" ? $"pip install {manager} && " : "";
        var tools = s.PackageManager switch { "poetry" => "poetry run pip install", "uv" => "uv pip install", "pdm" => "pdm run pip install", "pipenv" => "pipenv run pip install", _ => "pip install" };
        return new(s.Name, s.Path, PinnedAction.Python, [("python-version", Plain(version, "3.13")), ("cache", s.PackageManager is "poetry" or "pipenv" ? s.PackageManager : "pip")], $"python:{Plain(version, "3.13")}",
        [
            new("Install", $"{bring}{s.Install?.Line ?? "pip install -r requirements.txt"} && {tools} ruff mypy pytest pytest-cov"),
            new("Lint", $"{run}ruff check ."),
            new("Types", $"if [ -f mypy.ini ] || grep -qs 'tool.mypy' pyproject.toml; then {run}mypy .; else echo 'mypy is not configured'; fi"),
            new("Unit tests and coverage", $"{run}pytest -m 'not integration' --cov --cov-report=term --cov-report=xml --cov-fail-under={ServiceChecks.Coverage} --junitxml=junit.xml", "coverage.xml"),
            // 5: no test has the mark.
            new("Integration tests", $"{run}pytest -m integration || [ $? -eq 5 ]"),
        ], "python");
    }

    private static ServiceChecks DotNet(ServicePlan s) => new(s.Name, s.Path, PinnedAction.DotNet, [("dotnet-version", $"{Plain(s.LanguageVersion, "10.0")}.x")], $"mcr.microsoft.com/dotnet/sdk:{Plain(s.LanguageVersion, "10.0")}",
    [
        new("Install", s.Install?.Line ?? "dotnet restore"),
        new("Lint", "dotnet format --verify-no-changes --no-restore"),
        new("Types", "dotnet build --no-restore -warnaserror"),
        new("Unit tests and coverage", $"{Tests(s, "--filter 'Category!=Integration' --collect:'XPlat Code Coverage' --results-directory " + ShellWord.Quote(TreePaths.Join(s.Path, "reports")) + " --logger trx")} && {CoverageGate(TreePaths.Join(s.Path, "reports"))}", "reports"),
        new("Integration tests", Tests(s, "--filter 'Category=Integration'")),
    ], "csharp");

    /// <summary>The projects that test a program lie beside it, so they are run from the repository's root; with none, what is in the program's own folder.</summary>
    private static string Tests(ServicePlan s, string options)
    {
        var up = s.Path == "." ? "." : string.Join('/', s.Path.Split('/').Select(_ => ".."));
        var line = s.Test is { Directory: "." } test ? test.Line : $"dotnet test {ShellWord.Quote(s.Path)}";
        return $"cd {up} && {string.Join(" && ", line.Split(" && ").Select(l => $"{l} {options}"))}";
    }

    private static ServiceChecks Go(ServicePlan s) => new(s.Name, s.Path, PinnedAction.Go, [("go-version-file", TreePaths.Join(s.Path, "go.mod")), ("cache-dependency-path", TreePaths.Join(s.Path, "go.sum"))], $"golang:{Plain(s.LanguageVersion, "1.25")}",
    [
        new("Install", s.Install?.Line ?? "go mod download"),
        new("Lint", "test -z \"$(gofmt -l .)\" && go vet ./..."),
        new("Types", "go build ./..."),
        new("Unit tests and coverage", $"go test -race -coverprofile=coverage.out ./... && go tool cover -func=coverage.out | awk '/^total:/ {{ sub(\"%\", \"\", $3); print $3 \" % covered\"; exit ($3 < {ServiceChecks.Coverage}) }}'", "coverage.out"),
        new("Integration tests", "go test -tags integration ./..."),
    ], "go");

    private static ServiceChecks Other(ServicePlan s) => new(s.Name, s.Path, null, [], "debian:12-slim",
    [
        .. s.Install is { } install ? [new ServiceCheck("Install", install.Line)] : Array.Empty<ServiceCheck>(),
        .. s.Build is { } build ? [new ServiceCheck("Build", build.Line)] : Array.Empty<ServiceCheck>(),
        .. s.Test is { } test ? [new ServiceCheck("Unit tests", test.Line)] : Array.Empty<ServiceCheck>(),
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
