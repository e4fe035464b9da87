using System.Diagnostics;
using Orleans.Calls;

namespace Orleans.Runtime;

/// <summary>
/// Runs the turns of one activation, one at a time, on pool threads. Turns are calls and the continuations that calls leave behind;
/// awaits inside a turn capture this scheduler, so that a grain never runs on two threads at once.
/// </summary>
internal abstract class TurnScheduler : TaskScheduler, IThreadPoolWorkItem
{
    /// <summary>How long one activation may hold a pool thread while others wait.</summary>
    private static readonly long Quantum = Stopwatch.Frequency / 20;

    private static readonly ExecutionContext CleanContext = CaptureClean();

    private readonly Queue<Task> _continuations = new(0);
    private bool _scheduled;

    [ThreadStatic]
    private static TurnScheduler? _running;

    [ThreadStatic]
    private static Task? _batch;

    /// <summary>Guards the queues of continuations and calls.</summary>
    protected Lock Gate { get; } = new();

    protected abstract IGrainContext? Context { get; }

    /// <summary>The next call that may start now, already recorded as running; null if none. Called under the gate.</summary>
    protected abstract GrainCall? TakeCall();

    /// <summary>Whether a call may start now. Called under the gate.</summary>
    protected abstract bool HasCall { get; }

    protected abstract void Run(GrainCall call);

    public bool IsCurrent => _running == this;

    /// <summary>Called under the gate; true: the caller schedules after leaving it.</summary>
    protected bool NeedsScheduling()
    {
        if (_scheduled)
        {
            return false;
        }

        return _scheduled = true;
    }

    /// <summary>
    /// Into the shared queue, which is first in, first out. A thread's own queue is last in, first out: two that call each other would keep
    /// a thread for themselves, and with all threads taken so even timers would never fire.
    /// </summary>
    protected void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    protected override void QueueTask(Task task)
    {
        bool schedule;
        lock (Gate)
        {
            _continuations.Enqueue(task);
            schedule = NeedsScheduling();
        }

        if (schedule)
        {
            Schedule();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && (IsCurrent || ReferenceEquals(task, _batch)) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (Gate)
        {
            return [.. _continuations];
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // One task per batch, so that TaskScheduler.Current is this scheduler in every turn of it.
        var batch = new Task(static state => ((TurnScheduler)state!).RunBatch(), this);
        _batch = batch;
        batch.RunSynchronously(this);
        _batch = null;
        if (batch.IsFaulted)
        {
            Environment.FailFast("A turn let an exception escape into the scheduler.", batch.Exception);
        }
    }

    private void RunBatch()
    {
        var outerContext = RuntimeContext.Current;
        var outerScheduler = _running;
        RuntimeContext.Current = Context;
        _running = this;
        try
        {
            RunTurns();
        }
        finally
        {
            _running = outerScheduler;
            RuntimeContext.Current = outerContext;
        }
    }

    private void RunTurns()
    {
        var started = 0L;
        for (var turns = 1; ; turns++)
        {
            Task? continuation;
            GrainCall? call;
            lock (Gate)
            {
                _continuations.TryDequeue(out continuation);
                call = TakeCall();
                if (continuation is null && call is null)
                {
                    _scheduled = false;
                    return;
                }
            }

            if (continuation is not null)
            {
                TryExecuteTask(continuation);
            }

            if (call is not null)
            {
                Run(call);
                ExecutionContext.Restore(CleanContext);
            }

            if ((turns & 31) == 0 && IsOverQuantum(ref started))
            {
                // To the end of the shared queue: other activations come first.
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }

    private static bool IsOverQuantum(ref long started)
    {
        var now = Stopwatch.GetTimestamp();
        if (started == 0)
        {
            started = now;
        }

        return now - started > Quantum;
    }

    private static ExecutionContext CaptureClean()
    {
        ExecutionContext? clean = null;
        var thread = new Thread(() => clean = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return clean!;
    }
}
