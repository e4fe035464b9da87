using ProdSprint.Projects;
using ProdSprint.Traffic;

namespace ProdSprint.Deploy;

/// <summary>The deploy target <c>local</c>: real processes on this machine that outlive the server.</summary>
internal sealed class LocalTarget(
    LocalBuilder builder, ArtifactStore store, InstanceRegistry registry, InstanceStarter starter, Supervisor supervisor, DeployPaths paths,
    TimeProvider time, IEnumerable<ITrafficRouter> routers) : IDeployTarget
{
    public string Name => "local";

    public Task<BuildResult> BuildAsync(BuildRequest request, Action<string> log, CancellationToken cancellation) =>
        builder.BuildAsync(request, log, cancellation);

    public async Task<StartResult> StartAsync(StartRequest r, Action<string> log, CancellationToken cancellation)
    {
        var key = new InstanceKey(r.Workspace, r.Project, r.Environment, r.Release);
        using var gate = await registry.EnterAsync(key, cancellation);
        var began = time.GetTimestamp();
        var record = registry.Find(key);
        if (record is not null && (record.ArtifactDigest != r.ArtifactDigest || record.Version != r.Version || record.Phase == InstancePhase.Stopping))
        {
            log($"Stopping what ran here before ({record.Version}).");
            await supervisor.ForgetAsync(key);
            await supervisor.EndAsync(record, cancellation);
            record = null;
        }
        record ??= Reserve(r, key, cancellation);
        if (record.Phase == InstancePhase.Running)
        {
            supervisor.Watch(record); // at least once: it runs already
            return new(record.Address, record.Pid, 0);
        }
        try
        {
            log($"Starting {r.Version} on {(record.Port == 0 ? "no port" : record.Address)}.");
            record = await starter.StartAsync(record, cancellation) with { Phase = InstancePhase.Running };
            registry.Write(record);
        }
        catch
        {
            registry.Release(key); // its process is gone already
            throw;
        }
        supervisor.Watch(record);
        var seconds = Math.Round(time.GetElapsedTime(began).TotalSeconds, 3);
        log($"Healthy after {seconds:0.0} s, pid {record.Pid}.");
        await supervisor.TellAsync(record, InstanceEventKind.Started, $"Healthy on {record.Address} after {seconds:0.0} s.");
        return new(record.Address, record.Pid, seconds);
    }

    public async Task StopAsync(StopRequest r, Action<string> log, CancellationToken cancellation)
    {
        var key = new InstanceKey(r.Workspace, r.Project, r.Environment, r.Release);
        if (registry.Find(key) is null) return;
        // Before the gate: a restart that waits out its pause holds it.
        await DrainAsync(r, log, cancellation);
        await supervisor.ForgetAsync(key);
        using var gate = await registry.EnterAsync(key, cancellation);
        await supervisor.ForgetAsync(key);
        if (registry.Find(key) is not { } record) return;
        record = record with { Phase = InstancePhase.Stopping };
        registry.Write(record); // from here on a crash ends in "stopped", not in "started again"
        await supervisor.EndAsync(record, cancellation);
        log($"Stopped {record.Version}.");
    }

    public Task KeepAsync(KeepArtifact request, CancellationToken cancellation)
    {
        if (store.FindByDigest(request.ArtifactDigest, request.Workspace, request.Project) is { } found)
            store.Update(found.Key, m => m with { GoodAt = time.GetUtcNow(), PinnedArtifacts = request.Pinned });
        store.Collect(registry.All().Select(i => i.ArtifactDigest).ToHashSet(), time.GetUtcNow());
        return Task.CompletedTask;
    }

    public IReadOnlyList<InstanceRecord> List() => registry.All();

    public IReadOnlyList<ArtifactManifest> Artifacts(string workspace, string project) =>
        [.. store.All().Where(m => m.Workspace == workspace && m.Project == project).OrderByDescending(m => m.BuiltAt)];

    public Task<LogPage> RunLogAsync(InstanceKey key, LogQuery query, CancellationToken cancellation) =>
        LogReads.SegmentsAsync(Path.Combine(paths.Instance(key), "log"), query, time, cancellation);

    public Task<LogPage> BuildLogAsync(string workspace, string project, string commit, LogQuery query, CancellationToken cancellation) =>
        LogReads.FileAsync(paths.BuildLog(workspace, project, commit), query, time, cancellation);

    private InstanceRecord Reserve(StartRequest r, InstanceKey key, CancellationToken cancellation)
    {
        var artifact = store.FindByDigest(r.ArtifactDigest, r.Workspace, r.Project)
            ?? throw new DeployException($"The artifact {r.ArtifactDigest} of {r.Version} is not on this machine any more. Release the commit again: it is then built anew.");
        store.Verify(artifact, cancellation);
        var record = new InstanceRecord(Guid.NewGuid().ToString("n"), key, r.Version, artifact.Key, r.ArtifactDigest, 0, r.Service, time.GetUtcNow());
        if (r.Service.Kind != ServiceKind.Worker) return registry.Reserve(record);
        registry.Write(record);
        return record;
    }

    private async Task DrainAsync(StopRequest r, Action<string> log, CancellationToken cancellation)
    {
        // No router: nothing reaches the version through one.
        foreach (var router in routers)
            try
            {
                if (!await router.WaitDrainedAsync(r.Workspace, r.Project, r.Environment, r.Version, r.DrainLimit, cancellation))
                    log($"Requests to {r.Version} were still in flight after {ChildProcess.Text(r.DrainLimit)}; it is stopped all the same.");
            }
            catch (RouterUnavailableException e)
            {
                // Without the router nobody reaches the version either way; but the orders on its disk may still name it, so the job comes again.
                throw new DeployException($"{r.Version} was not stopped, because the router cannot say whether requests are in flight: {e.Message}", retry: true, e);
            }
    }
}
