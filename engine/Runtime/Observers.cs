using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orleans.Calls;

namespace Orleans.Runtime;

/// <summary>Objects outside the grains that have a reference. They are held weakly, as Orleans does: whoever made one keeps it.</summary>
internal sealed class Observers(ILogger logger)
{
    public static readonly GrainType Type = GrainType.Create("sys.client");

    private readonly ConcurrentDictionary<GrainId, ObserverTarget> _targets = new();

    public GrainId Add(IGrainObserver observer)
    {
        var id = GrainId.Create(Type, $"embedded+{Guid.NewGuid():N}");
        _targets[id] = new ObserverTarget(this, id, observer, logger);
        return id;
    }

    public void Remove(GrainId id) => _targets.TryRemove(id, out _);

    public ICallTarget? Find(GrainId id) => _targets.GetValueOrDefault(id);

    /// <summary>Calls of one observer run one after the other, on pool threads.</summary>
    private sealed class ObserverTarget : ICallTarget
    {
        private readonly Channel<GrainCall> _calls = Channel.CreateUnbounded<GrainCall>(new() { SingleReader = true });
        private readonly WeakReference<IGrainObserver> _observer;
        private readonly Observers _owner;
        private readonly GrainId _id;
        private readonly ILogger _logger;
        private TaskCompletionSource? _step;
        private int _pumping;

        public ObserverTarget(Observers owner, GrainId id, IGrainObserver observer, ILogger logger)
        {
            _owner = owner;
            _id = id;
            _logger = logger;
            _observer = new WeakReference<IGrainObserver>(observer);
        }

        public bool TryEnqueue(GrainCall call)
        {
            _calls.Writer.TryWrite(call);
            if (Interlocked.Exchange(ref _pumping, 1) == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static target => _ = target.PumpAsync(), this, preferLocal: false);
            }

            return true;
        }

        public void OnCompleted(GrainCall call, Exception? exception)
        {
            if (exception is not null && call.IsOneWay)
            {
                EngineLog.ObserverFailed(_logger, exception);
            }

            _step?.TrySetResult();
        }

        public void Post(Action action) => ThreadPool.UnsafeQueueUserWorkItem(static a => a(), action, preferLocal: false);

        public bool SweepTimeouts(long now) => false;

        private async Task PumpAsync()
        {
            do
            {
                while (_calls.Reader.TryRead(out var call))
                {
                    await RunAsync(call);
                }

                Volatile.Write(ref _pumping, 0);
            }
            while (_calls.Reader.TryPeek(out _) && Interlocked.Exchange(ref _pumping, 1) == 0);
        }

        private async Task RunAsync(GrainCall call)
        {
            if (!_observer.TryGetTarget(out var observer))
            {
                _owner.Remove(_id);
                call.Fail(new ClientNotAvailableException(_id));
                return;
            }

            var step = _step = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            RequestContext.Current = call.Context;
            call.Start(observer, this);
            await step.Task;
        }
    }
}
