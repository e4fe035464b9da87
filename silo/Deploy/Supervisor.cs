using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Deploy;

/// <summary>
/// Keeps running copies running: takes them over at start, starts the dead again with growing pauses, ends and restarts those that hang or go over their
/// limits. One watch for each copy. When the server stops, the watches stop and the copies go on.
/// </summary>
internal sealed partial class Supervisor(
    LocalDeployOptions options, InstanceRegistry registry, ProcessLauncher launcher, InstanceStarter starter, HealthProbe probe,
    IEnumerable<IInstanceEvents> listeners, TimeProvider time, ILogger<Supervisor> log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<InstanceKey, (CancellationTokenSource Stop, Task Running)> _watches = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Takes over what an earlier server left: what lives is watched, what died meanwhile is started again, what was on its way out is ended.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var r in registry.All())
        {
            // A copy that was still starting belongs to the job that asked for it; the job comes again, or its release stops it.
            if (r.Phase == InstancePhase.Starting) continue;
            if (r.Phase == InstancePhase.Stopping)
            {
                using (await registry.EnterAsync(r.Key, cancellationToken)) await EndAsync([r], cancellationToken);
                continue;
            }
            var adopted = r;
            if (launcher.FindRunning(r) is { } process)
            {
                adopted = r with { Pid = process.Pid, StartTicks = process.StartTicks, BootId = ProcessTable.BootId };
                if (adopted != r) registry.Write(adopted);
                LogAdopted(r.Key, r.Version, process.Pid);
                await TellAsync(adopted, InstanceEventKind.Adopted, $"Found running with pid {process.Pid} on {r.Address}.");
            }
            Watch(adopted);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_watches.Values.Select(w => w.Running)).WaitAsync(cancellationToken);
    }

    /// <summary>From now on this copy is kept running.</summary>
    public void Watch(InstanceRecord r)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var watch = (stop, Task.Run(() => WatchAsync(r, stop.Token)));
        if (!_watches.TryAdd(r.Key, watch)) stop.Cancel(); // watched already
    }

    /// <summary>Returns when the watch has ended: nothing restarts the copy any more.</summary>
    public async Task ForgetAsync(InstanceKey key)
    {
        if (!_watches.TryRemove(key, out var watch)) return;
        await watch.Stop.CancelAsync();
        await watch.Running;
        watch.Stop.Dispose();
    }

    /// <summary>SIGTERM, grace, SIGKILL to all of them at once, and their records are gone. The caller holds the version's gate.</summary>
    public async Task EndAsync(IReadOnlyList<InstanceRecord> version, CancellationToken cancellation)
    {
        await Task.WhenAll(version.Select(r => launcher.TerminateAsync(r, r.Service.Limits.StopGrace, cancellation)));
        foreach (var r in version.OrderBy(r => r.Key.Service is null)) // the entry last: what they all ran from goes with it
        {
            registry.Release(r.Key);
            await TellAsync(r, InstanceEventKind.Stopped, "Stopped.");
        }
    }

    public async Task TellAsync(InstanceRecord r, InstanceEventKind kind, string text)
    {
        var happened = new InstanceEvent(r.Key, r.Version, r.Address, kind, text, time.GetUtcNow());
        foreach (var listener in listeners)
            try
            {
                await listener.HappenedAsync(happened, _stopping.Token);
            }
            catch (Exception e)
            {
                LogListenerFailed(e, r.Key, kind);
            }
    }

    private async Task WatchAsync(InstanceRecord r, CancellationToken cancellation)
    {
        var pause = options.RestartDelay;
        while (!cancellation.IsCancellationRequested)
            try
            {
                var why = await UntilUnwellAsync(r, cancellation);
                if (time.GetUtcNow() - r.StartedAt > options.RestartForgiveness) pause = options.RestartDelay;
                LogUnwell(r.Key, r.Version, why.Text);
                r = r with { Problem = why.Text };
                registry.Write(r);
                await TellAsync(r, why.Kind, why.Text);
                (r, pause) = await RestartAsync(r, pause, cancellation);
                await TellAsync(r, InstanceEventKind.Recovered, $"Healthy again on {r.Address} after {r.Restarts} restarts in all.");
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogWatchFailed(e, r.Key); // e.g. the disk is full and the record cannot be written: look again later
                await Task.Delay(options.RestartMaxDelay, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    private async Task<(InstanceEventKind Kind, string Text)> UntilUnwellAsync(InstanceRecord r, CancellationToken cancellation)
    {
        var plan = HealthProbe.PlanOf(r.Service);
        var asked = time.GetTimestamp();
        var failures = 0;
        while (true)
        {
            if (launcher.FindRunning(r) is not { } process)
                return (InstanceEventKind.Died, $"The process died: {starter.HowItEnded(r)}. Last line: {await LastLineAsync(r, cancellation)}");
            if (Limits(r, process) is { } over) return (InstanceEventKind.Unhealthy, over);
            if (time.GetElapsedTime(asked) >= plan.Interval)
            {
                asked = time.GetTimestamp();
                var answer = await probe.AskAsync(r, time, cancellation);
                failures = answer.Healthy ? 0 : failures + 1;
                if (failures >= Math.Max(1, plan.FailuresUntilUnhealthy))
                    return (InstanceEventKind.Unhealthy, $"The health check failed {failures} times in a row: {answer.Detail}.");
            }
            await Task.Delay(options.WatchInterval < plan.Interval ? options.WatchInterval : plan.Interval, time, cancellation);
        }
    }

    private async Task<(InstanceRecord, TimeSpan)> RestartAsync(InstanceRecord r, TimeSpan pause, CancellationToken cancellation)
    {
        while (true)
        {
            using (await registry.EnterAsync(r.Key, cancellation))
            {
                await launcher.TerminateAsync(r, r.Service.Limits.StopGrace, cancellation);
                cancellation.ThrowIfCancellationRequested();
                // Full jitter would make the first restart slow for no gain: a machine has few copies.
                await Task.Delay(pause, time, cancellation);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.RestartMaxDelay.Ticks));
                r = r with { Restarts = r.Restarts + 1, StartedAt = null, Pid = 0, StartTicks = 0, Given = null };
                registry.Write(r);
                try
                {
                    r = await starter.StartAsync(r, cancellation) with { Problem = null };
                    registry.Write(r);
                    return (r, pause);
                }
                catch (DeployException e)
                {
                    LogUnwell(r.Key, r.Version, e.Message);
                    r = r with { Problem = e.Message };
                    registry.Write(r);
                }
            }
        }
    }

    /// <summary>Measured, because a limit on address space would hit every runtime that reserves more than it uses.</summary>
    private static string? Limits(InstanceRecord r, ProcessStat leader)
    {
        var members = ProcessTable.All().FindAll(p => p.Alive && p.Session == leader.Session);
        var mebibytes = members.Sum(p => p.ResidentBytes) >> 20;
        if (mebibytes > r.Service.Limits.MemoryMiB) return $"It used {mebibytes} MiB of memory, more than its limit of {r.Service.Limits.MemoryMiB} MiB.";
        // The launch script, its log cutter and bubblewrap are ours.
        var own = members.Count - 5;
        return own > r.Service.Limits.MaxProcesses ? $"It ran {own} processes, more than its limit of {r.Service.Limits.MaxProcesses}." : null;
    }

    private async Task<string> LastLineAsync(InstanceRecord r, CancellationToken cancellation) => await starter.LastLinesAsync(r, 1, cancellation) is { Length: > 0 } line ? line : "(no output)";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_watches.Values.Select(w => w.Running));
        _stopping.Dispose();
    }
}
