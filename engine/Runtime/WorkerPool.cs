using Orleans.Calls;

namespace Orleans.Runtime;

/// <summary>The activations of one stateless worker grain: a call goes to an idle one, else to a new one, else to the shortest queue.</summary>
internal sealed class WorkerPool(Silo silo, GrainClass grainClass, GrainId id, int limit) : ICallTarget
{
    private readonly Lock _gate = new();
    private Activation[] _workers = [];

    public Activation[] Activations => Volatile.Read(ref _workers);

    public bool TryEnqueue(GrainCall call)
    {
        while (true)
        {
            var worker = Choose();
            if (worker.TryEnqueue(call))
            {
                return true;
            }

            Remove(worker);
        }
    }

    public void Remove(Activation worker)
    {
        lock (_gate)
        {
            _workers = [.. _workers.Where(w => w != worker)];
        }
    }

    public void OnCompleted(GrainCall call, Exception? exception) => throw new InvalidOperationException("Workers complete their own calls.");

    public void Post(Action action) => throw new InvalidOperationException("Workers run their own turns.");

    public bool SweepTimeouts(long now) => false;

    private Activation Choose()
    {
        Activation created;
        lock (_gate)
        {
            var best = _workers.MinBy(w => w.PendingCalls);
            if (best is not null && (best.PendingCalls == 0 || _workers.Length >= limit))
            {
                return best;
            }

            created = new Activation(silo, grainClass, id);
            _workers = [.. _workers, created];
        }

        silo.Catalog.Begin(created);
        return created;
    }
}
