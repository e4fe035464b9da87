namespace ProdSprint.Jobs;

/// <summary>
/// Who runs next of what was fetched: tenants take turns, and none has all slots, so that whoever comes with one job among ten thousand of another finds
/// a slot free, however long those take.
/// </summary>
/// <param name="slots">Jobs running at once.</param>
/// <param name="most">Of one tenant.</param>
internal sealed class TenantTurns(int slots, int most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<JobRun>> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private int _taken;

    /// <summary>False: it waits until <see cref="Release"/> hands it out.</summary>
    public bool TryTake(JobRun run)
    {
        var tenant = run.Job.Workspace;
        lock (_lock)
        {
            if (_taken < slots && _running.GetValueOrDefault(tenant) < most)
            {
                Start(tenant);
                return true;
            }
            if (!_waiting.TryGetValue(tenant, out var queue))
            {
                _waiting[tenant] = queue = new();
                _turns.Enqueue(tenant);
            }
            queue.Enqueue(run);
            return false;
        }
    }

    /// <summary>One has ended; the one that may begin instead.</summary>
    public JobRun? Release(string tenant)
    {
        lock (_lock)
        {
            _taken--;
            if (--_running[tenant] == 0) _running.Remove(tenant);
            for (var n = _turns.Count; n > 0; n--)
            {
                var next = _turns.Dequeue();
                var queue = _waiting[next];
                if (_running.GetValueOrDefault(next) >= most)
                {
                    _turns.Enqueue(next);
                    continue;
                }
                var run = queue.Dequeue();
                if (queue.Count > 0) _turns.Enqueue(next);
                else _waiting.Remove(next);
                Start(next);
                return run;
            }
            return null;
        }
    }

    private void Start(string tenant)
    {
        _taken++;
        _running[tenant] = _running.GetValueOrDefault(tenant) + 1;
    }
}
