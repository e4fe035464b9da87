using System.Diagnostics;
using System.Globalization;
using ProdSprint.Projects;

namespace ProdSprint.Deploy;

/// <summary>
/// Starts a version as a process that needs nothing of us afterwards: a session of its own, its output into size-limited files through a small shell
/// beside it, its exit status into a file. Finds what an earlier server started before it starts anything.
/// </summary>
internal sealed class ProcessLauncher(
    LocalDeployOptions options, DeployPaths paths, Sandbox sandbox, ArtifactStore store, RunTrees trees, InstanceRegistry registry, RunEnvironment environment,
    TimeProvider time)
{
    /// <summary>The process of a record if it lives: by pid, start time and boot, else by the marker in its environment. Null: nothing of it runs.</summary>
    public ProcessStat? FindRunning(InstanceRecord r)
    {
        if (r.Pid > 1 && r.BootId == ProcessTable.BootId && ProcessTable.Read(r.Pid) is { Alive: true } p && p.StartTicks == r.StartTicks) return p;
        foreach (var q in ProcessTable.Tree(0, r.Marker))
            if (q.Pid == q.Session) return q;
        return null;
    }

    /// <summary>Starts it, or takes over what runs already. The record on disk is right whenever we are killed in here.</summary>
    public async Task<InstanceRecord> LaunchAsync(InstanceRecord r, CancellationToken cancellation)
    {
        if (FindRunning(r) is { } running) return Note(r, running, r.StartedAt ?? time.GetUtcNow());
        // Children that outlived their leader would hold the port.
        await ProcessTable.KillTreeAsync(0, r.Marker, cancellation);

        var directory = paths.Instance(r.Key);
        var (home, temporary) = (Path.Combine(directory, "home"), Path.Combine(directory, "tmp"));
        foreach (var d in (string[])[home, temporary, Path.Combine(directory, "log")]) Directory.CreateDirectory(d);
        var copy = trees.Make(r.Key, r.ArtifactKey, cancellation);

        var appearsAt = sandbox.Active ? store.Tree(r.ArtifactKey) : copy;
        var (line, at) = Command(r, appearsAt);
        // Our own program may lie in what the sandbox replaces or hides: a clone below /tmp, the server's data directory.
        string[] readable = r.Service.Start is null ? [Path.GetDirectoryName(line[0])!, AppContext.BaseDirectory] : [];
        var prefix = sandbox.Arguments(at, [(copy, appearsAt), (home, home)], [.. readable.Where(Directory.Exists)], temporary, dieWithServer: false);
        var start = new ProcessStartInfo("setsid");
        var limits = r.Service.Limits;
        string[] arguments =
        [
            "/bin/sh", "-c", LaunchScript.Text, "prodsprint-run", directory, $"{Math.Max(4096, options.RunLogBytes / 4)}", $"{limits.MaxOpenFiles}",
            // A fuse only: address space is not memory. The supervisor measures what is really used.
            $"{(limits.MemoryMiB * 4L + 2048) * 1024}", Processors.For(r), LocalBuilder.Inside(copy, r.Service.Start?.Directory ?? "."), .. prefix, .. line,
        ];
        foreach (var a in arguments) start.ArgumentList.Add(a);
        start.Environment.Clear();
        // Before anything is read, and again before the process begins: whoever would take a secret away sees that it may be held, or by whom it is.
        if (r.Given is not null) registry.Write(r = r with { Given = null });
        var (seen, given) = await environment.OfAsync(r.Key, r.Version, r.Service, r.Port, home, sandbox.Active ? "/tmp" : temporary, cancellation);
        foreach (var (name, value) in seen) start.Environment[name] = value;
        registry.Write(r = r with { Given = given });
        start.Environment["PRODSPRINT_INSTANCE"] = r.Id;
        File.Delete(Path.Combine(directory, "exit"));

        using var process = Process.Start(start) ?? throw new DeployException("setsid cannot be started. Install util-linux.");
        var stat = ProcessTable.Read(process.Id);
        return stat is { } s ? Note(r, s, time.GetUtcNow()) : r; // ended already: the exit file says how
    }

    /// <summary>SIGTERM to the application, SIGKILL to all that is left after the grace. Returns when nothing of it runs.</summary>
    public async Task TerminateAsync(InstanceRecord r, TimeSpan grace, CancellationToken cancellation)
    {
        var session = FindRunning(r)?.Session ?? 0;
        var began = time.GetTimestamp();
        foreach (var p in ProcessTable.Tree(session, r.Marker))
            // bubblewrap's own process would die of it at once and take the application along without any grace.
            if (p.Name != "bwrap" && p.Pid != session) ProcessTable.Signal(p, ProcessTable.SigTerm);
        while (time.GetElapsedTime(began) < grace && ProcessTable.Tree(session, r.Marker).Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(25), time, cancellation);
        await ProcessTable.KillTreeAsync(session, r.Marker, cancellation);
    }

    /// <summary>The last exit status as the launch script noted it; null while it runs, or when it was killed together with the script.</summary>
    public int? ExitCode(InstanceRecord r)
    {
        var file = Path.Combine(paths.Instance(r.Key), "exit");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var code) ? code : null;
    }

    private InstanceRecord Note(InstanceRecord r, ProcessStat p, DateTimeOffset startedAt)
    {
        var noted = r with { Pid = p.Pid, StartTicks = p.StartTicks, BootId = ProcessTable.BootId, StartedAt = startedAt };
        if (noted != r) registry.Write(noted);
        return noted;
    }

    private (string[] Line, string Directory) Command(InstanceRecord r, string tree)
    {
        if (r.Service.Start is { } start) return (["/bin/sh", "-c", start.Line], LocalBuilder.Inside(tree, start.Directory));
        if (r.Service is { Kind: ServiceKind.Static, StaticDirectory: { } directory })
            return ([.. StaticServerCommand(), LocalBuilder.Inside(tree, directory), "--port", $"{r.Port}"], tree);
        throw new DeployException($"The plan of {r.Service.Name} has no start command and no static directory. Add one of them to prodsprint.yml.");
    }

    private List<string> StaticServerCommand()
    {
        if (options.StaticServer.Count > 0) return options.StaticServer;
        var me = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(me) == "dotnet" ? [me, Environment.GetCommandLineArgs()[0], "static"] : [me, "static"];
    }
}
