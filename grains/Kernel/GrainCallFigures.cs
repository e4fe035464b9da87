using System.Collections.Concurrent;
using System.Diagnostics;

namespace ProdSprint.Kernel;

/// <summary>Calls, errors and latency by grain type, counted by an incoming call filter. A few interlocked additions a call.</summary>
public sealed class GrainCallFigures : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, Figures> _types = new();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var failed = true;
        try
        {
            await context.Invoke();
            failed = false;
        }
        finally
        {
            _types.GetOrAdd(context.TargetId.Type.ToString()!, static _ => new()).Add(Stopwatch.GetElapsedTime(started).Ticks, failed);
        }
    }

    /// <summary>Without the runtime's own services, which are called many times a second and are no grains of anybody's.</summary>
    public IReadOnlyDictionary<string, CallFigures> Read() =>
        _types.Where(t => !t.Key.StartsWith("sys.", StringComparison.Ordinal)).ToDictionary(t => t.Key, t => t.Value.Read());

    private sealed class Figures
    {
        private long _calls, _errors, _ticks, _slowest;

        public void Add(long ticks, bool failed)
        {
            Interlocked.Increment(ref _calls);
            Interlocked.Add(ref _ticks, ticks);
            if (failed) Interlocked.Increment(ref _errors);
            if (ticks > Volatile.Read(ref _slowest)) Interlocked.Exchange(ref _slowest, ticks);
        }

        public CallFigures Read()
        {
            var (calls, ticks) = (Volatile.Read(ref _calls), Volatile.Read(ref _ticks));
            return new(calls, Volatile.Read(ref _errors), calls == 0 ? 0 : ticks / (double)calls / TimeSpan.TicksPerMillisecond, Volatile.Read(ref _slowest) / (double)TimeSpan.TicksPerMillisecond);
        }
    }
}
