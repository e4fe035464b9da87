using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Bench;

/// <summary>
/// What the edge costs: a read with sign-in, membership, row-level security, rate limit and ETag, beside the same bytes from a bare minimal-API route in the same
/// process and run; and how long the questions people ask take with a million rows of audit log, ten thousand projects and a thousand workspaces.
/// </summary>
public static class ApiBench
{
    private const double ReadShare = 0.5, UnchangedShare = 0.8, ReplayShare = 0.5, P99Ms = 25, PermissionMicroseconds = 5, MedianMs = 10;
    /// <summary>Seconds that one side is measured before it is the other's turn.</summary>
    private const double Slice = 0.5;

    /// <summary>Before anything counts: what is hot is compiled for the last time after some seconds.</summary>
    private const int WarmSlices = 4;

    private const int Connections = 32;
    private const string Path = $"/v1/projects/{ApiSeed.Project}";

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(
        int runs = 3, double seconds = 4, int audit = 1_000_000, int projects = 10_000, int workspaces = 1_000, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        await using var started = await BenchServer.StartAsync("api", cancellation);
        var server = started.App;
        await ApiSeed.FillAsync(server.Services, audit, projects, workspaces, cancellation);
        progress?.Report(0.3);
        var ours = new Uri(server.Urls.First());
        var who = await SignInAsync(server.Services);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = ours };
        var (tag, bytes) = await LookAsync(http, who, cancellation);
        await using var bare = await BareAsync(bytes, cancellation);
        var rows = await AgainstBareAsync(ours, new(bare.Urls.First()), who, tag, runs, TimeSpan.FromSeconds(seconds), progress, cancellation);
        rows.Add(await PermissionAsync(server.Services));
        rows.AddRange(await QuestionsAsync(http, who, cancellation));
        progress?.Report(1);
        return rows;
    }

    private static async Task<List<BenchRow>> AgainstBareAsync(Uri ours, Uri bare, string who, string tag, int runs, TimeSpan duration, IProgress<double>? progress, CancellationToken cancellation)
    {
        var slice = TimeSpan.FromSeconds(Math.Min(Slice, duration.TotalSeconds));
        var slices = Math.Max(1, (int)Math.Round(runs * duration.TotalSeconds / slice.TotalSeconds));
        var key = $"{who}Idempotency-Key: {Guid.NewGuid()}\r\n";
        const string body = """{"reason":"the bench's"}""";
        async Task<double> Rate(Uri url, string method, string path, string headers, string content, int status)
        {
            var load = await HttpLoad.RunAsync(url, method, path, headers, content, Connections, slice, null, cancellation);
            return load.Statuses.Keys.All(s => s == status) ? load.PerSecond : throw new InvalidOperationException($"{path} answered {string.Join(", ", load.Statuses.Select(s => $"{s.Value} × {s.Key}"))}, not {status}.");
        }
        (string Name, double Share, Func<Task<double>> Measure)[] against =
        [
            ("read: sign-in, RLS, rate limit, ETag", ReadShare, () => Rate(ours, "GET", Path, who, "", 200)),
            ("read that has not changed (304)", UnchangedShare, () => Rate(ours, "GET", Path, $"{who}If-None-Match: {tag}\r\n", "", 304)),
            ("idempotent replay", ReplayShare, () => Rate(ours, "POST", "/v1/projects/absent/rollback", key, body, 404)),
        ];
        Task<double> Bare() => Rate(bare, "GET", "/bare", who, "", 200);
        var (theirs, mine) = (new double[slices], against.Select(_ => new double[slices]).ToArray());
        for (var n = 0; n < WarmSlices; n++) foreach (var measure in (Func<Task<double>>[])[Bare, .. against.Select(a => a.Measure)]) await measure();
        for (var run = 0; run < slices; run++)
        {
            theirs[run] = await Bare();
            for (var n = 0; n < against.Length; n++) mine[n][run] = await against[n].Measure();
            progress?.Report(0.3 + 0.5 * (run + 1) / slices);
        }
        var rows = against.Select((a, n) => Against(a.Name, a.Share, mine[n], theirs)).ToList();
        var steady = await HttpLoad.RunAsync(ours, "GET", Path, who, "", Connections, duration * 2, 1_000, cancellation);
        var p99 = Math.Round(steady.Percentile(0.99), 2);
        rows.Add(new("p99 at 1,000 requests/s", p99, "ms", null, null, $"≤ {P99Ms} ms", p99 <= P99Ms && steady.Statuses.Keys.All(s => s == 200), [steady.Percentile(0.5), p99, steady.Percentile(0.999)]));
        return rows;
    }

    /// <summary>The median of the slices' ratios: what else the machine did meanwhile, it did to both sides of a slice.</summary>
    private static BenchRow Against(string name, double share, double[] mine, double[] theirs)
    {
        var ratio = Median([.. mine.Zip(theirs, (m, t) => m / t)]);
        return new(name, Math.Round(Median(mine)), "requests/s", Math.Round(Median(theirs)), Math.Round(ratio, 3), $"≥ {share} × a bare route", ratio >= share, mine);
    }

    internal static async Task<BenchRow> PermissionAsync(IServiceProvider services)
    {
        const int checks = 200_000;
        var account = await services.GetRequiredService<Accounts>().FindOrCreateAsync(Login);
        var (authorisation, caller) = (services.GetRequiredService<Authorisation>(), new Caller(Actor.User(account.Id), ApiSeed.Workspace, "bench"));
        var runs = new double[5];
        for (var run = 0; run < runs.Length; run++)
        {
            var from = Stopwatch.GetTimestamp();
            for (var i = 0; i < checks; i++) if (!await authorisation.MayAsync(caller, "GetProject")) throw new InvalidOperationException("The member may not look.");
            runs[run] = Stopwatch.GetElapsedTime(from).TotalMicroseconds / checks;
        }
        return new("permission check", Math.Round(Median(runs), 3), "µs", null, null, $"≤ {PermissionMicroseconds} µs", Median(runs) <= PermissionMicroseconds, runs);
    }

    private static async Task<IReadOnlyList<BenchRow>> QuestionsAsync(HttpClient http, string who, CancellationToken cancellation)
    {
        string[] questions =
        [
            "/v1/projects?limit=50", "/v1/projects?limit=50&sort=-createdAt&state=live", "/v1/runs", "/v1/workspaces", "/v1/me", "/v1/operations/jobs",
            "/v1/admin/audit-logs?limit=50", "/v1/admin/audit-logs?user=user:rare", "/v1/admin/audit-logs?action=RareAction", "/v1/admin/audit-logs?resource=projects/p00042",
        ];
        var rows = new List<BenchRow>();
        foreach (var question in questions)
        {
            var times = new List<double>();
            for (var i = 0; i < 25; i++)
            {
                using var request = Request(question, who);
                var from = Stopwatch.GetTimestamp();
                using var response = await http.SendAsync(request, cancellation);
                await response.Content.ReadAsByteArrayAsync(cancellation);
                if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{question} answered {(int)response.StatusCode}.");
                // The first few are compiled and planned.
                if (i >= 5) times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            }
            var median = Math.Round(Median([.. times]), 2);
            rows.Add(new($"median of {question}", median, "ms", null, null, $"≤ {MedianMs} ms", median <= MedianMs, []));
        }
        return rows;
    }

    private static async Task<(string Tag, byte[] Bytes)> LookAsync(HttpClient http, string who, CancellationToken cancellation)
    {
        using var response = await http.SendAsync(Request(Path, who), cancellation);
        return (response.EnsureSuccessStatusCode().Headers.ETag!.Tag, await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    private static HttpRequestMessage Request(string path, string who)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var line in who.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)) request.Headers.TryAddWithoutValidation(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 2)..]);
        return request;
    }

    /// <summary>A name with rights and no account goes to nobody who signs in, so theirs is another one than the seed's.</summary>
    private static ExternalLogin Login => new("bench", "1", ApiSeed.User, "bench@example.com", true);

    /// <summary>A session as people have it; its token goes with every request.</summary>
    internal static async Task<string> SignInAsync(IServiceProvider services)
    {
        var account = await services.GetRequiredService<Accounts>().FindOrCreateAsync(Login);
        await services.GetRequiredService<IGrainFactory>().GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(ApiSeed.Workspace)).Do(new SetMember(Actor.User(account.Id), [Role.Admin], Actor.User(account.Id), null));
        await services.GetRequiredService<Memberships>().RefreshAsync(ApiSeed.Workspace);
        var session = await services.GetRequiredService<Sessions>().OpenAsync(new DefaultHttpContext { RequestServices = services }, account, "bench");
        return $"Authorization: Bearer {session.AccessToken}\r\nX-ProdSprint-Workspace: {ApiSeed.Workspace}\r\n";
    }

    private static async Task<WebApplication> BareAsync(byte[] bytes, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/bare", () => Results.Bytes(bytes, "application/json"));
        await app.StartAsync(cancellation);
        return app;
    }

    internal static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
