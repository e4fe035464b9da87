using System.Collections.Concurrent;
using System.Diagnostics;

namespace ProdSprint.Operations;

/// <summary>Requests by route and status class, with their total time, for <c>/metrics</c>.</summary>
public sealed class RequestFigures
{
    private readonly ConcurrentDictionary<(string Route, int Class), Figure> _routes = new();

    public IEnumerable<(string Route, int Class, long Count, double Seconds)> Read() =>
        _routes.OrderBy(r => r.Key.Route, StringComparer.Ordinal).ThenBy(r => r.Key.Class).Select(r => (r.Key.Route, r.Key.Class, r.Value.Count, r.Value.Ticks / (double)TimeSpan.TicksPerSecond));

    public async Task Count(HttpContext context, RequestDelegate next)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
            _routes.GetOrAdd((route, context.Response.StatusCode / 100), static _ => new()).Add(Stopwatch.GetElapsedTime(started).Ticks);
        }
    }

    private sealed class Figure
    {
        private long _count, _ticks;

        public long Count => Volatile.Read(ref _count);

        public long Ticks => Volatile.Read(ref _ticks);

        public void Add(long ticks)
        {
            Interlocked.Increment(ref _count);
            Interlocked.Add(ref _ticks, ticks);
        }
    }
}
