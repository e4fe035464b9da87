using ProdSprint.Traffic;

namespace ProdSprint.Deploy;

/// <summary>The deploy target <c>local</c>: real processes on this machine that outlive the server.</summary>
internal sealed class LocalTarget(
    LocalBuilder builder, ArtifactStore store, InstanceRegistry registry, MigrationRunner migrations, VersionStarter starter, Supervisor supervisor,
    DeployPaths paths, ShownLog shown, TimeProvider time, IEnumerable<ITrafficRouter> routers) : IDeployTarget
{
    /// <summary>Of each project: one is at most <see cref="LocalDeployOptions.BuildLogBytes"/>.</summary>
    private const int KeptBuildLogs = 50;

    public string Name => "local";

    public Task<BuildResult> BuildAsync(BuildRequest request, Action<string> log, CancellationToken cancellation) =>
        builder.BuildAsync(request, log, cancellation);

    public async Task<MigrateResult> MigrateAsync(MigrateRequest r, string effect, Action<string> log, CancellationToken cancellation)
    {
        var key = new InstanceKey(r.Workspace, r.Project, r.Environment, r.Release);
        using var gate = await registry.EnterAsync(key, cancellation);
        return await migrations.RunAsync(r, key, effect, log, cancellation);
    }

    public async Task<StartResult> StartAsync(StartRequest r, Action<string> log, CancellationToken cancellation)
    {
        var key = new InstanceKey(r.Workspace, r.Project, r.Environment, r.Release);
        using var gate = await registry.EnterAsync(key, cancellation);
        var began = time.GetTimestamp();
        var entry = await starter.StartAsync(r, key, log, cancellation);
        return new(entry.Address, entry.Pid, Math.Round(time.GetElapsedTime(began).TotalSeconds, 3));
    }

    public async Task StopAsync(StopRequest r, Action<string> log, CancellationToken cancellation)
    {
        var key = new InstanceKey(r.Workspace, r.Project, r.Environment, r.Release);
        if (registry.Version(key).Count > 0) await DrainAsync(r, log, cancellation);
        // Before the gate: a restart that waits out its pause holds it.
        foreach (var x in registry.Version(key)) await supervisor.ForgetAsync(x.Key);
        using var gate = await registry.EnterAsync(key, cancellation);
        var version = registry.Version(key);
        foreach (var x in version) await supervisor.ForgetAsync(x.Key);
        version = [.. version.Select(x => x with { Phase = InstancePhase.Stopping })];
        foreach (var x in version) registry.Write(x); // from here on a crash ends in "stopped", not in "started again"
        await supervisor.EndAsync(version, cancellation);
        registry.Release(key); // a copy that was migrated and never started has no record
        if (version.Count > 0) log($"Stopped {r.Version}.");
    }

    public Task KeepAsync(KeepArtifact request, CancellationToken cancellation)
    {
        if (store.FindByDigest(request.ArtifactDigest, request.Workspace, request.Project) is { } found)
            store.Update(found.Key, m => m with { GoodAt = time.GetUtcNow(), PinnedArtifacts = request.Pinned });
        foreach (var old in paths.BuildLogs(request.Workspace, request.Project).Skip(KeptBuildLogs)) File.Delete(old);
        store.Collect(registry.All().Select(i => i.ArtifactDigest).ToHashSet(), time.GetUtcNow());
        return Task.CompletedTask;
    }

    public IReadOnlyList<InstanceRecord> List() => registry.All();

    public long StoredBytes(string workspace) => store.All().Where(m => m.Workspace == workspace).Sum(m => m.Bytes);

    public IReadOnlyList<ArtifactManifest> Artifacts(string workspace, string project) =>
        [.. store.All().Where(m => m.Workspace == workspace && m.Project == project).OrderByDescending(m => m.BuiltAt)];

    public async Task<LogPage> RunLogAsync(InstanceKey key, LogQuery query, CancellationToken cancellation)
    {
        var page = await LogReads.SegmentsAsync(Path.Combine(paths.Instance(key), "log"), query, time, cancellation);
        return page with { Text = await shown.ShowAsync(key, page.Text, cancellation) };
    }

    public Task<LogPage> BuildLogAsync(string workspace, string project, string commit, LogQuery query, CancellationToken cancellation) =>
        LogReads.FileAsync(paths.BuildLog(workspace, project, commit), query, time, cancellation);

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
