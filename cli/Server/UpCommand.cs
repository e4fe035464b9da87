using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

/// <summary>Starts the server as a process of its own and waits until it is ready.</summary>
public static class UpCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "Where to listen on 127.0.0.1", DefaultValueFactory = _ => 7400 };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static Command Create() => new Command("up", "Start ProdSprint on this machine") { Port }.Runs(async (run, cancellation) =>
    {
        var url = await Ensure(run.Get(Port), cancellation);
        run.Line($"{Screen.Good("ready")} {url}");
        run.Next("prodsprint import <path-or-git-url>");
        return new JsonObject { ["url"] = url.ToString() };
    });

    /// <summary>The address of a ready server: the one that runs, else a new one.</summary>
    public static async Task<Uri> Ensure(int port, CancellationToken cancellation)
    {
        if (ServerFile.Read() is { } running && await Ready(running.Url, cancellation)) return running.Url;
        Directory.CreateDirectory(Cli.Home);
        var log = Path.Combine(Cli.Home, "server.log");
        // setsid: the server outlives this terminal; its output goes to the log without a pipe that would break with us.
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardInput = true };
        foreach (var argument in (string[])["sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, Environment.ProcessPath!, .. Self(), "server", "--port", port.ToString()])
            start.ArgumentList.Add(argument);
        if (Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is null) start.Environment["ASPNETCORE_ENVIRONMENT"] = start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("setsid did not start");
        process.StandardInput.Close();
        Screen.Note("starting the server …");
        var url = new Uri($"http://127.0.0.1:{port}");
        var waited = Stopwatch.StartNew();
        while (!(ServerFile.Read()?.Url is { } at && await Ready(at, cancellation)))
        {
            if (process.HasExited || waited.Elapsed > Patience)
            {
                var tail = File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(12)) : "";
                throw new CliException(ExitCode.Failed, "server.not-ready", "The server did not start",
                    process.HasExited ? $"It ended with code {process.ExitCode}.\n{tail}" : $"It is not ready after {Patience.TotalSeconds:0} s.\n{tail}", $"Read {log}");
            }
            await Task.Delay(100, cancellation);
        }
        return ServerFile.Read()!.Url;
    }

    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(UpCommand).Assembly.Location] : [];

    private static async Task<bool> Ready(Uri url, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            return (await http.GetAsync(new Uri(url, "/health/ready"), cancellation)).IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
