using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>
/// Commands written for another platform (a Procfile, a Dockerfile's CMD) made to find what the install step put into the service's own folder. There they expect
/// gunicorn or next on the PATH; scripts in .venv/bin name the folder they were made in, so modules are run instead.
/// </summary>
public static partial class ForeignCommand
{
    private static readonly HashSet<string> PythonModules = ["gunicorn", "uvicorn", "hypercorn", "daphne", "celery", "flask", "streamlit", "waitress", "alembic", "fastapi", "pytest"];

    public static string Adapt(string line, ServiceDraft draft)
    {
        // Heroku's builder puts a module's program on the PATH under the module's name; here it is where the build put it
        if (draft.Language == "go" && draft.Start is { } built && line.Split(' ')[0] is var program && draft.Name is { } name && TreePaths.NameOf(program) == TreePaths.NameOf(name)) return built.Line + line[program.Length..];
        if (draft.Language == "php" && HerokuPhp().Match(line) is { Success: true } php) return $"frankenphp php-server --listen :${{PORT:-80}}{(php.Groups[1].Value.TrimEnd('/') is { Length: > 0 } and not "." and var root ? $" --root {root}" : "")}";
        // "migrate && serve": each of them looks for its program
        if (line.Contains(" && ", StringComparison.Ordinal) && line.AsSpan().IndexOfAny("'\"`(;|") < 0)
            return string.Join(" && ", line.Split(" && ").Select(part => Adapt(part.Trim(), draft.Language, draft.Install is not null, draft.Packages.Contains)));
        return Adapt(line, draft.Language, draft.Install is not null, draft.Packages.Contains);
    }

    /// <summary>The scripts of Heroku's PHP builder start its web server on a folder; FrankenPHP serves the same one.</summary>
    [GeneratedRegex(@"^(?:vendor/bin/)?heroku-php-(?:apache2|nginx)(?:\s+-[A-Za-z]\s+\S+)*(?:\s+([\w./-]+))?$")]
    private static partial Regex HerokuPhp();

    /// <param name="isPackage">Whether a word is the name of a package that the service installs.</param>
    public static string Adapt(string line, string language, bool installs, Func<string, bool> isPackage)
    {
        var space = line.IndexOf(' ');
        var (first, rest) = space < 0 ? (line, "") : (line[..space], line[space..]);
        return language switch
        {
            "python" when !installs => first == "python" ? "python3" + rest : line,
            "python" when first is "python" or "python3" => ".venv/bin/python" + rest,
            "python" when PythonModules.Contains(first) => $".venv/bin/python -m {first}{rest}",
            "node" when isPackage(first) && first is not ("node" or "npm" or "yarn" or "pnpm") => $"npx --no-install {line}",
            _ => line,
        };
    }

    /// <summary>Takes the start from the CMD of the folder's Dockerfile, when that runs a file that is there with the language's own runner.</summary>
    public static void FromDockerfile(ServiceDraft draft, AuditContext context)
    {
        var path = TreePaths.Join(draft.Directory, "Dockerfile");
        if (!context.Files.HasFile(path) || DockerfileReader.Read(path, context)?.Command is not { } command) return;
        if (Words(command) is not { Count: > 0 } words) return;
        var runner = TreePaths.NameOf(words[0]);
        var file = words.Skip(1).FirstOrDefault(w => w[0] != '-');
        var known = (draft.Language, runner) switch
        {
            ("python", "python" or "python3") => file is not null && context.Files.Has(draft.Directory, file) || words.Contains("-m"),
            ("python", _) => PythonModules.Contains(runner),
            ("node", "node") => file is not null && context.Files.Has(draft.Directory, file),
            ("node", "npm" or "yarn" or "pnpm") => true,
            _ => false,
        };
        if (!known) return;
        draft.Start = draft.Command(Adapt(string.Join(' ', words.Select((w, i) => i == 0 ? runner : w.Contains('$') ? w : ShellWord.Quote(w))), draft), $"{path} CMD");
    }

    /// <summary>The words of the exec form ["a", "b"], or of a plain shell form without operators.</summary>
    private static List<string>? Words(string command)
    {
        if (!command.StartsWith('[')) return command.AsSpan().IndexOfAny("&|;<>`'\"[") >= 0 ? null : [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        try { return JsonSerializer.Deserialize<List<string>>(command.Contains("] [") ? command.Replace("] [", ", ") : command)?.Where(w => w.Length > 0).ToList(); }
        catch (JsonException) { return null; }
    }
}
