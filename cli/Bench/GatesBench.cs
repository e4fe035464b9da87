using System.Text.Json;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Data;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Bench;

/// <summary>What the gates answer, and how soon: readiness of a planned project whose tests have a history, through the whole edge; and whether advisories are about versions.</summary>
public static class GatesBench
{
    private const double P99Ms = 50;
    private const int Connections = 16, Runs = 50, Tests = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="perSecond">Requests that are due each second, whatever became of those before.</param>
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(double seconds = 20, int perSecond = 200, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var (asked, right) = VersionRanges.Decide();
        progress?.Report(0.1);
        await using var started = await BenchServer.StartAsync("gates", cancellation);
        var url = new Uri(started.App.Urls.First());
        var who = await ApiBench.SignInAsync(started.App.Services);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url };
        foreach (var line in who.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)) http.DefaultRequestHeaders.TryAddWithoutValidation(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 2)..]);
        await PlannedAsync(started.App.Services, http, cancellation);
        progress?.Report(0.3);
        await HttpLoad.RunAsync(url, "GET", "/v1/readiness/shop", who, "", Connections, TimeSpan.FromSeconds(Math.Min(3, seconds)), perSecond, cancellation);
        var load = await HttpLoad.RunAsync(url, "GET", "/v1/readiness/shop", who, "", Connections, TimeSpan.FromSeconds(seconds), perSecond, cancellation);
        if (load.Statuses.Keys.Any(s => s != 200)) throw new InvalidOperationException($"Readiness answered {string.Join(", ", load.Statuses.Select(s => $"{s.Value} × {s.Key}"))}.");
        var flat = await HttpLoad.RunAsync(url, "GET", "/v1/readiness/shop", who, "", Connections, TimeSpan.FromSeconds(seconds / 4), null, cancellation);
        progress?.Report(1);
        var p99 = Math.Round(load.Percentile(0.99), 2);
        var share = Math.Round(100.0 * right / asked, 3);
        return
        [
            new($"readiness, p99 at {perSecond} requests/s", p99, "ms", null, null, $"≤ {P99Ms} ms", p99 <= P99Ms, [load.Percentile(0.5), p99, load.Percentile(0.999)]),
            new("readiness answers, as many as it gives", Math.Round(flat.PerSecond), "/s", null, null, "beside it", true, []),
            new($"version-range decisions that are right, of {asked}", share, "%", null, null, "100 %", asked > 0 && right == asked, []),
        ];
    }

    /// <summary>A real project, imported and planned, and tests of fifty builds.</summary>
    private static async Task PlannedAsync(IServiceProvider services, HttpClient http, CancellationToken cancellation)
    {
        var samples = Path.Combine(Environment.GetEnvironmentVariable("PRODSPRINT_ROOT") ?? Directory.GetCurrentDirectory(), "samples");
        if (!Directory.Exists(Path.Combine(samples, "shop")))
            throw new CliException(ExitCode.Failed, "bench.no-samples", "No samples", $"There is no {samples}/shop.", "Run it from a clone of ProdSprint: ./prodsprint bench gates");
        var home = Directory.CreateTempSubdirectory("prodsprint-bench-shop-").FullName;
        try
        {
            await SampleRepository.CreateAsync(samples, "shop", Path.Combine(home, "shop"), cancellation);
            await PostAsync(http, "/v1/projects", new { source = Path.Combine(home, "shop"), name = "shop" }, cancellation);
            await UntilAsync(http, "/v1/projects/shop", p => p.GetProperty("state").GetString() == "imported", cancellation);
            await PostAsync(http, "/v1/projects/shop/plans", new { }, cancellation);
            await UntilAsync(http, "/v1/projects/shop/plans/1", p => p.GetProperty("status").GetString() == "ready", cancellation);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
        var (runs, documents) = (services.GetRequiredService<TestRunStore>(), services.GetRequiredService<DocumentStore>());
        for (var n = 0; n < Runs; n++)
        {
            var tally = new TestTally();
            for (var t = 0; t < Tests; t++) tally.Case($"suite{t % 20}", $"test {t}", t == n ? TestOutcome.Failed : TestOutcome.Passed, n / 1000.0, "no");
            tally.Lines("src/shop.js", 1, 900, true);
            tally.Lines("src/shop.js", 901, 1000, false);
            var report = tally.Build(["junit junit.xml", "lcov lcov.info"], []);
            var digest = await documents.PutAsync(ApiSeed.Workspace, "tests", KernelJson.Write(report), cancellation);
            await runs.AddAsync(ApiSeed.Workspace, "shop", $"{n:d40}", digest, $"{n:d32}", report, TimeProvider.System.GetUtcNow(), cancellation);
        }
    }

    private static async Task PostAsync(HttpClient http, string path, object body, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(path, body, cancellation);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
    }

    private static async Task UntilAsync(HttpClient http, string path, Func<JsonElement, bool> reached, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        while (true)
        {
            // what was asked for a moment ago may not be there yet
            using var answer = await http.GetAsync(path, limit.Token);
            if (answer.IsSuccessStatusCode && reached(await answer.Content.ReadFromJsonAsync<JsonElement>(limit.Token))) return;
            await Task.Delay(50, limit.Token);
        }
    }
}
