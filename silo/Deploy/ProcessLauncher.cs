using System.Diagnostics;
using System.Globalization;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Deploy;

/// <summary>
/// Starts a version as a process that needs nothing of us afterwards: a session of its own, its output into size-limited files through a small shell
/// beside it, its exit status into a file. Finds what an earlier server started before it starts anything.
/// </summary>
internal sealed class ProcessLauncher(
    LocalDeployOptions options, DeployPaths paths, Sandbox sandbox, ArtifactStore store, InstanceRegistry registry, IVariableSource variables, TimeProvider time)
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
        var (copy, home, temporary) = (Path.Combine(directory, "tree"), Path.Combine(directory, "home"), Path.Combine(directory, "tmp"));
        foreach (var d in (string[])[home, temporary, Path.Combine(directory, "log")]) Directory.CreateDirectory(d);
        if (!Directory.Exists(copy))
        {
            var half = copy + "~";
            FileTree.Delete(half);
            FileTree.Copy(store.Tree(r.ArtifactKey), half, cancellation);
            Directory.Move(half, copy);
        }

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
            $"{(limits.MemoryMiB * 4L + 2048) * 1024}", LocalBuilder.Inside(copy, r.Service.Start?.Directory ?? "."), .. prefix, .. line,
        ];
        foreach (var a in arguments) start.ArgumentList.Add(a);
        start.Environment.Clear();
        foreach (var (name, value) in await EnvironmentAsync(r, home, sandbox.Active ? "/tmp" : temporary, cancellation)) start.Environment[name] = value;
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

    private async Task<Dictionary<string, string>> EnvironmentAsync(InstanceRecord r, string home, string temporary, CancellationToken cancellation)
    {
        var e = BuildEnvironment.Base(options, home, temporary);
        var port = r.Port.ToString(CultureInfo.InvariantCulture);
        if (!r.Service.Variables.IsDefault)
            foreach (var v in r.Service.Variables)
                if (v.Value is not null) e[v.Name] = v.Value;
        foreach (var (name, value) in await variables.GetAsync(r.Key, r.Service, cancellation)) e[name] = value;
        foreach (var name in e.Keys.ToList()) e[name] = e[name].Replace("${PORT}", port, StringComparison.Ordinal);
        if (r.Port != 0)
        {
            e["PORT"] = port;
            if (r.Service.Port?.Variable is { Length: > 0 } variable) e[variable] = port;
        }
        e["PRODSPRINT_INSTANCE"] = r.Id;
        e["PRODSPRINT_VERSION"] = r.Version;
        e["PRODSPRINT_ENVIRONMENT"] = r.Key.Environment;
        return e;
    }
}

/// <summary>Values that are provided from outside: secrets and project settings. They go into the process and nowhere else.</summary>
public interface IVariableSource
{
    Task<IReadOnlyDictionary<string, string>> GetAsync(InstanceKey key, ServicePlan service, CancellationToken cancellation);
}

/// <summary>Until somebody provides values: none.</summary>
internal sealed class NoVariables : IVariableSource
{
    public Task<IReadOnlyDictionary<string, string>> GetAsync(InstanceKey key, ServicePlan service, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
}
