using System.Collections.Concurrent;
using Orleans.Calls;

namespace Orleans.Runtime;

/// <summary>
/// Answers calls that take too long. Looking at the queues of busy activations twice a second costs nothing per call,
/// where a timer per call would cost more than the call.
/// </summary>
internal sealed class TimeoutMonitor : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<ICallTarget> _watched = new();
    private readonly Timer _timer;
    private int _sweeping;

    public TimeoutMonitor() => _timer = new Timer(static state => ((TimeoutMonitor)state!).Sweep(), this, Period, Period);

    public void Watch(ICallTarget target) => _watched.Enqueue(target);

    public void Dispose() => _timer.Dispose();

    public static void Expire(GrainCall call)
    {
        if (call.IsOneWay)
        {
            return;
        }

        call.CancelInside();
        call.Fail(new TimeoutException(
            $"Response did not arrive on time in {TimeSpan.FromMilliseconds(call.TimeoutMs)} for message: {call}. " +
            "The grain may be busy with another call, or waiting for one that waits for it."));
    }

    private void Sweep()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) == 1)
        {
            return;
        }

        try
        {
            var now = Environment.TickCount64;
            for (var left = _watched.Count; left > 0 && _watched.TryDequeue(out var target); left--)
            {
                if (target.SweepTimeouts(now))
                {
                    _watched.Enqueue(target);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }
}
