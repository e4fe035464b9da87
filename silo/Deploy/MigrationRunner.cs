using ProdSprint.Plans;

namespace ProdSprint.Deploy;

/// <summary>
/// Runs a version's migrations in the very copy that it starts from afterwards, with the variables it will see. What they write goes into the version's own
/// log. That they are done is noted beside the copy and goes with it, so a job that is delivered twice migrates once. A server that is killed in the
/// middle runs them again from a fresh copy: how far the first run came is known to the migration tool, which keeps its own table.
/// </summary>
internal sealed class MigrationRunner(
    LocalDeployOptions options, DeployPaths paths, Sandbox sandbox, ArtifactStore store, RunTrees trees, RunEnvironment environment, ShownLog shown, TimeProvider time)
{
    private sealed record Done(string Effect, MigrateResult Result);

    /// <summary>The caller holds the version's gate, and nothing of the version runs yet.</summary>
    public async Task<MigrateResult> RunAsync(MigrateRequest r, InstanceKey key, string effect, Action<string> watcher, CancellationToken cancellation)
    {
        var note = Path.Combine(paths.Instance(key), "migrated.json");
        if (DurableFile.Read<Done>(note) is { } done && done.Effect == effect)
        {
            watcher($"Migrated already: {done.Result.Detail}");
            return done.Result;
        }
        var began = time.GetTimestamp();
        await ProcessTable.KillTreeAsync(0, Marker(key), cancellation);
        FileTree.Delete(paths.RunTree(key));
        var artifact = store.Need(r.ArtifactDigest, r.Workspace, r.Project, r.Version);
        store.Verify(artifact, cancellation);
        var tree = trees.Make(key, artifact.Key, cancellation);
        var hide = await shown.HiderAsync(key, cancellation);
        using var log = new BuildLog(LogReads.Newest(Path.Combine(paths.Instance(key), "log")), Math.Max(4096, options.RunLogBytes / 4), line => watcher(hide(line)), append: true);
        var said = new List<string>();
        foreach (var service in r.Services)
        {
            log.Forget();
            await OneAsync(r, key, service, tree, store.Tree(artifact.Key), log, hide, cancellation);
            said.Add($"{service.Name}: {(hide(log.Last(1)) is { Length: > 0 } line && !line.StartsWith("$ ", StringComparison.Ordinal) ? line : "(no output)")}");
        }
        var result = new MigrateResult(said.Count, Math.Round(time.GetElapsedTime(began).TotalSeconds, 3), string.Join("; ", said));
        DurableFile.Write(note, new Done(effect, result));
        return result;
    }

    private async Task OneAsync(MigrateRequest r, InstanceKey key, ServicePlan service, string tree, string appearsAt, BuildLog log, Func<string, string> hide, CancellationToken cancellation)
    {
        var command = service.Migrate!;
        var (home, temporary) = (Path.Combine(paths.Instance(key), "home"), Path.Combine(paths.Instance(key), "tmp"));
        foreach (var d in (string[])[home, temporary]) Directory.CreateDirectory(d);
        var prefix = sandbox.Arguments(
            LocalBuilder.Inside(sandbox.Active ? appearsAt : tree, command.Directory), [(tree, appearsAt), (home, home)], [], temporary, dieWithServer: true);
        var (variables, _) = await environment.OfAsync(key, r.Version, service, 0, home, sandbox.Active ? "/tmp" : temporary, cancellation);
        log.Line($"$ {command.Line}");
        var title = $"The migration of {service.Name} in {r.Environment}";
        var child = new ChildCommand(
            title, command.Line, LocalBuilder.Inside(tree, command.Directory), variables, Marker(key), prefix, service.Limits.BuildDeadline, [tree, home, temporary],
            (long)service.Limits.BuildDiskMiB << 20, (long)options.MinFreeDiskMiB << 20, service.Limits.MaxOpenFiles);
        var code = await ChildProcess.RunAsync(child, log, time, cancellation);
        if (code == 0) return;
        throw new DeployException(
            $"{title} failed with exit code {code}: {command.Line}\nLast lines:\n{hide(log.Last(20))}\nThe version was not started. Look at what the migration left behind, mend it, and release again.");
    }

    private string Marker(InstanceKey key) => $"PRODSPRINT_MIGRATION={paths.Root}#{key}";
}
