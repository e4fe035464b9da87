using System.CommandLine;
using System.Text.Json.Nodes;

namespace ProdSprint.Kernel;

/// <summary>What every command shares: the global options, how results and failures are written, where the server is.</summary>
public static class Cli
{
    public static readonly Option<bool> Json = new("--json") { Description = "One JSON envelope on stdout, the same shape on failure", Recursive = true };
    public static readonly Option<string?> As = new("--as") { Description = "Act as this development user (default: PRODSPRINT_USER, else you)", Recursive = true };
    public static readonly Option<string?> Workspace = new("--workspace", "-w") { Description = "In this workspace (default: PRODSPRINT_WORKSPACE, else 'default')", Recursive = true };
    public static readonly Option<string?> Url = new("--url") { Description = "The server (default: PRODSPRINT_URL, else the one started here)", Recursive = true };
    public static readonly Option<bool> NoInput = new("--no-input") { Description = "Never ask; implied without a terminal", Recursive = true };
    public static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask for confirmation", Recursive = true };

    public static readonly Option<double?> Timeout = new("--timeout") { Description = "Wait at most this many seconds (exit code 8); what was started goes on", Recursive = true };

    /// <summary>Where a server started here keeps its data and says where it listens.</summary>
    public static string Home { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("PRODSPRINT_HOME") ?? ".prodsprint");

    public static string ServerFile => Path.Combine(Home, "server.json");

    /// <summary>A command whose result is data: printed as text, or in the envelope with --json.</summary>
    public static Command Runs(this Command command, Func<CommandRun, CancellationToken, Task<JsonNode?>> run)
    {
        command.SetAction(async (parse, cancellation) =>
        {
            var name = string.Join(' ', Names(parse.CommandResult.Command));
            var json = parse.GetValue(Json);
            using var context = new CommandRun(parse, json);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                if (parse.GetValue(Timeout) is { } seconds) limit.CancelAfter(Patience(seconds));
                var data = await run(context, limit.Token);
                if (json) Console.Out.WriteLine(Envelope.Success(name, data, context.NextCommand));
                return context.ExitCode;
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                return Fail(name, json, new(ExitCode.StillRunning, "cli.timeout", "Not done in time", $"It is not done after {parse.GetValue(Timeout)} s.", "What was started on the server goes on: prodsprint status"));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return Fail(name, json, new(ExitCode.Interrupted, "cli.interrupted", "Interrupted", "Stopped waiting.", "What was started on the server goes on: prodsprint status"));
            }
            catch (CliException e)
            {
                return Fail(name, json, e);
            }
            catch (Exception e)
            {
                // A fault of ours: a script still gets its envelope and exit code, a person something to report.
                return Fail(name, json, new(ExitCode.Failed, "cli.fault", "A fault of prodsprint's", $"{e.GetType().Name}: {e.Message}", "Report it with the command you ran"));
            }
        });
        return command;
    }

    private static TimeSpan Patience(double seconds) => seconds is > 0 and < 1e6
        ? TimeSpan.FromSeconds(seconds)
        : throw new CliException(ExitCode.Usage, "cli.bad-timeout", "Not a time", $"{seconds} is no number of seconds to wait.", "e.g. --timeout 300");

    public static int Fail(string name, bool json, CliException e)
    {
        if (json) Console.Out.WriteLine(Envelope.Failure(name, e));
        else
        {
            Screen.Error($"{e.Title}: {e.Message}");
            if (e.Next is not null) Screen.Note($"→ {e.Next}");
            if (e.RequestId is not null) Screen.Note($"  request {e.RequestId}");
        }
        return e.ExitCode;
    }

    private static IEnumerable<string> Names(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null or RootCommand ? [command.Name] : [.. Names(parent), command.Name];
    }
}
