using Orleans.Runtime;

namespace Orleans.Reminders;

/// <summary>One reminder while this process runs. It ticks at its start time plus whole periods, whenever the process was started.</summary>
internal sealed class LocalReminder : IDisposable
{
    /// <summary>Timers take at most about 49 days; a longer wait is taken in parts.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    private readonly Silo _silo;
    private readonly ITimer _timer;
    private DateTime _next;
    private bool _disposed;

    public LocalReminder(Silo silo, ReminderRow row)
    {
        _silo = silo;
        Row = row;
        _next = NextTick(row, silo.Time.GetUtcNow().UtcDateTime);
        using (ExecutionContext.SuppressFlow())
        {
            _timer = silo.Time.CreateTimer(static s => _ = ((LocalReminder)s!).OnDueAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Arm();
    }

    public ReminderRow Row { get; }

    /// <summary>The first tick at or after now: what was missed while nothing ran is not made up for.</summary>
    public static DateTime NextTick(ReminderRow row, DateTime now)
    {
        if (now <= row.StartAt)
        {
            return row.StartAt;
        }

        var periods = ((now - row.StartAt).Ticks + row.Period.Ticks - 1) / row.Period.Ticks;
        return row.StartAt.AddTicks(periods * row.Period.Ticks);
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    private void Arm()
    {
        var wait = _next - _silo.Time.GetUtcNow().UtcDateTime;
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private async Task OnDueAsync()
    {
        var now = _silo.Time.GetUtcNow().UtcDateTime;
        if (now >= _next && !_disposed)
        {
            try
            {
                await _silo.GrainFactory.GetGrain<IRemindable>(Row.Grain).ReceiveReminder(Row.Name, new TickStatus(Row.StartAt, Row.Period, now));
            }
            catch (Exception exception)
            {
                EngineLog.ReminderFailed(_silo.Logger, exception, Row.Grain, Row.Name);
            }

            _next = NextTick(Row, _silo.Time.GetUtcNow().UtcDateTime.AddTicks(1));
        }

        if (!_disposed)
        {
            Arm();
        }
    }
}
