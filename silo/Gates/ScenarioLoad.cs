using System.Collections.Immutable;
using System.Diagnostics;

namespace ProdSprint.Gates;

/// <summary>
/// The built-in generator of load: an open loop. A request goes out when it is due, whether or not earlier ones were answered, and its duration counts from that
/// time; so a version that stalls shows long durations, and not fewer requests.
/// </summary>
public sealed class ScenarioLoad
{
    public const string Name = "built-in";

    private const int MostInFlight = 512;
    private const int WarmAtOnce = 4;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>Ends when every request has its answer or its time-out.</summary>
    /// <param name="address"><c>127.0.0.1:port</c></param>
    public async Task<ImmutableArray<RouteMeasure>> RunAsync(LoadScenario scenario, string address, CancellationToken cancellation)
    {
        var timeout = TimeSpan.FromMilliseconds(scenario.TimeoutMs);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = timeout }) { Timeout = Timeout.InfiniteTimeSpan };
        await WarmAsync(http, scenario, address, timeout, cancellation);
        var seen = scenario.Routes.Select(_ => new Seen()).ToArray();
        var due = scenario.Routes.SelectMany((route, index) => Enumerable.Range(0, route.Requests).Select(n => (Due: route.Due(n, index, scenario), Index: index))).OrderBy(d => d.Due).ToList();
        var pending = new List<Task>(due.Count);
        var inFlight = 0;
        var began = Stopwatch.GetTimestamp();
        foreach (var (at, index) in due)
        {
            // after a pause of this process the missing ones follow at once, with their own times
            while (Stopwatch.GetElapsedTime(began) < at) await Task.Delay(Tick, cancellation);
            if (Volatile.Read(ref inFlight) >= MostInFlight)
            {
                seen[index].Add(timeout.TotalMilliseconds, $"not sent, because {MostInFlight} others waited"); // said, not hidden
                continue;
            }
            Interlocked.Increment(ref inFlight);
            pending.Add(OneAsync(index, at));
        }
        await Task.WhenAll(pending);
        cancellation.ThrowIfCancellationRequested();
        return [.. scenario.Routes.Select((route, index) => seen[index].Read(route.Name))];

        async Task OneAsync(int index, TimeSpan at)
        {
            await Task.Yield(); // a connection that is set up must not hold up the schedule
            var problem = await AskAsync(http, scenario.Routes[index], address, timeout, cancellation);
            seen[index].Add((Stopwatch.GetElapsedTime(began) - at).TotalMilliseconds, problem);
            Interlocked.Decrement(ref inFlight);
        }
    }

    /// <summary>Each route once before it is measured: what a program reads, compiles and connects to the first time is not how it serves.</summary>
    private static Task WarmAsync(HttpClient http, LoadScenario scenario, string address, TimeSpan timeout, CancellationToken cancellation) =>
        Parallel.ForEachAsync(scenario.Routes, new ParallelOptions { MaxDegreeOfParallelism = WarmAtOnce, CancellationToken = cancellation },
            async (route, token) => await AskAsync(http, route, address, timeout, token));

    /// <returns>What went wrong; null: nothing.</returns>
    private static async Task<string?> AskAsync(HttpClient http, LoadRoute route, string address, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using var request = new HttpRequestMessage(new(route.Method), new Uri($"http://{address}{route.Path}"));
            foreach (var (name, value) in route.Headers) request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await answer.Content.CopyToAsync(Stream.Null, limit.Token); // a body that breaks off is an error as well
            return (int)answer.StatusCode < 400 ? null : $"{(int)answer.StatusCode}";
        }
        catch (OperationCanceledException)
        {
            return $"no whole answer within {timeout.TotalSeconds:0.#} s";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UriFormatException)
        {
            return e.InnerException?.Message ?? e.Message;
        }
    }

    private sealed class Seen
    {
        private readonly Lock _gate = new();
        private readonly List<double> _ms = [];
        private readonly Dictionary<string, int> _problems = new(StringComparer.Ordinal);

        public void Add(double ms, string? problem)
        {
            lock (_gate)
            {
                _ms.Add(ms);
                if (problem is not null) _problems[problem] = _problems.GetValueOrDefault(problem) + 1;
            }
        }

        public RouteMeasure Read(string route)
        {
            lock (_gate)
            {
                _ms.Sort();
                var worst = _problems.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Value} × {p.Key}").FirstOrDefault();
                return new(route, _ms.Count, _problems.Values.Sum(), At(0.5), At(0.95), At(0.99), worst);
            }
        }

        /// <summary>Nearest rank: a duration that was really seen.</summary>
        private double At(double share) => _ms.Count == 0 ? 0 : Math.Round(_ms[Math.Max(0, (int)Math.Ceiling(share * _ms.Count) - 1)], 2);
    }
}
