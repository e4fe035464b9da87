using System.Collections.Concurrent;
using Orleans.Calls;

namespace Orleans.Runtime;

/// <summary>Which grain lives where in this process: at most one activation per grain id, stateless workers aside.</summary>
internal sealed class Catalog(Silo silo, GrainClasses classes)
{
    private readonly ConcurrentDictionary<GrainId, ICallTarget> _targets = new();

    private long _callsOfTheGone;

    /// <summary>How many calls grains have answered since the silo started.</summary>
    public long CallsAnswered => Interlocked.Read(ref _callsOfTheGone) + Activations.Sum(a => a.CallsAnswered);

    /// <summary>Activations alive, workers included.</summary>
    public IEnumerable<Activation> Activations => _targets.Values.SelectMany(t => t switch
    {
        Activation activation => [activation],
        WorkerPool pool => pool.Activations,
        _ => Enumerable.Empty<Activation>(),
    });

    public ICallTarget Find(GrainId id)
    {
        if (_targets.TryGetValue(id, out var known))
        {
            return known;
        }

        if (id.Type == Observers.Type)
        {
            return silo.Observers.Find(id) ?? throw new ClientNotAvailableException(id);
        }

        silo.ThrowIfNotTakingCalls();
        var grainClass = classes.Get(id.Type);
        ICallTarget created = grainClass.Worker is { } worker
            ? new WorkerPool(silo, grainClass, id, worker.MaxLocalWorkers)
            : new Activation(silo, grainClass, id);
        var winner = _targets.GetOrAdd(id, created);
        if (ReferenceEquals(winner, created) && created is Activation activation)
        {
            Begin(activation);
        }

        return winner;
    }

    public void Begin(Activation activation)
    {
        activation.Class.Count(1);
        activation.Start();
    }

    public void Remove(Activation activation)
    {
        activation.Class.Count(-1);
        Interlocked.Add(ref _callsOfTheGone, activation.CallsAnswered);
        if (!_targets.TryRemove(new KeyValuePair<GrainId, ICallTarget>(activation.GrainId, activation))
            && _targets.TryGetValue(activation.GrainId, out var target) && target is WorkerPool pool)
        {
            pool.Remove(activation);
        }
    }

    public Activation? FindActive(GrainId id) => _targets.TryGetValue(id, out var target) ? target as Activation : null;

    /// <summary>Deactivates what nobody has used for its time; returns how many.</summary>
    public int Collect(TimeSpan? age)
    {
        var now = Environment.TickCount64;
        var collected = 0;
        var reason = new DeactivationReason(DeactivationReasonCode.ActivationIdle, "The grain was idle for longer than its collection age.");
        foreach (var activation in Activations)
        {
            var limit = age ?? silo.AgeLimitOf(activation.Class);
            if (limit is { } time && !activation.Class.KeepAlive && activation.DeactivateIfIdle(now, time, reason))
            {
                collected++;
            }
        }

        return collected;
    }

    public void Abandon()
    {
        foreach (var activation in Activations.ToArray())
        {
            activation.Abandon();
        }
    }

    public async Task<int> DeactivateAllAsync(CancellationToken token)
    {
        var all = Activations.ToArray();
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "This process is terminating.");
        foreach (var activation in all)
        {
            activation.Deactivate(reason, token);
        }

        await Task.WhenAll(all.Select(a => a.Deactivated)).WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return all.Length;
    }
}
