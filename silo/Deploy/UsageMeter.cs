using ProdSprint.Plans;

namespace ProdSprint.Deploy;

/// <summary>What one service of one environment used at one look.</summary>
/// <param name="Cores">Processors at work on average since the look before.</param>
/// <param name="MemoryMiB">Resident now.</param>
public sealed record UsageSample(string Workspace, string Project, string Environment, string Service, double Cores, double MemoryMiB, ResourceLimits Limits);

/// <summary>
/// Reads from /proc what the running copies use: one pass over the process table for all of them, nothing of theirs is asked, stopped or waited for.
/// Memory is resident memory (RSS), because that is what <see cref="Supervisor"/> ends a copy by: a proportional share (PSS) would be fairer to pages that processes
/// have in common, and the size that fits it would be killed. Processor time is the tree's own and that of its children that are gone; it is lost for those nobody waited for.
/// </summary>
internal sealed class UsageMeter(InstanceRegistry registry, TimeProvider time)
{
    private readonly record struct Mark(string Id, long StartTicks, long CpuTicks, long At);

    private readonly Lock _one = new();
    private Dictionary<InstanceKey, Mark> _marks = [];

    /// <summary>Since the look before; a copy that is seen for the first time gives no sample yet. Of several copies of a service the busiest counts.</summary>
    public IReadOnlyList<UsageSample> Look()
    {
        lock (_one)
        {
            var copies = registry.All().Where(r => r is { Phase: InstancePhase.Running, Pid: > 1 } && r.BootId == ProcessTable.BootId).ToList();
            if (copies.Count == 0)
            {
                _marks = [];
                return [];
            }
            var trees = Trees(copies);
            var (marks, now) = (new Dictionary<InstanceKey, Mark>(), time.GetTimestamp());
            var seen = new List<(InstanceRecord Copy, double Cores, double MiB)>();
            foreach (var copy in copies)
            {
                if (!trees.TryGetValue(copy.Pid, out var tree)) continue;
                var mark = new Mark(copy.Id, copy.StartTicks, tree.CpuTicks, now);
                marks[copy.Key] = mark;
                if (!_marks.TryGetValue(copy.Key, out var before) || before.Id != mark.Id || before.StartTicks != mark.StartTicks) continue;
                var seconds = time.GetElapsedTime(before.At, now).TotalSeconds;
                if (seconds > 0) seen.Add((copy, Math.Max(0, mark.CpuTicks - before.CpuTicks) / (double)ProcessTable.TicksPerSecond / seconds, tree.Bytes / 1048576.0));
            }
            _marks = marks;
            return
            [
                .. seen.GroupBy(s => (s.Copy.Key.Workspace, s.Copy.Key.Project, s.Copy.Key.Environment, s.Copy.Service.Name)).Select(g => new UsageSample(
                    g.Key.Workspace, g.Key.Project, g.Key.Environment, g.Key.Name, g.Max(s => s.Cores), g.Max(s => s.MiB), g.MaxBy(s => s.Copy.Key.Release).Copy.Service.Limits)),
            ];
        }
    }

    /// <summary>By the pid of the copy's leader: members of its session, and their descendants in sessions of their own.</summary>
    private static Dictionary<int, (long CpuTicks, long Bytes)> Trees(List<InstanceRecord> copies)
    {
        var all = ProcessTable.All();
        var leaders = copies.ToDictionary(c => c.Pid, c => c.StartTicks);
        // The pid alone may be somebody else's by now.
        var living = all.Where(p => p.Alive && leaders.TryGetValue(p.Pid, out var started) && started == p.StartTicks).Select(p => p.Pid).ToHashSet();
        var owners = new Dictionary<int, int>();
        foreach (var p in all)
            if (living.Contains(p.Session)) owners[p.Pid] = p.Session;
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var p in all)
                if (owners.TryGetValue(p.Parent, out var owner) && owners.TryAdd(p.Pid, owner)) grew = true;
        }
        var sums = new Dictionary<int, (long CpuTicks, long Bytes)>();
        foreach (var p in all)
            if (owners.TryGetValue(p.Pid, out var owner))
            {
                var sum = sums.GetValueOrDefault(owner);
                sums[owner] = (sum.CpuTicks + p.CpuTicks, sum.Bytes + p.ResidentBytes);
            }
        return sums;
    }
}
