using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Identity;
using ProdSprint.Server;

namespace ProdSprint.Kernel;

/// <summary>One run of a command: its arguments, its client, and where it writes. Text goes to stdout only when it is the result; the rest to stderr.</summary>
public sealed class CommandRun(ParseResult parse, bool json) : IDisposable
{
    private ApiClient? _api;

    public bool Json { get; } = json;

    public int ExitCode { get; set; }

    public T? Get<T>(Option<T> option) => parse.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parse.GetValue(argument);

    public string? User => parse.GetValue(Cli.As) ?? Environment.GetEnvironmentVariable("PRODSPRINT_USER");

    public string? Workspace => parse.GetValue(Cli.Workspace) ?? Environment.GetEnvironmentVariable("PRODSPRINT_WORKSPACE");

    public bool Confirmed => parse.GetValue(Cli.Yes);

    public bool MayAsk => !parse.GetValue(Cli.NoInput) && !Json && !Console.IsInputRedirected && !Console.IsOutputRedirected;

    public ApiClient Api => _api ??= new(Server, User, Workspace, parse.GetValue(Cli.As) is null ? new CredentialStore() : null);

    public Uri Server => field ??= ServerUrl();

    public ApiClient ApiAs(string user) => new(Server, user, Workspace);

    /// <summary>Writes a line of the result, unless the result is the envelope.</summary>
    public void Line(string text = "")
    {
        if (!Json) Console.Out.WriteLine(Screen.ForOutput(text));
    }

    /// <summary>What goes on from here; in the envelope <c>meta.next</c>.</summary>
    public string? NextCommand { get; private set; }

    public void Next(string command)
    {
        NextCommand = command;
        if (!Json) Screen.Note($"→ {command}");
    }

    /// <summary>For what cannot be taken back by saying the opposite. Nobody to ask is no yes.</summary>
    public void Confirm(string question)
    {
        if (Confirmed) return;
        if (!MayAsk) throw new CliException(Kernel.ExitCode.Usage, "cli.needs-yes", "Needs a yes", $"{question} There is nobody here to ask.", "Say --yes if you mean it");
        Console.Error.Write($"{question} [y/N] ");
        if (Console.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw new CliException(Kernel.ExitCode.Interrupted, "cli.not-confirmed", "Not done", "You did not confirm.", "Say --yes to skip the question");
    }

    /// <summary>The project asked for; without one, the only project there is.</summary>
    public async Task<string> Project(string? asked, CancellationToken cancellation)
    {
        if (asked is not null) return Name(asked);
        var items = (await Api.Get("/v1/projects?limit=20", cancellation))["items"]!.AsArray();
        return items.Count switch
        {
            1 => items[0]!["id"]!.ToString(),
            0 => throw new CliException(Kernel.ExitCode.NotFound, "project.none", "No project", "Nothing has been imported yet.", "Import one: prodsprint import <path-or-git-url>"),
            _ => throw new CliException(Kernel.ExitCode.Usage, "project.which", "Which project?", $"There are {items.Count}: {string.Join(", ", items.Select(i => i!["id"]))}.", "Name one with --project"),
        };
    }

    /// <summary>A name goes into paths of the API, so it must be one.</summary>
    public static string Name(string project) => project.Length > 0 && project.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        ? project
        : throw new CliException(Kernel.ExitCode.Usage, "project.bad-name", "Not a project's name", $"'{project}' is no name for a project.", "See the names: prodsprint status");

    public void Dispose() => _api?.Dispose();

    private Uri ServerUrl()
    {
        var asked = parse.GetValue(Cli.Url) ?? Environment.GetEnvironmentVariable("PRODSPRINT_URL");
        if (asked is not null)
        {
            return Uri.TryCreate(asked, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https" } ? url
                : throw new CliException(Kernel.ExitCode.Usage, "cli.bad-url", "Not a URL", $"'{asked}' is not an absolute URL.", "e.g. --url http://127.0.0.1:7400");
        }
        return ServerFile.Read()?.Url ?? new("http://127.0.0.1:7400");
    }
}
