using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ProdSprint.Traffic;

namespace ProdSprint.Bench;

/// <summary>
/// Our router against HAProxy: in the same run, in turns, the same upstream (a third HAProxy that answers 128 bytes itself) and the same load (<c>wrk</c>).
/// Needs haproxy and wrk (apt-get install haproxy wrk). The load tool, the upstream and the proxy share the cores, so what is compared is work per request.
/// </summary>
public static partial class RouterBench
{
    private const double RateShare = 0.7, LatencyShare = 1.5;

    private sealed record Load(double PerSecond, double P50Ms, double P99Ms, long Failed);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(
        int runs = 5, int seconds = 5, int connections = 64, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var directory = Directory.CreateTempSubdirectory("ps-bench-router-").FullName;
        var (upstream, peer) = (FreePort(), FreePort());
        var state = Path.Combine(directory, "state");
        var launcher = new RouterLauncher(new() { StateDirectory = state }, RouterCommandLine.OfThisProgram(), TimeProvider.System);
        using var upstreamProcess = await StartHaProxyAsync(directory, "upstream", Upstream(upstream), cancellation);
        using var peerProcess = await StartHaProxyAsync(directory, "peer", Peer(peer, upstream), cancellation);
        try
        {
            await launcher.EnsureRunningAsync(cancellation);
            await using var router = new LocalRouterClient(state);
            var ack = await router.ApplyAsync(
                new("bench", "router", "production", 1, null, [], [new("v1", $"127.0.0.1:{upstream}", EnvironmentRoutes.FullWeight, true)], RoutingOptions.Default), cancellation);
            var ours = ack.Port ?? throw new InvalidOperationException(ack.Detail);
            // The first seconds belong to the compiler; a router runs for months.
            await LoadAsync(ours, 3, connections, cancellation);
            await LoadAsync(peer, 1, connections, cancellation);
            var (mine, theirs) = (new List<Load>(), new List<Load>());
            for (var run = 0; run < runs; run++)
            {
                theirs.Add(await LoadAsync(peer, seconds, connections, cancellation));
                mine.Add(await LoadAsync(ours, seconds, connections, cancellation));
                progress?.Report((run + 1.0) / runs);
            }
            var rate = Row("requests", mine, theirs, l => l.PerSecond, "1/s", $"≥ {RateShare} × HAProxy", ratio => ratio >= RateShare);
            var p99 = Row("p99", mine, theirs, l => l.P99Ms, "ms", $"≤ {LatencyShare} × HAProxy", ratio => ratio <= LatencyShare);
            var p50 = Row("p50", mine, theirs, l => l.P50Ms, "ms", "beside it", _ => true);
            var failed = mine.Sum(l => l.Failed);
            return [rate, p99, p50, new("failed requests", failed, "requests", theirs.Sum(l => l.Failed), null, "0", failed == 0, [.. mine.Select(l => (double)l.Failed)])];
        }
        finally
        {
            await launcher.StopAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
            foreach (var process in new[] { upstreamProcess, peerProcess })
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
            Directory.Delete(directory, recursive: true);
        }
    }

    private static BenchRow Row(string name, List<Load> mine, List<Load> theirs, Func<Load, double> pick, string unit, string target, Func<double, bool> holds)
    {
        var (ours, peers) = (Median(mine.Select(pick)), Median(theirs.Select(pick)));
        return new(name, ours, unit, peers, ours / peers, target, holds(ours / peers), [.. mine.Select(pick)]);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static async Task<Load> LoadAsync(int port, int seconds, int connections, CancellationToken cancellation)
    {
        var text = await RunAsync("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", $"http://127.0.0.1:{port}/"], cancellation);
        long failed = 0;
        foreach (Match match in Failures().Matches(text)) failed += match.Groups.Values.Skip(1).Sum(g => long.TryParse(g.Value, CultureInfo.InvariantCulture, out var n) ? n : 0);
        return new(Number(text, @"Requests/sec:\s+([\d.]+)()"), Number(text, @"\s50%\s+([\d.]+)(us|ms|s)"), Number(text, @"\s99%\s+([\d.]+)(us|ms|s)"), failed);
    }

    private static double Number(string text, string pattern)
    {
        var match = Regex.Match(text, pattern);
        if (!match.Success) throw new InvalidOperationException($"wrk said something else than expected: {text}");
        var scale = match.Groups[2].Value switch { "us" => 0.001, "s" => 1000, _ => 1 };
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * scale;
    }

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        using var process = Start(program, arguments, output: true);
        var text = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} failed ({process.ExitCode}): {text}");
    }

    private static async Task<Process> StartHaProxyAsync(string directory, string name, string config, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, $"{name}.cfg");
        await File.WriteAllTextAsync(path, config, cancellation);
        return Start("haproxy", ["-q", "-f", path], output: false);
    }

    private static Process Start(string program, string[] arguments, bool output)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = output })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"{program} is not installed: apt-get install {program}.", e);
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string Upstream(int port) => $"""
        global
          maxconn 4000
          nbthread 1
        defaults
          mode http
          timeout client 1m
          timeout connect 1s
          timeout server 1m
        frontend upstream
          bind 127.0.0.1:{port}
          http-request return status 200 content-type text/plain string "{new string('x', 128)}"

        """;

    private static string Peer(int port, int upstream) => $"""
        global
          maxconn 4000
          nbthread {Environment.ProcessorCount}
        defaults
          mode http
          option forwardfor
          http-reuse always
          timeout client 1m
          timeout connect 1s
          timeout server 1m
        frontend peer
          bind 127.0.0.1:{port}
          default_backend upstream
        backend upstream
          server upstream 127.0.0.1:{upstream}

        """;

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)|Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex Failures();
}
