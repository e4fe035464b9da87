using System.Collections.Immutable;

namespace ProdSprint.Traffic;

/// <summary>
/// Reports between the loops and whoever fetches them: numbered batches, kept until acknowledged, the oldest dropped (and counted) when they become too many.
/// </summary>
internal sealed class ReportBuffer(string instance, int maxRows)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, string, string, string, long), TrafficSecond> _pending = [];
    private readonly LinkedList<TrafficReportBatch> _batches = new();
    private TaskCompletionSource _changed = NewSignal();
    private int _rows;
    private long _sequence, _dropped;

    public string Instance => instance;

    public int Rows
    {
        get { lock (_gate) return _rows + _pending.Count; }
    }

    public long Dropped
    {
        get { lock (_gate) return _dropped; }
    }

    public void Add(IReadOnlyList<TrafficSecond> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                var key = (row.Workspace, row.Project, row.Environment, row.Version, row.UnixSecond);
                _pending[key] = _pending.TryGetValue(key, out var there) ? Sum(there, row) : row;
            }
        }
    }

    /// <summary>Closes what was added since the last call into a batch; nothing when nothing was.</summary>
    public void Seal()
    {
        TaskCompletionSource wake;
        lock (_gate)
        {
            if (_pending.Count == 0) return;
            _batches.AddLast(new TrafficReportBatch(instance, ++_sequence, [.. _pending.Values], _dropped));
            _rows += _pending.Count;
            _pending.Clear();
            while (_rows > maxRows && _batches.Count > 1)
            {
                var oldest = _batches.First!.Value;
                _batches.RemoveFirst();
                _rows -= oldest.Seconds.Length;
                _dropped += oldest.Seconds.Sum(row => row.Requests);
            }
            wake = _changed;
            _changed = NewSignal();
        }
        wake.SetResult();
    }

    /// <summary>The first batch after the cursor, or null and a task that completes when there may be one. DroppedRequests is as of now.</summary>
    public TrafficReportBatch? Next(ReportCursor? after, out Task changed)
    {
        lock (_gate)
        {
            changed = _changed.Task;
            var known = after is not null && after.Router == instance ? after.Sequence : 0;
            foreach (var batch in _batches)
                if (batch.Sequence > known) return batch with { DroppedRequests = _dropped };
            return null;
        }
    }

    public void Acknowledge(ReportCursor upTo)
    {
        if (upTo.Router != instance) return;
        lock (_gate)
        {
            while (_batches.First is { } first && first.Value.Sequence <= upTo.Sequence)
            {
                _rows -= first.Value.Seconds.Length;
                _batches.RemoveFirst();
            }
        }
    }

    public static TrafficSecond Sum(TrafficSecond a, TrafficSecond b) => a with
    {
        Requests = a.Requests + b.Requests,
        Errors = a.Errors + b.Errors,
        RouterFaults = a.RouterFaults + b.RouterFaults,
        Latency = a.Latency.Add(b.Latency),
        Classes = new(
            a.Classes.Informational + b.Classes.Informational, a.Classes.Success + b.Classes.Success, a.Classes.Redirect + b.Classes.Redirect,
            a.Classes.ClientError + b.Classes.ClientError, a.Classes.ServerError + b.Classes.ServerError, a.Classes.Aborted + b.Classes.Aborted),
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
