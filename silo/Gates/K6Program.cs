using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ProdSprint.Kernel;

namespace ProdSprint.Gates;

/// <param name="K6">The program; empty: looked for on PATH. <c>off</c>: load is always made by the built-in generator.</param>
public sealed record PerformanceOptions(string K6 = "");

/// <summary>k6, where it is installed: it runs the script that is written from the scenario, and its own summary is read.</summary>
public sealed class K6Program(PerformanceOptions options)
{
    public const string Name = "k6";

    /// <summary>For starting, compiling the script and the summary.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(20);

    /// <summary>k6 says by it that a threshold was crossed, which is a result.</summary>
    private const int ThresholdsCrossed = 99;

    private sealed record Summary(ImmutableArray<Figures> Routes);

    private sealed record Figures(string Route, int Requests, double FailedRate, double P50Ms, double P95Ms, double P99Ms);

    public string? Look() => options.K6 == "off" ? null
        : options.K6.Length > 0 ? File.Exists(options.K6) ? options.K6 : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(d => Path.Combine(d, "k6")).FirstOrDefault(File.Exists);

    /// <summary>Null: it could not be run, and the log says why.</summary>
    public async Task<ImmutableArray<RouteMeasure>?> RunAsync(string program, LoadScenario scenario, string address, Action<string> log, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("prodsprint-k6-").FullName;
        try
        {
            var (script, summary) = (Path.Combine(folder, "load.js"), Path.Combine(folder, "summary.json"));
            await File.WriteAllTextAsync(script, K6Script.Write(scenario), new UTF8Encoding(false), cancellation);
            var start = new ProcessStartInfo(program, ["run", "--quiet", "--no-usage-report", "-e", $"BASE_URL=http://{address}", "-e", $"{K6Script.SummaryVariable}={summary}", script])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
            };
            // only what it needs: nothing of the server's own variables gets into a program that runs a script
            start.Environment.Clear();
            start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin";
            start.Environment["HOME"] = folder;
            using var process = Process.Start(start)!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(scenario.Seconds) + 2 * TimeSpan.FromMilliseconds(scenario.TimeoutMs) + Slack);
            try
            {
                var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
                await process.WaitForExitAsync(limit.Token);
                if (process.ExitCode is 0 or ThresholdsCrossed && File.Exists(summary)) return Read(scenario, await File.ReadAllTextAsync(summary, cancellation));
                log($"k6 ended with {process.ExitCode}: {said.SelectMany(s => s.Split('\n', StringSplitOptions.RemoveEmptyEntries)).LastOrDefault()}");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                log("k6 did not end in time.");
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is Win32Exception or JsonException)
        {
            log($"k6 could not be used: {e.Message}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return null;
    }

    private static ImmutableArray<RouteMeasure> Read(LoadScenario scenario, string summary)
    {
        var figures = KernelJson.Read<Summary>(summary).Routes.ToDictionary(f => f.Route, StringComparer.Ordinal);
        return [.. scenario.Routes.Select((route, index) => Of(route, figures.GetValueOrDefault(K6Script.Tag(scenario, index))))];
    }

    /// <summary>What k6 did not send, because all its users waited for answers, counts as failed.</summary>
    private static RouteMeasure Of(LoadRoute route, Figures? f)
    {
        if (f is null) return new(route.Name, route.Requests, route.Requests, 0, 0, 0, "not sent");
        var unsent = Math.Max(0, route.Requests - f.Requests);
        return new(route.Name, f.Requests + unsent, (int)Math.Round(f.FailedRate * f.Requests) + unsent, Math.Round(f.P50Ms, 2), Math.Round(f.P95Ms, 2), Math.Round(f.P99Ms, 2), unsent > 0 ? $"{unsent} × not sent" : null);
    }
}
