using System.Globalization;
using System.Net.Sockets;
using ProdSprint.Gates;
using ProdSprint.Jobs;

namespace ProdSprint.Deploy;

/// <summary>
/// <c>gates.smoke</c>: real requests to a started version. A bad answer is a failed smoke, which is a result; only what stops the handler itself is an error.
/// </summary>
internal sealed class SmokeHandler(TimeProvider time, IRouteFinder routes) : IJobHandler
{
    /// <summary>A page that needs longer than this is not fit for traffic, and the gate must end.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>As a browser would, and few enough not to be a load test.</summary>
    private const int AtOnce = 4;

    private const int MostNamed = 3;

    public string Kind => DeployJobs.Smoke;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation) =>
        JobContext.Write(await RunAsync(context.Read<SmokeRequest>(), context.Log, cancellation));

    public async Task<SmokeResult> RunAsync(SmokeRequest request, Action<string> log, CancellationToken cancellation)
    {
        var paths = request.Paths.IsDefaultOrEmpty ? ["/"] : request.Paths;
        if (!Uri.TryCreate($"http://{request.Address}", UriKind.Absolute, out _) || request.Address.Length == 0)
            return new(false, 0, 0, 0, $"There is nothing to ask: '{request.Address}' is no address.");
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        { Timeout = Timeout.InfiniteTimeSpan };
        var durations = new List<double>();
        var problems = new List<string>();
        var gate = new Lock();
        var all = paths.SelectMany(p => Enumerable.Repeat(p, Math.Max(1, request.RequestsPerPath)));
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (path, token) =>
        {
            var began = time.GetTimestamp();
            var problem = await AskAsync(http, request.Address, path, token);
            lock (gate)
            {
                durations.Add(time.GetElapsedTime(began).TotalMilliseconds);
                if (problem is not null) problems.Add(problem);
            }
        });
        durations.Sort();
        var p95 = Math.Round(durations[Math.Min(durations.Count - 1, (int)Math.Ceiling(durations.Count * 0.95) - 1)], 2);
        var detail = problems.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{durations.Count} requests to {string.Join(", ", paths)}, no errors, p95 {p95} ms.")
            : $"{problems.Count} of {durations.Count} requests failed: {string.Join("; ", problems.GroupBy(p => p).OrderByDescending(g => g.Count()).Take(MostNamed).Select(g => $"{g.Key} ({g.Count()}×)"))}.";
        log(detail);
        // what does not even answer is not put under load
        var found = problems.Count == 0 && request.Subject is { } subject ? await routes.FindAsync(subject, request.Address, log, cancellation) : null;
        return new(problems.Count == 0, durations.Count, problems.Count, p95, detail) { Routes = found };
    }

    private async Task<string?> AskAsync(HttpClient http, string address, string path, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{address}{(path.StartsWith('/') ? "" : "/")}{path}"), HttpCompletionOption.ResponseHeadersRead, both.Token);
            await answer.Content.CopyToAsync(Stream.Null, both.Token); // a body that breaks off is an error as well
            return (int)answer.StatusCode < 400 ? null : $"GET {path} answered {(int)answer.StatusCode}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"GET {path} was not answered within {Longest.TotalSeconds:0} s";
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
                ? $"GET {path}: nothing listens on {address}"
                : $"GET {path}: {e.InnerException?.Message ?? e.Message}";
        }
    }
}
