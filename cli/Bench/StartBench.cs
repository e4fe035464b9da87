using System.Diagnostics;
using ProdSprint.Server;

namespace ProdSprint.Bench;

/// <summary>How long a start takes with the database and the router already running, and a command that only reads. Each is a process of its own, as for a user.</summary>
public static class StartBench
{
    private const double ReadySeconds = 3, CommandSeconds = 0.4;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(int starts = 5, int commands = 15, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var home = Directory.CreateTempSubdirectory("prodsprint-bench-start-").FullName;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            var ready = new List<double>();
            var reads = new List<double>();
            // The first one makes the database; it is not what is measured.
            for (var n = 0; n <= starts; n++)
            {
                File.Delete(Path.Combine(home, "server.json"));
                var clock = Stopwatch.StartNew();
                using var server = Start(home, "server", "--port", "0");
                var url = await ReadyAsync(home, http, server, cancellation);
                if (n > 0) ready.Add(clock.Elapsed.TotalSeconds);
                if (n == starts)
                {
                    for (var c = 0; c < commands; c++)
                    {
                        clock.Restart();
                        using var command = Start(home, "status", "--json", "--url", url.ToString());
                        await command.WaitForExitAsync(cancellation);
                        if (command.ExitCode != 0) throw new InvalidOperationException($"prodsprint status ended with {command.ExitCode}.");
                        reads.Add(clock.Elapsed.TotalSeconds);
                    }
                }
                using var kill = Process.Start("kill", ["-TERM", server.Id.ToString()]);
                await server.WaitForExitAsync(cancellation);
                progress?.Report((n + 1.0) / (starts + 1));
            }
            return [Row("process start → ready", ready, ReadySeconds), Row("a command that only reads (status)", reads, CommandSeconds)];
        }
        finally
        {
            await LocalMachine.StopAllAsync(home, CancellationToken.None);
            Directory.Delete(home, recursive: true);
        }
    }

    private static BenchRow Row(string name, List<double> seconds, double target)
    {
        double[] sorted = [.. seconds.Order()];
        var median = sorted[sorted.Length / 2];
        return new(name, Math.Round(median, 3), "s", null, null, $"≤ {target} s", median <= target, [.. seconds.Select(s => Math.Round(s, 3))]);
    }

    private static async Task<Uri> ReadyAsync(string home, HttpClient http, Process server, CancellationToken cancellation)
    {
        var file = Path.Combine(home, "server.json");
        while (true)
        {
            if (server.HasExited) throw new InvalidOperationException($"The server ended with code {server.ExitCode}.");
            try
            {
                if (File.Exists(file))
                {
                    var url = new Uri(System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(file, cancellation))!["url"]!.ToString());
                    if ((await http.GetAsync(new Uri(url, "/health/ready"), cancellation)).IsSuccessStatusCode) return url;
                }
            }
            catch (HttpRequestException)
            {
            }
            await Task.Delay(10, cancellation);
        }
    }

    private static Process Start(string home, params string[] arguments)
    {
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(StartBench).Assembly.Location] : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. self, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PRODSPRINT_HOME"] = home;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
