using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>Python: every manager's install step makes .venv in the service's folder, so everything is run by that environment's own interpreter and sees what was installed.</summary>
internal static class PythonStack
{
    private const string Python = ".venv/bin/python";

    public static ServiceChecks For(ServicePlan s)
    {
        var version = Stacks.Plain(s.LanguageVersion ?? "3.13", "3.13");
        var bring = s.PackageManager is { } manager and not "pip" ? $"python3 -m pip install {manager} && " : "";
        var (extra, runner) = Split(s.Test?.Line);
        // uv and pdm make environments without pip
        var tools = $"{Python} -m ensurepip && {Python} -m pip install ruff mypy coverage{(runner.StartsWith("-m pytest", StringComparison.Ordinal) ? " pytest pytest-cov" : "")}";
        var test = runner.StartsWith("-m pytest", StringComparison.Ordinal)
            ? $"{Python} -m pytest -m 'not integration' --cov --cov-report=term --cov-report=xml --cov-fail-under={ServiceChecks.Coverage} --junitxml=junit.xml"
            : $"{Python} -m coverage run {runner} && {Python} -m coverage xml && {Python} -m coverage report --fail-under={ServiceChecks.Coverage}";
        return new(s.Name, s.Path, PinnedAction.Python, [("python-version", version), .. Cached(s)], $"python:{version}",
        [
            new("Install", bring + string.Join(" && ", new[] { s.Install?.Line ?? "python3 -m venv .venv", s.Build?.Line, extra, tools }.OfType<string>())),
            new("Lint", $"{Python} -m ruff check ."),
            new("Types", $"if [ -f mypy.ini ] || grep -qs 'tool.mypy' pyproject.toml; then {Python} -m mypy .; else echo 'mypy is not configured'; fi"),
            new("Unit tests and coverage", test, "coverage.xml"),
            // 5: no test has the mark.
            .. runner.StartsWith("-m pytest", StringComparison.Ordinal) ? [new ServiceCheck("Integration tests", $"{Python} -m pytest -m integration || [ $? -eq 5 ]")] : Array.Empty<ServiceCheck>(),
        ], "python")
        {
            // setup-python asks poetry itself where its environments are
            Before = s.PackageManager == "poetry" ? "pipx install poetry" : null,
            Cache = Lock(s) is { } file ? new(file, [("PIP_CACHE_DIR", ".cache/pip"), .. s.PackageManager switch { "poetry" => [("POETRY_CACHE_DIR", ".cache/poetry")], "uv" => [("UV_CACHE_DIR", ".cache/uv")], "pdm" => [("PDM_CACHE_DIR", ".cache/pdm")], _ => Array.Empty<(string, string)>() }]) : null,
        };
    }

    /// <summary>What the audit's test command installs besides, and what it then runs ("-m pytest", "manage.py test").</summary>
    private static (string? Install, string Runner) Split(string? line)
    {
        if (line is null) return (null, "-m pytest");
        var at = line.LastIndexOf(" && ", StringComparison.Ordinal);
        var last = at < 0 ? line : line[(at + 4)..];
        foreach (var python in (ReadOnlySpan<string>)[Python, "python3", "python"])
            if (last.StartsWith(python + " ", StringComparison.Ordinal)) return (at < 0 ? null : line[..at], last[(python.Length + 1)..]);
        return (null, "-m pytest");
    }

    private static IEnumerable<(string, string)> Cached(ServicePlan s) => Lock(s) is not { } file ? []
        : [("cache", s.PackageManager is "poetry" or "pipenv" ? s.PackageManager : "pip"), ("cache-dependency-path", file)];

    /// <summary>The file that the install command says it reads.</summary>
    private static string? Lock(ServicePlan s) => s.PackageManager switch
    {
        "pip" when s.Install?.Source is "requirements.txt" or "pyproject.toml" => TreePaths.Join(s.Path, s.Install.Source),
        "uv" or "pdm" => TreePaths.Join(s.Path, "pyproject.toml"),
        "poetry" => TreePaths.Join(s.Path, s.Install?.Source == "pyproject.toml" ? "pyproject.toml" : "poetry.lock"),
        "pipenv" => TreePaths.Join(s.Path, "Pipfile"),
        _ => null,
    };
}
