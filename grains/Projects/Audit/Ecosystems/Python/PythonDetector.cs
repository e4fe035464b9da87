using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Python services: Django, FastAPI, Flask, Streamlit, or a main file. Order of managers and main files as Railpack's.</summary>
public sealed partial class PythonDetector : IServiceDetector
{
    private static readonly string[] Manifests = ["requirements.txt", "pyproject.toml", "Pipfile", "manage.py", "setup.py"];
    private static readonly string[] MainFiles = ["main.py", "app.py", "start.py", "bot.py", "hello.py", "server.py"];

    private static readonly string[] Pages = ["streamlit_app.py", "main.py", "app.py", "home.py", "start.py", "dashboard.py", "index.py"];

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var files = context.Files;
        var folders = Manifests.SelectMany(files.Named).Select(f => TreePaths.DirectoryOf(f.Path)).ToHashSet(StringComparer.Ordinal);
        if (MainFiles.Any(m => files.Has(".", m))) folders.Add(".");
        folders.UnionWith(files.Named("environment.yml").Concat(files.Named("environment.yaml")).Select(f => TreePaths.DirectoryOf(f.Path)).Where(d => PythonProject.CondaFile(d, context) is not null));
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            var manifest = Manifests.Concat(MainFiles).Concat(["environment.yml", "environment.yaml"]).Select(m => TreePaths.Join(folder, m)).First(files.HasFile);
            var project = PythonProject.Read(folder, manifest, context);
            var inner = folders.Where(f => f != folder && TreePaths.IsBelow(f, folder)).ToList();
            var sources = files.Below(folder).Where(f => f.Path.EndsWith(".py", StringComparison.Ordinal) && !inner.Any(i => TreePaths.IsBelow(f.Path, i))
                && !ServiceFolders.IsExample(TreePaths.DirectoryOf(f.Path), folder)).ToList();
            var draft = new ServiceDraft("python", folder, manifest)
            {
                Name = project.Name, PackageManager = project.Manager, Install = project.Install, Build = project.Build, Version = project.Version, DefaultPort = 8000,
            };
            draft.Packages.UnionWith(project.Packages);
            draft.DependsOn.UnionWith(PythonLinks.Of(project, folders, context));
            Start(project, draft, sources, context);
            Worker(project, draft, sources, context);
            PythonTests.Find(project, draft, context);
            draft.Unlocked = PythonLocks.Of(project, context);
            yield return draft;
        }
    }

    private static void Start(PythonProject project, ServiceDraft draft, List<TreeEntry> sources, AuditContext context)
    {
        var files = context.Files;
        var python = project.Python;
        if (project.Manager?.Value == "pdm" && PdmStart(project.PyProject!) is { } written)
        {
            draft.Start = draft.Command(ForeignCommand.Adapt(written, draft), $"{draft.Manifest} tool.pdm.scripts.start");
            draft.Framework = new[] { "django", "fastapi", "flask", "litestar", "starlette", "streamlit" }.FirstOrDefault(project.Needs);
            if (written.Contains("$PORT", StringComparison.Ordinal) || written.Contains("${PORT", StringComparison.Ordinal)) (draft.Kind, draft.Port) = (ServiceKind.Web, new(draft.DefaultPort, "PORT", $"{draft.Manifest} tool.pdm.scripts.start"));
            return;
        }
        if (files.Has(draft.Directory, "manage.py") && (project.Needs("django") || files.Manifest(TreePaths.Join(draft.Directory, "manage.py"))!.Contains("django", StringComparison.Ordinal)))
        {
            draft.Framework = "django";
            var wsgi = Application(sources, WsgiSetting(), context) ?? sources.Where(f => TreePaths.NameOf(f.Path) == "wsgi.py").Select(f => Module(f.Path, draft.Directory)).FirstOrDefault();
            if (project.Needs("gunicorn") && wsgi is not null)
                Web(draft, $"{python} -m gunicorn --bind 0.0.0.0:${{PORT:-8000}} {(wsgi.Contains(':') ? wsgi : wsgi + ":application")}", "rule: django with gunicorn");
            else if (project.Needs("uvicorn") && sources.FirstOrDefault(f => TreePaths.NameOf(f.Path) == "asgi.py") is { } asgi)
                Web(draft, $"{python} -m uvicorn {Module(asgi.Path, draft.Directory)}:application --host 0.0.0.0 --port ${{PORT:-8000}}", "rule: django with uvicorn");
            else Development(draft, $"{python} manage.py runserver --noreload 0.0.0.0:${{PORT:-8000}}", "django");
            if (sources.Any(f => f.Path.Contains("/migrations/", StringComparison.Ordinal)))
                draft.Migrations.Add(new("django", draft.Directory, sources.Count(f => f.Path.Contains("/migrations/", StringComparison.Ordinal) && !f.Path.EndsWith("__init__.py", StringComparison.Ordinal)),
                    draft.Command($"{python} manage.py migrate --noinput", "rule: django")));
            return;
        }
        foreach (var (framework, pattern) in (ReadOnlySpan<(string, Regex)>)[("fastapi", FastApi()), ("python-fasthtml", FastHtml()), ("starlette", Starlette()), ("litestar", Litestar()), ("flask", Flask())])
        {
            // what the manifest does not name comes along with something else that it does: then the source says so, and the server that is named
            var named = project.Needs(framework);
            if (!named && (framework == "flask" || !project.Needs("uvicorn"))) continue;
            if (named) draft.Framework = framework == "python-fasthtml" ? "fasthtml" : framework;
            if ((Find(sources, pattern, draft.Directory, context) ?? (framework == "flask" || !named ? null : Given(draft.Directory, context))) is not { } found) continue;
            draft.Framework = framework == "python-fasthtml" ? "fasthtml" : framework;
            if (framework != "flask")
            {
                Web(draft, $"{python} -m uvicorn {found} --host 0.0.0.0 --port ${{PORT:-8000}}", $"rule: {draft.Framework} with uvicorn");
                if (!project.Packages.Any(p => p is "uvicorn" or "fastapi-cli" || p.StartsWith("fastapi", StringComparison.Ordinal) && p != "fastapi") && project.Manager?.Value == "pip" && !HasExtra(project, context))
                    draft.StartDoubt = (GapCodes.StartMissing, $"{draft.Manifest} does not name uvicorn", "The start command runs uvicorn; without it the start fails.", $"Add uvicorn to {draft.Manifest}");
            }
            else if (project.Needs("gunicorn")) Web(draft, $"{python} -m gunicorn --bind 0.0.0.0:${{PORT:-8000}} {found}", "rule: flask with gunicorn");
            else Development(draft, $"{python} -m flask --app {found} run --host 0.0.0.0 --port ${{PORT:-8000}}", "flask");
            return;
        }
        var main = MainFiles.FirstOrDefault(m => files.Has(draft.Directory, m));
        if (project.Needs("functions-framework") && main is not null && FunctionOf(files.Manifest(TreePaths.Join(draft.Directory, main)) ?? "") is { } target)
        {
            Web(draft, $"{python} -m functions_framework --source {main} --target {target} --port ${{PORT:-8080}}", "rule: functions-framework");
            draft.Port = new(8080, "PORT", "rule: functions-framework");
        }
        else if (project.Needs("streamlit") && StreamlitFile(sources, draft.Directory, context) is { } page)
        {
            draft.Framework = "streamlit";
            Web(draft, $"{python} -m streamlit run {ShellWord.Quote(page)} --server.address 0.0.0.0 --server.port ${{PORT:-8501}}", "rule: streamlit");
        }
        else if (main is not null) draft.Start = draft.Command($"{python} {main}", $"file {main}");
        else if (!IsMember(draft.Directory, files) && project.Scripts is [var (name, entry)] && entry.Split(':') is [var module, var function])
            // the script of that name in .venv/bin names the folder it was made in; what it calls does not
            draft.Start = draft.Command($"{python} -c 'from {module} import {function.Split('.')[0]}; {function}()'", $"{draft.Manifest} scripts.{name}");
        else if (sources.FirstOrDefault(f => TreePaths.NameOf(f.Path) == "__main__.py") is { } package && package.Path != TreePaths.Join(draft.Directory, "__main__.py") && project.Install is not null)
            draft.Start = draft.Command($"{python} -m {Module(TreePaths.DirectoryOf(package.Path) + ".py", draft.Directory).Replace("src.", "")}", $"file {package.Path}");
    }

    /// <summary>Celery's worker, beside what is served or alone: without it nobody does what is put into the queue.</summary>
    private static void Worker(PythonProject project, ServiceDraft draft, List<TreeEntry> sources, AuditContext context)
    {
        if (!project.Needs("celery") || Find(sources, Celery(), draft.Directory, context) is not { } found || found.EndsWith("--factory", StringComparison.Ordinal)) return;
        var worker = $"celery -A {(found.EndsWith(":app", StringComparison.Ordinal) || found.EndsWith(":celery", StringComparison.Ordinal) ? found[..found.IndexOf(':')] : found)} worker --loglevel INFO";
        if (draft.Start is null) (draft.Start, draft.Kind) = (draft.Command(ForeignCommand.Adapt(worker, draft), "rule: celery"), ServiceKind.Worker);
        else if (draft.Kind == ServiceKind.Web) draft.Processes = [new("web", draft.Start.Line, new(draft.Manifest)), new("worker", worker, new(draft.Manifest))];
    }

    /// <summary>A main file that only hands on an application made elsewhere ("app = gateway.app"): it is served, as running the file would do nothing.</summary>
    private static string? Given(string directory, AuditContext context)
    {
        foreach (var main in MainFiles)
            if (context.Files.Manifest(TreePaths.Join(directory, main)) is { } text && HandedOn().Match(text) is { Success: true } match && !text.Contains("__main__", StringComparison.Ordinal) && !text.Contains(".run(", StringComparison.Ordinal)) return $"{main[..^3]}:{match.Groups[1].Value}";
        return null;
    }

    /// <summary>The function that is marked as one for requests, else the only one that takes a request.</summary>
    private static string? FunctionOf(string text) =>
        MarkedFunction().Match(text) is { Success: true } marked ? marked.Groups[1].Value : RequestFunction().Matches(text) is [var only] ? only.Groups[1].Value : null;

    /// <summary>"pdm run start" as its owner wrote it: a line, or a table with cmd or shell. One that reloads is for developers.</summary>
    private static string? PdmStart(TomlTable pyproject)
    {
        var scripts = pyproject.Table("tool", "pdm", "scripts");
        var line = scripts?.Text("start") ?? scripts?.Table("start")?.Text("cmd") ?? scripts?.Table("start")?.Text("shell") ?? (scripts?.Table("start")?.Texts("cmd").Select(ShellWord.Quote).ToList() is { Count: > 0 } words ? string.Join(' ', words) : null);
        return line is null || line.Contains("--reload", StringComparison.Ordinal) ? null : line.Trim();
    }

    /// <summary>The page that is run: a file of the folder itself that uses Streamlit, by the names Streamlit's own documents use; the files in pages/ are reached from it.</summary>
    private static string? StreamlitFile(List<TreeEntry> sources, string directory, AuditContext context) =>
        sources.Where(f => TreePaths.DirectoryOf(f.Path) is var d && (d == directory || d == TreePaths.Join(directory, "src") || d == TreePaths.Join(directory, "app")) && context.Files.Source(f) is { } text && Streamlit().IsMatch(text))
            .OrderBy(f => TreePaths.DirectoryOf(f.Path) == directory ? 0 : 1).ThenBy(f => Array.IndexOf(Pages, TreePaths.NameOf(f.Path).ToLowerInvariant()) is var i && i < 0 ? Pages.Length : i).ThenBy(f => f.Path, StringComparer.Ordinal)
            .Select(f => directory == "." ? f.Path : f.Path[(directory.Length + 1)..]).FirstOrDefault();

    /// <summary>Below another project: a package of its workspace, whose commands are tools.</summary>
    private static bool IsMember(string directory, RepositoryFiles files)
    {
        for (var folder = directory; folder != ".";)
            if (files.Has(folder = TreePaths.DirectoryOf(folder), "pyproject.toml")) return true;
        return false;
    }

    private static void Web(ServiceDraft draft, string line, string source)
    {
        draft.Start = draft.Command(line, source);
        draft.Kind = ServiceKind.Web;
        draft.Port = new(draft.Framework == "streamlit" ? 8501 : 8000, "PORT", source);
    }

    private static void Development(ServiceDraft draft, string line, string framework)
    {
        Web(draft, line, $"rule: {framework} development server");
        draft.StartDoubt = (GapCodes.StartDevelopment, $"{framework} would run on its development server",
            "It serves one request after the other and is not made for production.", $"Add gunicorn to {draft.Manifest}");
    }

    private static bool HasExtra(PythonProject project, AuditContext context) =>
        context.Files.Manifest(project.Manifest)?.Contains("fastapi[", StringComparison.OrdinalIgnoreCase) == true;

    private static string? Application(List<TreeEntry> sources, Regex pattern, AuditContext context)
    {
        foreach (var file in sources.Where(f => f.Path.Contains("settings", StringComparison.Ordinal)))
            if (context.Files.Source(file) is { } text && pattern.Match(text) is { Success: true } match)
            {
                var dotted = match.Groups[1].Value;
                var last = dotted.LastIndexOf('.');
                return last > 0 ? $"{dotted[..last]}:{dotted[(last + 1)..]}" : null;
            }
        return null;
    }

    /// <summary>module:variable of the application object; the shallowest file wins, then main, app, server, api.</summary>
    private static string? Find(List<TreeEntry> sources, Regex pattern, string directory, AuditContext context)
    {
        foreach (var file in sources.OrderBy(f => f.Path.Count(c => c == '/')).ThenBy(f => Rank(f.Path)).ThenBy(f => f.Path, StringComparer.Ordinal))
        {
            if (context.Files.Source(file) is not { } text || pattern.Match(text) is not { Success: true } match) continue;
            var module = Module(file.Path, directory);
            var indented = match.Groups["indent"].Length > 0;
            if (!indented) return $"{module}:{match.Groups["name"].Value}";
            if (text.Contains("def create_app(", StringComparison.Ordinal)) return pattern == Flask() ? $"'{module}:create_app()'" : $"{module}:create_app --factory";
        }
        return null;
    }

    private static int Rank(string path) => Array.IndexOf(["main.py", "app.py", "server.py", "api.py", "__init__.py"], TreePaths.NameOf(path)) is var i && i < 0 ? 9 : i;

    private static string Module(string path, string directory)
    {
        var inner = directory == "." ? path : path[(directory.Length + 1)..];
        inner = inner.EndsWith("/__init__.py", StringComparison.Ordinal) ? inner[..^12] : inner[..^3];
        return inner.Replace('/', '.');
    }

    [GeneratedRegex(@"^(?<indent>[ \t]*)(?<name>\w+)\s*(?::\s*\w+\s*)?=\s*(?:fastapi\.)?FastAPI\(", RegexOptions.Multiline)]
    private static partial Regex FastApi();

    [GeneratedRegex(@"^(?<indent>[ \t]*)(?<name>\w+)\s*(?:,\s*\w+\s*)*=\s*(?:FastHTML|fast_app)\(", RegexOptions.Multiline)]
    private static partial Regex FastHtml();

    [GeneratedRegex(@"^(?<indent>[ \t]*)(?<name>\w+)\s*=\s*(?:celery\.)?Celery\(", RegexOptions.Multiline)]
    private static partial Regex Celery();

    [GeneratedRegex(@"^(?<indent>[ \t]*)(?<name>\w+)\s*=\s*Litestar\(", RegexOptions.Multiline)]
    private static partial Regex Litestar();

    [GeneratedRegex(@"^(?<indent>[ \t]*)(?<name>\w+)\s*=\s*Starlette\(", RegexOptions.Multiline)]
    private static partial Regex Starlette();

    [GeneratedRegex(@"^(?<indent>[ \t]*)(?<name>\w+)\s*=\s*(?:flask\.)?Flask\(", RegexOptions.Multiline)]
    private static partial Regex Flask();

    [GeneratedRegex(@"^\s*(?:import\s+streamlit|from\s+streamlit\s+import)\b", RegexOptions.Multiline)]
    private static partial Regex Streamlit();

    [GeneratedRegex(@"^(app|application|api)\s*=\s*[\w.]+\.(?:app|application|api)\s*$", RegexOptions.Multiline)]
    private static partial Regex HandedOn();

    [GeneratedRegex(@"^@functions_framework\.(?:http|cloud_event)\s*\n(?:@[^\n]*\n)*def\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex MarkedFunction();

    [GeneratedRegex(@"^def\s+(\w+)\(\s*req(?:uest)?\b", RegexOptions.Multiline)]
    private static partial Regex RequestFunction();

    [GeneratedRegex(@"WSGI_APPLICATION\s*=\s*['""]([\w.]+)['""]")]
    private static partial Regex WsgiSetting();
}
