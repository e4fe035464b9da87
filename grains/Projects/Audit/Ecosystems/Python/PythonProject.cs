using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>What a Python folder's manifests say: its packages, its manager and the version it asks for.</summary>
public sealed partial class PythonProject
{
    public required string Directory { get; init; }
    public required string Manifest { get; init; }
    public string? Name { get; private set; }
    public HashSet<string> Packages { get; } = new(StringComparer.OrdinalIgnoreCase);
    public Sourced? Manager { get; private set; }
    public ServiceCommand? Install { get; private set; }
    public ServiceCommand? Build { get; private set; }

    /// <summary>"uv sync", told where the environment is to be.</summary>
    public string Sync { get; private set; } = "uv sync";

    /// <summary>[project.scripts] (or Poetry's): what "pip install" makes commands of, name and "module:function".</summary>
    public IReadOnlyList<(string Name, string Entry)> Scripts { get; private set; } = [];

    /// <summary>Of requirements.txt and what it includes.</summary>
    public ImmutableArray<Requirement> Required { get; private set; } = [];

    public Sourced? Version { get; private set; }

    /// <summary>conda's environment file, when there is one.</summary>
    public string? Conda { get; private set; }

    public TomlTable? PyProject { get; private set; }

    public bool Needs(string package) => Packages.Contains(package);

    /// <summary>How a program of the environment is run: "-m" forms survive a moved folder, the scripts in .venv/bin do not.</summary>
    public string Python => Install is null ? "python3" : ".venv/bin/python";

    public static PythonProject Read(string directory, string manifest, AuditContext context)
    {
        var files = context.Files;
        var project = new PythonProject { Directory = directory, Manifest = manifest };
        string At(string name) => TreePaths.Join(directory, name);
        ServiceCommand Command(string line, string source) => new(line, directory, source);

        project.PyProject = files.HasFile(At("pyproject.toml")) ? context.Manifests.Toml(At("pyproject.toml")) : null;
        var pipfile = files.HasFile(At("Pipfile")) ? context.Manifests.Toml(At("Pipfile")) : null;
        var toml = project.PyProject;
        project.Name = toml?.Table("project")?.Text("name") ?? toml?.Table("tool", "poetry")?.Text("name");
        foreach (var requirement in toml?.Table("project")?.Texts("dependencies") ?? []) project.Add(requirement);
        foreach (var name in toml?.Table("tool", "poetry", "dependencies")?.Values.Keys.Where(k => k != "python") ?? []) project.Add(name);
        foreach (var name in pipfile?.Table("packages")?.Values.Keys.AsEnumerable() ?? []) project.Add(name);
        project.Conda = CondaFile(directory, context);
        if (project.Conda is not null && toml is null && pipfile is null) foreach (var name in CondaPackages(context.Manifests.Yaml(project.Conda))) project.Add(name);
        project.Required = Requirements.Read(At("requirements.txt"), context.Files.Manifest);
        foreach (var requirement in project.Required) project.Add(requirement.Name);

        // a member of a uv workspace shares the root's environment unless told otherwise, and the service's own folder is all that its artifact holds
        if (!files.HasFile(At("uv.lock")) && directory != ".") project.Sync = "UV_PROJECT_ENVIRONMENT=\"$PWD/.venv\" uv sync";
        (project.Manager, project.Install) = (files, toml, pipfile) switch
        {
            _ when files.HasFile(At("requirements.txt")) => (new Sourced("pip", At("requirements.txt")), Command("python3 -m venv .venv && .venv/bin/python -m pip install -r requirements.txt", "requirements.txt")),
            (_, not null, _) when files.HasFile(At("uv.lock")) || files.HasFile("uv.lock") && toml.Table("project") is not null
                => (new("uv", files.HasFile(At("uv.lock")) ? At("uv.lock") : "uv.lock"), Command($"{project.Sync} --locked --no-dev --no-install-project", "uv.lock")),
            (_, not null, _) when files.HasFile(At("poetry.lock")) || toml.Table("tool", "poetry") is not null
                => (new("poetry", files.HasFile(At("poetry.lock")) ? At("poetry.lock") : At("pyproject.toml")), Command("POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction --no-ansi --only main --no-root", "pyproject.toml")),
            (_, not null, _) when files.HasFile(At("pdm.lock")) => (new("pdm", At("pdm.lock")), Command("pdm install --check --prod --no-editable", "pdm.lock")),
            (_, _, not null) => (new("pipenv", At("Pipfile")), Command(files.HasFile(At("Pipfile.lock")) ? "PIPENV_VENV_IN_PROJECT=1 pipenv install --deploy --ignore-pipfile" : "PIPENV_VENV_IN_PROJECT=1 pipenv install --skip-lock", "Pipfile")),
            (_, not null, _) when toml.Table("project") is not null && (project.Packages.Count > 0 || toml.Table("build-system") is not null)
                => (new("pip", At("pyproject.toml")), Command("python3 -m venv .venv && .venv/bin/python -m pip install .", "pyproject.toml")),
            _ when project.Conda is { } conda => (new("conda", conda), Command($"conda env create --prefix .venv --file {TreePaths.NameOf(conda)}", conda)),
            _ => ((Sourced?)null, (ServiceCommand?)null),
        };
        // the project itself is put into the environment when its sources are there, as files and not as a link to the build's folder
        if (project.Manager?.Value == "uv") project.Build = Command($"{project.Sync} --locked --no-dev --no-editable", "uv.lock");
        project.Scripts = [.. (toml?.Table("project", "scripts") ?? toml?.Table("tool", "poetry", "scripts"))?.Values.Where(s => s.Value is string).Select(s => (s.Key, (string)s.Value)) ?? []];
        project.Version = FindVersion(directory, toml, pipfile, context);
        return project;
    }

