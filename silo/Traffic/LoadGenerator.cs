using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ProdSprint.Traffic;

/// <summary>
/// Constant-rate, open-loop HTTP load: a request goes out when its time has come, whether or not earlier ones were answered, and its duration counts from
/// that time. So a server that stalls shows up as long durations, not as fewer requests.
/// </summary>
public sealed class LoadGenerator(LoadOptions options, TimeProvider? clock = null)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    private readonly TimeProvider _time = clock ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, Counts> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _faults = new(StringComparer.Ordinal);
    private long _sent, _answered, _errors, _routerFaults, _unsent, _began;
    private int _inFlight;

    /// <summary>Until the duration is over or the token is cancelled; either way what is in flight is waited for, up to the time-out.</summary>
    public async Task<LoadResult> RunAsync(CancellationToken cancellation = default)
    {
        if (!(options.RequestsPerSecond > 0)) throw new ArgumentOutOfRangeException(nameof(cancellation), "The load needs a rate above 0.");
        using var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, MaxConnectionsPerServer = options.MaxInFlight, ConnectTimeout = options.Timeout,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        _began = _time.GetTimestamp();
        for (long n = 0; !cancellation.IsCancellationRequested;)
        {
            var elapsed = _time.GetElapsedTime(_began);
            if (elapsed >= options.Duration) break;
            // As many as are due by now: after a pause of this process the missing ones follow at once, with their own times.
            for (var due = (long)(elapsed.TotalSeconds * options.RequestsPerSecond) + 1; n < due; n++) Send(http, n);
            await Task.Delay(Tick, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        var rest = _time.GetTimestamp();
        while (Volatile.Read(ref _inFlight) > 0 && _time.GetElapsedTime(rest) < options.Timeout + options.Timeout) await Task.Delay(Tick, _time, CancellationToken.None);
        return Snapshot();
    }

    /// <summary>The counts so far, while it runs or afterwards.</summary>
    public LoadResult Snapshot() => new(
        _began == 0 ? TimeSpan.Zero : _time.GetElapsedTime(_began), Interlocked.Read(ref _sent), Interlocked.Read(ref _answered), Interlocked.Read(ref _errors),
        Interlocked.Read(ref _routerFaults), Interlocked.Read(ref _unsent), [.. _versions.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Value.Read(v.Key))],
        _faults.ToImmutableDictionary());

    private void Send(HttpClient http, long n)
    {
        if (Volatile.Read(ref _inFlight) >= options.MaxInFlight)
        {
            Interlocked.Increment(ref _unsent); // said, not hidden: the figures then describe less load than was asked for
            return;
        }
        Interlocked.Increment(ref _inFlight);
        Interlocked.Increment(ref _sent);
        _ = AskAsync(http, TimeSpan.FromSeconds(n / options.RequestsPerSecond), options.Paths[(int)(n % options.Paths.Count)]);
    }

    private async Task AskAsync(HttpClient http, TimeSpan due, string path)
    {
        await Task.Yield(); // a connection that is set up must not hold up the schedule
        var status = 0;
        string? version = null, fault = null;
        try
        {
            using var limit = new CancellationTokenSource(options.Timeout, _time);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Target, path));
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            status = (int)answer.StatusCode;
            if (answer.Headers.TryGetValues("X-ProdSprint-Served-By", out var servedBy)) version = servedBy.FirstOrDefault();
            if (version is null && status >= 500) fault = $"{status} from the router itself";
            await answer.Content.CopyToAsync(Stream.Null, limit.Token);
        }
        catch (OperationCanceledException)
        {
            fault ??= $"no answer within {options.Timeout.TotalSeconds:0.#} s";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            fault ??= version is null ? $"no answer: {e.InnerException?.Message ?? e.Message}" : "answer cut short";
        }
        Count(version, status, fault, (_time.GetElapsedTime(_began) - due).TotalMilliseconds);
        Interlocked.Decrement(ref _inFlight);
    }

    private void Count(string? version, int status, string? fault, double ms)
    {
        if (status > 0) Interlocked.Increment(ref _answered);
        if (fault is not null) _faults.AddOrUpdate(fault, 1, static (_, n) => n + 1);
        if (fault is not null || status >= 500) Interlocked.Increment(ref _errors);
        if (version is not null) _versions.GetOrAdd(version, static _ => new Counts()).Add(fault is not null || status >= 500, ms);
        else if (fault is not null) Interlocked.Increment(ref _routerFaults);
    }

    private sealed class Counts
    {
        private readonly Lock _gate = new();
        private readonly int[] _latency = new int[LatencyHistogram.BucketCount];
        private long _requests, _errors;

        public void Add(bool error, double ms)
        {
            lock (_gate)
            {
                _requests++;
                if (error) _errors++;
                _latency[LatencyHistogram.BucketOf(ms)]++;
            }
        }

        public VersionLoad Read(string version)
        {
            lock (_gate) return new(version, _requests, _errors, LatencyHistogram.FromCounts(_latency));
        }
    }
}

/// <param name="Target">The environment's address on the router, e.g. <c>http://127.0.0.1:7480/</c>.</param>
/// <param name="Duration">Null: until cancelled.</param>
/// <param name="Paths">Asked in turn.</param>
/// <param name="Timeout">Of one request; an answer that takes longer is an error.</param>
/// <param name="MaxInFlight">Beyond it requests are not sent, and counted as such.</param>
public sealed record LoadOptions(
    Uri Target, double RequestsPerSecond, TimeSpan? Duration, IReadOnlyList<string> Paths, TimeSpan Timeout, int MaxInFlight = 512)
{
    public LoadOptions(Uri target, double requestsPerSecond, TimeSpan? duration = null) : this(target, requestsPerSecond, duration, ["/"], TimeSpan.FromSeconds(10))
    {
    }
}

/// <param name="Errors">Answers of 5xx and requests that got no whole answer, whoever is to blame.</param>
/// <param name="RouterFaults">
/// Those that no version is responsible for: refused or reset before an answer, none in time, or a 5xx without <c>X-ProdSprint-Served-By</c>, which the router
/// made itself. A version that dies in front of the router counts here too: keeping such away from visitors is ProdSprint's work.
/// </param>
/// <param name="Unsent">Not sent, because too many were in flight.</param>
/// <param name="Faults">What went wrong, in words → how often.</param>
public sealed record LoadResult(
    TimeSpan Elapsed, long Sent, long Answered, long Errors, long RouterFaults, long Unsent, ImmutableArray<VersionLoad> Versions, ImmutableDictionary<string, long> Faults);

/// <param name="Latency">From the time a request was due to the last byte of its answer.</param>
public sealed record VersionLoad(string Version, long Requests, long Errors, LatencyHistogram Latency);
