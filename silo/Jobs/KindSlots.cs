namespace ProdSprint.Jobs;

/// <summary>Keeps kinds with a limit of their own within it: what was fetched beyond it waits here, and no more of that kind is fetched meanwhile.</summary>
internal sealed class KindSlots(IEnumerable<string> kinds, IReadOnlyDictionary<string, int> limits)
{
    private readonly string[] _kinds = [.. kinds];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _taken = [];
    private readonly Dictionary<string, Queue<JobRun>> _waiting = [];
    private int _waitingCount;

    /// <summary>Fetched, but not to run yet. They take no slot.</summary>
    public int Waiting => Volatile.Read(ref _waitingCount);

    /// <summary>Kinds that may be fetched now.</summary>
    public string[] Open()
    {
        if (limits.Count == 0) return _kinds;
        lock (_lock) return [.. _kinds.Where(k => !limits.TryGetValue(k, out var limit) || _taken.GetValueOrDefault(k) < limit)];
    }

    /// <summary>False: it waits until <see cref="Release"/> hands it out.</summary>
    public bool TryTake(JobRun run)
    {
        var kind = run.Job.Kind;
        if (!limits.TryGetValue(kind, out var limit)) return true;
        lock (_lock)
        {
            var taken = _taken.GetValueOrDefault(kind);
            if (taken < limit)
            {
                _taken[kind] = taken + 1;
                return true;
            }
            if (!_waiting.TryGetValue(kind, out var queue)) _waiting[kind] = queue = new();
            queue.Enqueue(run);
            _waitingCount++;
            return false;
        }
    }

    /// <summary>True: a slot of a limited kind became free. Otherwise <paramref name="next"/>, if there is one, takes it over.</summary>
    public bool Release(string kind, out JobRun? next)
    {
        next = null;
        if (!limits.ContainsKey(kind)) return false;
        lock (_lock)
        {
            if (_waiting.TryGetValue(kind, out var queue) && queue.TryDequeue(out next))
            {
                _waitingCount--;
                return false;
            }
            _taken[kind]--;
            return true;
        }
    }
}