    /// <summary>An environment of conda's: a list of dependencies that says which Python. Another tool's environment.yml has none.</summary>
    public static string? CondaFile(string directory, AuditContext context) =>
        new[] { "environment.yml", "environment.yaml" }.Select(n => TreePaths.Join(directory, n)).FirstOrDefault(p => context.Files.Manifest(p) is { } text && CondaPython().IsMatch(text));

    /// <summary>conda's own, and those of the list that it gives to pip.</summary>
    private static IEnumerable<string> CondaPackages(YamlValue? environment) =>
        (environment?["dependencies"]?.Items ?? []).SelectMany(d => d.Text is { } own ? [own[(own.LastIndexOf(':') + 1)..]] : (d["pip"]?.Items ?? []).Select(p => p.Text)).OfType<string>().Where(p => !p.StartsWith("python=", StringComparison.Ordinal));

    private void Add(string requirement)
    {
        if (PackageName().Match(requirement) is { Success: true } match) Packages.Add(match.Value.ToLowerInvariant().Replace('_', '-'));
    }

    private static Sourced? FindVersion(string directory, TomlTable? toml, TomlTable? pipfile, AuditContext context)
    {
        foreach (var name in (ReadOnlySpan<string>)[".python-version", "runtime.txt"])
        {
            var path = TreePaths.Join(directory, name);
            if (context.Files.Manifest(path)?.Split('\n')[0].Trim() is { Length: > 0 and < 40 } text) return new(text.Replace("python-", ""), path);
        }
        if (ToolVersions.Of(directory, "python", "python", context) is { } tool) return tool;
        if (pipfile?.Table("requires") is { } requires && (requires.Text("python_full_version") ?? requires.Text("python_version")) is { } pip) return new(pip, TreePaths.Join(directory, "Pipfile"));
        if (toml?.Table("project")?.Text("requires-python") is { } project) return new(project, TreePaths.Join(directory, "pyproject.toml"));
        if (toml is null && CondaFile(directory, context) is { } conda && CondaPython().Match(context.Files.Manifest(conda)!).Groups[1].Value is { Length: > 0 } asked) return new(asked, conda);
        return toml?.Table("tool", "poetry", "dependencies")?.Text("python") is { } poetry ? new(poetry, TreePaths.Join(directory, "pyproject.toml")) : null;
    }

    [GeneratedRegex(@"^\s*-\s*(?:[\w-]+::)?python\s*(?:[=<>~!]+\s*([\d.]+))?", RegexOptions.Multiline)]
    private static partial Regex CondaPython();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*")]
    private static partial Regex PackageName();
}
