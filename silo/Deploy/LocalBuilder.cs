using System.Collections.Concurrent;
using System.Globalization;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Deploy;

/// <summary>Checkout → install → build → artifact → tests. The same input finds its artifact and builds nothing.</summary>
internal sealed class LocalBuilder(
    LocalDeployOptions options, DeployPaths paths, Sandbox sandbox, ArtifactStore store, ICommitSource commits, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _building = new();

    public async Task<BuildResult> BuildAsync(BuildRequest r, Action<string> watcher, CancellationToken cancellation)
    {
        var services = Services(r);
        var key = ArtifactIdentity.Key(r.Workspace, r.Project, r.Commit, services);
        var gate = _building.GetOrAdd(key, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellation); // a job that is delivered twice builds once
        try
        {
            var began = time.GetTimestamp();
            var found = store.Find(key);
            var tests = r.RunTests ? Distinct(services.Select(s => (s, s.Test))) : [];
            var testsWanted = tests.Count > 0;
            if (found is not null && (!testsWanted || (found.TestLine == Lines(tests) && (found.TestReport is not { } report || store.Report(key, report) is not null))))
            {
                watcher($"Reused the artifact {found.Digest[..19]}… built {found.BuiltAt:u} from the same commit and plan.");
                return Result(found, time.GetElapsedTime(began), reused: true, testsWanted);
            }
            using var log = new BuildLog(paths.BuildLog(r.Workspace, r.Project, r.Commit), options.BuildLogBytes, watcher);
            await SweepAsync(key, cancellation);
            var artifact = found ?? await MakeAsync(r, services, key, log, cancellation);
            if (testsWanted) artifact = await TestAsync(r, tests, artifact, log, cancellation);
            log.Line($"Artifact {artifact.Digest}, {artifact.Files} files, {artifact.Bytes / 1024.0 / 1024:0.0} MiB.");
            return Result(artifact, time.GetElapsedTime(began), reused: found is not null, testsWanted);
        }
        catch (IOException e) when (Checkout.IsDiskFull(e))
        {
            throw new DeployException("The disk is full: the build was taken away again. Free some space, then retry.", retry: true, e);
        }
        finally
        {
            FileTree.Delete(paths.Work(key));
            gate.Release();
        }
    }

    private async Task<ArtifactManifest> MakeAsync(BuildRequest r, ServicePlan[] services, string key, BuildLog log, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var limit = DiskLimit(services);
        try
        {
            var tree = store.Reserve(key);
            log.Line($"Checking out {ArtifactStore.Short(r.Commit)}.");
            var git = await commits.GitDirectoryAsync(r.Workspace, r.Project, cancellation);
            var checkout = await Checkout.ExportAsync(git, r.Commit, tree, limit, cancellation);
            log.Line($"{checkout.Files} files, {checkout.Bytes / 1024.0 / 1024:0.0} MiB.");
            foreach (var s in checkout.Submodules) log.Line($"The submodule {s} is left out: submodules are not supported yet.");

            // Every install before any build: what one service builds may need what another has installed. A line that several share runs once.
            var left = services.ToDictionary(s => s.Name, s => s.Limits.BuildDeadline);
            foreach (var (title, commands) in new[] { ("install", Distinct(services.Select(s => (s, s.Install)))), ("build", Distinct(services.Select(s => (s, s.Build)))) })
                foreach (var (service, command) in commands)
                {
                    var step = time.GetTimestamp();
                    await RunAsync($"The {title} of {service.Name}", command, r, service, key, tree, limit, left[service.Name], log, cancellation);
                    // Install and build share one limit: what the install leaves of it is the build's.
                    left[service.Name] -= time.GetElapsedTime(step);
                    if (left[service.Name] < TimeSpan.FromSeconds(1)) left[service.Name] = TimeSpan.FromSeconds(1);
                }
            foreach (var service in services)
                if (service is { Kind: ServiceKind.Static, StaticDirectory: { } directory } && !Directory.Exists(Inside(tree, directory)))
                    throw new DeployException($"The build made no directory '{directory}', which is to be served. Name the right one in prodsprint.yml (output), or check the build command.");
            var elapsed = time.GetElapsedTime(began).TotalSeconds;
            return store.Seal(new(key, "", r.Workspace, r.Project, r.Commit, r.Service.Name, 0, 0, elapsed, time.GetUtcNow()), cancellation);
        }
        catch
        {
            store.Discard(key);
            throw;
        }
    }

    /// <summary>Tests run on a copy: what they write is no part of what is deployed.</summary>
    private async Task<ArtifactManifest> TestAsync(
        BuildRequest r, List<(ServicePlan Service, ServiceCommand Command)> tests, ArtifactManifest artifact, BuildLog log, CancellationToken cancellation)
    {
        var copy = Path.Combine(paths.Work(artifact.Key), "tests");
        FileTree.Copy(store.Tree(artifact.Key), copy, cancellation);
        var tree = store.Tree(artifact.Key);
        var files = new Lazy<string[]>(() => [.. FileTree.Walk(tree).Where(f => f.Entry is FileInfo).Select(f => f.Path)]);
        var run = new TestRun(copy, directory => new(files.Value, [copy, tree], directory), log);
        foreach (var (service, command) in tests)
            await run.RunAsync(
                command.Directory,
                () => ExecuteAsync($"The tests of {service.Name}", command, r, service, artifact.Key, copy, tree, DiskLimit(Services(r)), service.Limits.BuildDeadline, log, cancellation),
                cancellation);
        // the report before the manifest that names it
        var report = run.Report is { } said ? store.KeepReport(artifact.Key, KernelJson.Write(said)) : null;
        var tested = artifact with { TestLine = Lines(tests), TestsPassed = run.Passed, TestsFailed = run.Failed, TestReport = report };
        store.Update(artifact.Key, m => m with { TestLine = tested.TestLine, TestsPassed = run.Passed, TestsFailed = run.Failed, TestReport = report });
        return tested;
    }

    private static ServicePlan[] Services(BuildRequest r) => [r.Service, .. r.Companions];

    private static List<(ServicePlan Service, ServiceCommand Command)> Distinct(IEnumerable<(ServicePlan Service, ServiceCommand? Command)> all) =>
        [.. all.Where(x => x.Command is not null).Select(x => (x.Service, x.Command!)).DistinctBy(x => (x.Item2.Line, x.Item2.Directory))];

    private static string Lines(List<(ServicePlan Service, ServiceCommand Command)> tests) => string.Join('\n', tests.Select(t => t.Command.Line));

    private static long DiskLimit(ServicePlan[] services) => services.Sum(s => (long)s.Limits.BuildDiskMiB) << 20;

    private async Task RunAsync(
        string title, ServiceCommand command, BuildRequest r, ServicePlan service, string key, string tree, long diskLimit, TimeSpan limit, BuildLog log, CancellationToken cancellation)
    {
        var code = await ExecuteAsync(title, command, r, service, key, tree, tree, diskLimit, limit, log, cancellation);
        if (code == 0) return;
        var last = log.Last(20);
        if (last.Contains("No space left on device", StringComparison.OrdinalIgnoreCase) || last.Contains("ENOSPC", StringComparison.Ordinal))
            throw new DeployException($"{title} failed because the disk is full; nothing of it was kept. Free some space, then retry. Last lines:\n{last}", retry: true);
        var hint = code switch
        {
            127 => "A program it needs is not installed on this machine: install it, or change the command in prodsprint.yml.",
            137 => "It was killed, most often for want of memory.",
            153 => $"It wrote a file larger than the build's disk limit of {diskLimit >> 20} MiB.",
            _ => "Mend it in the repository and release the new commit.",
        };
        throw new DeployException($"{title} failed with exit code {code}: {command.Line}\nLast lines:\n{last}\n{hint}");
    }

    private async Task<int> ExecuteAsync(
        string title, ServiceCommand command, BuildRequest r, ServicePlan service, string key, string directory, string appearsAt, long diskLimit, TimeSpan limit, BuildLog log,
        CancellationToken cancellation)
    {
        var work = paths.Work(key);
        var cache = paths.Cache(r.Workspace, r.Project);
        var (home, temporary) = (Path.Combine(work, "home"), Path.Combine(work, "tmp"));
        foreach (var d in (string[])[home, temporary, cache]) Directory.CreateDirectory(d);
        var inside = Inside(sandbox.Active ? appearsAt : directory, command.Directory);
        var prefix = sandbox.Arguments(inside, [(directory, appearsAt), (home, home), (cache, cache)], [], temporary, dieWithServer: true);
        var environment = BuildEnvironment.Of(options, service, home, sandbox.Active ? "/tmp" : temporary, cache);
        environment["PATH"] = NodeTools.Complete(environment["PATH"], Path.Combine(home, "tools"));
        log.Line($"$ {command.Line}");
        var c = new ChildCommand(
            title, command.Line, Inside(directory, command.Directory), environment, Marker(key), prefix, limit, [directory, work],
            diskLimit, (long)options.MinFreeDiskMiB << 20, Math.Max(1024, service.Limits.MaxOpenFiles));
        var code = await ChildProcess.RunAsync(c, log, time, cancellation);
        ChildProcess.CheckDisk(c);
        return code;
    }

    /// <summary>A server that was killed in the middle of this build left processes behind when there was no sandbox to die with it.</summary>
    private async Task SweepAsync(string key, CancellationToken cancellation)
    {
        await ProcessTable.KillTreeAsync(0, Marker(key), cancellation);
        FileTree.Delete(paths.Work(key));
        Directory.CreateDirectory(paths.Work(key));
    }

    private string Marker(string key) => $"PRODSPRINT_BUILD={paths.Root}#{key}";

    public static string Inside(string root, string directory)
    {
        var full = Path.GetFullPath(Path.Combine(root, directory));
        return full == root || full.StartsWith(root + "/", StringComparison.Ordinal)
            ? full
            : throw new DeployException(string.Create(CultureInfo.InvariantCulture, $"The directory '{directory}' lies outside the repository. Name one inside it in prodsprint.yml."));
    }

    private static BuildResult Result(ArtifactManifest m, TimeSpan took, bool reused, bool tests) =>
        new(m.Digest, m.Bytes, Math.Round(took.TotalSeconds, 3), reused, tests ? m.TestsPassed : 0, tests ? m.TestsFailed : 0) { TestReport = tests ? m.TestReport : null };
}

/// <summary>Where a project's commits are read from: the silo's copy of its repository.</summary>
public interface ICommitSource
{
    /// <summary>The bare repository of a project, on this machine. Throws <see cref="DeployException"/> when it is not there.</summary>
    Task<string> GitDirectoryAsync(string workspace, string project, CancellationToken cancellation);

    /// <summary>Bytes on the disk of all repositories of a workspace; 0 where none are kept.</summary>
    long StoredBytes(string workspace) => 0;
}
