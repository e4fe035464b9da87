using System.Runtime.ExceptionServices;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Deploy;

/// <summary>
/// Starts every service of a version, each as a process of its own: first those that listen, then the entry, then the workers, so that each finds what it
/// calls. All ports are reserved before the first process starts, for every service is told where the others will listen. One that does not start takes
/// those down that were started with it.
/// </summary>
internal sealed class VersionStarter(InstanceRegistry registry, InstanceStarter starter, Supervisor supervisor, ArtifactStore store, TimeProvider time)
{
    /// <summary>The entry's record, running. The caller holds the version's gate.</summary>
    public async Task<InstanceRecord> StartAsync(StartRequest r, InstanceKey key, Action<string> log, CancellationToken cancellation)
    {
        var there = registry.Version(key);
        if (there.Find(x => x.ArtifactDigest != r.ArtifactDigest || x.Version != r.Version || x.Phase == InstancePhase.Stopping) is { } other)
        {
            log($"Stopping what ran here before ({other.Version}).");
            foreach (var x in there) await supervisor.ForgetAsync(x.Key);
            await supervisor.EndAsync(there, cancellation);
            there = [];
        }
        var artifact = new Lazy<ArtifactManifest>(() => Artifact(r, cancellation));
        var began = time.GetTimestamp();
        var entry = Reserved(r, key, r.Service, there, artifact);
        var beside = r.Companions.Select(s => Reserved(r, key with { Service = s.Name }, s, there, artifact)).ToList();
        InstanceRecord[][] waves = [[.. beside.Where(b => b.Port != 0)], [entry], [.. beside.Where(b => b.Port == 0)]];
        var running = new List<InstanceRecord>();
        try
        {
            foreach (var wave in waves) running.AddRange(await TogetherAsync(wave, log, cancellation));
        }
        catch
        {
            await supervisor.EndAsync([.. waves.SelectMany(w => w).Where(w => w.Phase != InstancePhase.Running)], CancellationToken.None);
            throw;
        }
        foreach (var x in running) supervisor.Watch(x); // at least once: some may be watched already
        entry = running.Single(x => x.Key.Service is null);
        if (waves.All(w => w.All(x => x.Phase == InstancePhase.Running))) return entry;
        var text = $"Healthy on {entry.Address} after {time.GetElapsedTime(began).TotalSeconds:0.0} s.";
        log(text);
        await supervisor.TellAsync(entry, InstanceEventKind.Started, text);
        return entry;
    }

    private InstanceRecord Reserved(StartRequest r, InstanceKey key, ServicePlan service, List<InstanceRecord> there, Lazy<ArtifactManifest> artifact)
    {
        if (there.Find(x => x.Key == key) is { } found) return found;
        var record = new InstanceRecord(Guid.NewGuid().ToString("n"), key, r.Version, artifact.Value.Key, r.ArtifactDigest, 0, service, time.GetUtcNow());
        if (service.Kind != ServiceKind.Worker) return registry.Reserve(record);
        registry.Write(record);
        return record;
    }

    private async Task<IEnumerable<InstanceRecord>> TogetherAsync(InstanceRecord[] wave, Action<string> log, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Exception? first = null;
        var started = await Task.WhenAll(wave.Select(async r =>
        {
            try
            {
                return await OneAsync(r, log, stop.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                await stop.CancelAsync(); // the others need not wait until their own deadlines
                return r;
            }
        }));
        if (first is not null) ExceptionDispatchInfo.Throw(first);
        return started;
    }

    private async Task<InstanceRecord> OneAsync(InstanceRecord r, Action<string> log, CancellationToken cancellation)
    {
        if (r.Phase == InstancePhase.Running) return r;
        log($"Starting {r.Service.Name} {r.Version} on {(r.Port == 0 ? "no port" : r.Address)}.");
        var running = await starter.StartAsync(r, cancellation) with { Phase = InstancePhase.Running };
        registry.Write(running);
        log($"{r.Service.Name} runs, pid {running.Pid}.");
        return running;
    }

    private ArtifactManifest Artifact(StartRequest r, CancellationToken cancellation)
    {
        var artifact = store.Need(r.ArtifactDigest, r.Workspace, r.Project, r.Version);
        store.Verify(artifact, cancellation);
        return artifact;
    }
}
