using Orleans.Calls;
using Orleans.CodeGeneration;
using Orleans.Runtime;

namespace Orleans.Timers;

internal sealed class TimerRegistry : ITimerRegistry
{
    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(grainContext);
        ArgumentNullException.ThrowIfNull(callback);
        GrainTimer.Validate(options.DueTime, options.Period);
        var activation = (Activation)grainContext;
        var timer = new GrainTimer(activation, token => callback(state, token), options);
        activation.AddTimer(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }
}

/// <summary>Ticks are turns of the grain. The next one is due a period after the end of the last, so ticks never pile up.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;
    private TimeSpan _changedDue;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = activation.Silo.Time.CreateTimer(
                static timer => ((GrainTimer)timer!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero && dueTime != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, "The due time is negative.");
        }

        if (period < TimeSpan.Zero && period != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(period), period, "The period is negative.");
        }
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        lock (_gate)
        {
            if (_stopped.IsCancellationRequested)
            {
                return;
            }

            _period = period;
            if (_ticking)
            {
                // Changed from within its own tick: counts from the end of it.
                _changed = true;
                _changedDue = dueTime;
                return;
            }

            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped.IsCancellationRequested)
            {
                return;
            }

            _timer.Dispose();
            _stopped.Cancel();
        }

        _activation.RemoveTimer(this);
    }

    private void OnDue()
    {
        lock (_gate)
        {
            if (_ticking || _stopped.IsCancellationRequested)
            {
                return;
            }

            _ticking = true;
        }

        var tick = new DelegateCall(_activation.GrainReference, TickAsync, _options.KeepAlive)
        {
            Flags = _options.Interleave ? InvokeMethodOptions.AlwaysInterleave : InvokeMethodOptions.None,
        };
        _activation.TryEnqueue(tick);
    }

    private async Task TickAsync(Activation activation)
    {
        try
        {
            if (!_stopped.IsCancellationRequested)
            {
                await _callback(_stopped.Token);
            }
        }
        catch (Exception exception)
        {
            EngineLog.TimerFailed(activation.Silo.Logger, exception, activation.GrainId);
        }

        lock (_gate)
        {
            _ticking = false;
            var next = _changed ? _changedDue : _period;
            _changed = false;
            if (!_stopped.IsCancellationRequested && next != Timeout.InfiniteTimeSpan)
            {
                _timer.Change(next, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
