using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Deploy;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Traffic;

namespace ProdSprint.Bench;

/// <summary>
/// Deployments one after the other under constant load: real builds, real processes, a router process of its own, weights 1 → 5 → 25 → 100, the former
/// version drained and stopped. Counts what visitors got that no version is responsible for. The deploy target and the router are driven directly,
/// without the release machine above them.
/// </summary>
public static class DeploysBench
{
    private static readonly int[] Weights = [100, 500, 2_500, EnvironmentRoutes.FullWeight];

    private const string Server =
        "require('http').createServer((q,a)=>setTimeout(()=>a.end('ok'),Math.random()*5)).listen(process.env.PORT,'127.0.0.1');" +
        "process.on('SIGTERM',()=>process.exit(0));";

    /// <param name="atEachWeight">How many requests go by at each weight before the next one.</param>
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(
        int deployments = 20, double requestsPerSecond = 200, int atEachWeight = 100, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var home = Directory.CreateTempSubdirectory("prodsprint-deploys-").FullName;
        var state = Directory.CreateDirectory(Path.Combine(home, "router")).FullName;
        using var router = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Self(), "router", "--state", state]) { RedirectStandardOutput = true })!;
        await using var client = new LocalRouterClient(state);
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<ITrafficRouter>(client);
        services.AddSingleton<ICommitSource>(new Repository(Path.Combine(home, "repository")));
        services.AddLocalDeploy(new LocalDeployOptions { Root = Path.Combine(home, "deploy") });
        await using var provider = services.BuildServiceProvider();
        var target = provider.GetRequiredService<IDeployTarget>();
        foreach (var s in provider.GetServices<IHostedService>()) await s.StartAsync(cancellation);
        try
        {
            await UntilUpAsync(client, cancellation);
            return await MeasureAsync(target, client, Path.Combine(home, "repository"), deployments, requestsPerSecond, atEachWeight, progress, cancellation);
        }
        finally
        {
            foreach (var i in target.List())
                await target.StopAsync(new(i.Key.Workspace, i.Key.Project, i.Key.Environment, i.Key.Release, i.Version, TimeSpan.Zero), _ => { }, CancellationToken.None);
            foreach (var s in provider.GetServices<IHostedService>()) await s.StopAsync(CancellationToken.None);
            router.Kill();
            await router.WaitForExitAsync(CancellationToken.None);
            Process.Start("chmod", ["-R", "u+w", home]).WaitForExit(); // artifacts are read-only
            Directory.Delete(home, true);
        }
    }

    private static async Task<IReadOnlyList<BenchRow>> MeasureAsync(
        IDeployTarget target, LocalRouterClient router, string repository, int deployments, double rate, int atEachWeight, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (stable, port) = (await StartAsync(target, repository, 1, cancellation), 0);
        var first = await router.ApplyAsync(Routes(1, null, (stable, EnvironmentRoutes.FullWeight, true)), cancellation);
        port = first.Port ?? throw new InvalidOperationException($"The router gave no port: {first.Detail}");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var load = new LoadGenerator(new LoadOptions(new Uri($"http://127.0.0.1:{port}/"), rate));
        var running = load.RunAsync(stop.Token);
        var seconds = new double[deployments];
        for (var d = 0; d < deployments; d++)
        {
            var began = Stopwatch.GetTimestamp();
            var next = await StartAsync(target, repository, d + 2, cancellation);
            for (var w = 0; w < Weights.Length; w++)
            {
                await router.ApplyAsync(Routes((d + 2) * 10 + w, port, (stable, EnvironmentRoutes.FullWeight - Weights[w], true), (next, Weights[w], false)), cancellation);
                var until = load.Snapshot().Answered + atEachWeight;
                while (load.Snapshot().Answered < until) await Task.Delay(5, cancellation);
            }
            await router.ApplyAsync(Routes((d + 2) * 10 + 9, port, (next, EnvironmentRoutes.FullWeight, true)), cancellation);
            await target.StopAsync(new("bench", "shop", "production", d + 1, stable.Version, TimeSpan.FromSeconds(10)), _ => { }, cancellation);
            stable = next;
            seconds[d] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            progress?.Report((d + 1.0) / deployments);
        }
        await stop.CancelAsync();
        var result = await running;
        var all = result.Versions.Aggregate(LatencyHistogram.Empty, (h, v) => h.Add(v.Latency));
        double[] sorted = [.. seconds.Order()];
        return
        [
            new("failed because of ProdSprint", result.RouterFaults + result.Versions.Sum(v => v.Errors), "responses", null, null, $"0 in {deployments} deployments",
                result is { RouterFaults: 0, Errors: 0 } && result.Answered == result.Sent, [result.RouterFaults]),
            new("answered", result.Answered, "responses", null, null, $"at {rate:0}/s", result.Unsent == 0, [result.Unsent]),
            new("versions seen", result.Versions.Length, "versions", null, null, $"{deployments + 1}", result.Versions.Length == deployments + 1, []),
            new("one deployment, median", Math.Round(sorted[sorted.Length / 2], 2), "s", null, null, "beside it", true, seconds),
            new("latency p99", Math.Round(all.QuantileMs(0.99), 2), "ms", null, null, "beside it", true, []),
        ];
    }

    private sealed record Running(string Version, string Address);

    private static async Task<Running> StartAsync(IDeployTarget target, string repository, int n, CancellationToken cancellation)
    {
        Directory.CreateDirectory(repository);
        if (n == 1) Git(repository, "init", "-q");
        File.WriteAllText(Path.Combine(repository, "server.js"), $"// {n}\n{Server}");
        Git(repository, "add", "-A");
        Git(repository, "-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", $"v{n}");
        var commit = Git(repository, "rev-parse", "HEAD");
        var built = await target.BuildAsync(new("bench", "shop", commit, Plan, false), _ => { }, cancellation);
        var started = await target.StartAsync(new("bench", "shop", "production", n, $"v{n}", built.ArtifactDigest, Plan), _ => { }, cancellation);
        return new($"v{n}", started.Address);
    }

    private static ServicePlan Plan { get; } = new(
        "shop", ".", ServiceKind.Web, "node", null, null, null, null, null, new ServiceCommand("exec node server.js", ".", "bench"), null, null, null,
        new PortPlan(3000, null), new HealthCheckPlan("/", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), 3),
        new ResourceLimits(512, 64, 4096, TimeSpan.FromMinutes(2), 256, TimeSpan.FromSeconds(10)), []);

    private static EnvironmentRoutes Routes(long revision, int? port, params (Running Of, int Weight, bool Stable)[] backends) =>
        new("bench", "shop", "production", revision, port, [], [.. backends.Select(b => new BackendRoute(b.Of.Version, b.Of.Address, b.Weight, b.Stable))], RoutingOptions.Default);

    private static async Task UntilUpAsync(LocalRouterClient router, CancellationToken cancellation)
    {
        for (var left = 600; ; left--)
            try
            {
                await router.StatusAsync(cancellation);
                return;
            }
            catch (RouterUnavailableException) when (left > 0)
            {
                await Task.Delay(50, cancellation);
            }
    }

    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    private static string Git(string directory, params string[] arguments)
    {
        using var p = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true })!;
        var text = p.StandardOutput.ReadToEnd().Trim();
        p.WaitForExit();
        return p.ExitCode == 0 ? text : throw new InvalidOperationException($"git {arguments[0]} failed with exit code {p.ExitCode}.");
    }

    private sealed class Repository(string directory) : ICommitSource
    {
        public Task<string> GitDirectoryAsync(string workspace, string project, CancellationToken cancellation) => Task.FromResult(Path.Combine(directory, ".git"));
    }
}
