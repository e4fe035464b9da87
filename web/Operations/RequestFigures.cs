using System.Collections.Concurrent;
using System.Diagnostics;

namespace ProdSprint.Operations;

/// <summary>How long requests took, by route and status class, for <c>/metrics</c>.</summary>
public sealed class RequestFigures
{
    private readonly ConcurrentDictionary<(string Route, int Class), Figure> _routes = new();

    /// <summary>Upper bounds in seconds: around what a read, a command and a slow query take. The last one, infinity, is not in it.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public IEnumerable<RequestFigure> Read() =>
        _routes.OrderBy(r => r.Key.Route, StringComparer.Ordinal).ThenBy(r => r.Key.Class).Select(r => r.Value.Read(r.Key.Route, r.Key.Class));

    public async Task Count(HttpContext context, RequestDelegate next)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var route = RouteOf(context);
            _routes.GetOrAdd((route, context.Response.StatusCode / 100), static _ => new()).Add(Stopwatch.GetElapsedTime(started));
            RequestSpans.Describe(context, route);
        }
    }

    /// <summary>A group's own route ends with a slash that nobody writes.</summary>
    private static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText switch
    {
        null => "(none)",
        { Length: > 1 } path when path[^1] == '/' => path[..^1],
        var path => path,
    };

    private sealed class Figure
    {
        private readonly long[] _counts = new long[Bounds.Count + 1];
        private long _ticks;

        public void Add(TimeSpan took)
        {
            var bucket = 0;
            while (bucket < Bounds.Count && took.TotalSeconds > Bounds[bucket]) bucket++;
            Interlocked.Increment(ref _counts[bucket]);
            Interlocked.Add(ref _ticks, took.Ticks);
        }

        public RequestFigure Read(string route, int statusClass)
        {
            var counts = new long[_counts.Length];
            for (var i = 0; i < counts.Length; i++) counts[i] = Volatile.Read(ref _counts[i]);
            return new(route, statusClass, counts, Volatile.Read(ref _ticks) / (double)TimeSpan.TicksPerSecond);
        }
    }
}

/// <param name="Counts">By bucket of <see cref="RequestFigures.Bounds"/>, not summed up; the last is what was slower than all.</param>
/// <param name="Seconds">Of all of them together.</param>
public sealed record RequestFigure(string Route, int StatusClass, IReadOnlyList<long> Counts, double Seconds);
