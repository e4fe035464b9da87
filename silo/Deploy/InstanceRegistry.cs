using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ProdSprint.Deploy;

/// <summary>The records of all running copies, on disk, and the ports they hold. One gate for each instance: start, stop and restart take turns.</summary>
internal sealed class InstanceRegistry(DeployPaths paths, LocalDeployOptions options)
{
    /// <summary>Logs of ended copies that stay in each environment.</summary>
    private const int KeptLogs = 10;

    private readonly ConcurrentDictionary<InstanceKey, SemaphoreSlim> _gates = new();
    private readonly Lock _ports = new();

    public InstanceRecord? Find(InstanceKey key) => DurableFile.Read<InstanceRecord>(File(key));

    public List<InstanceRecord> All()
    {
        if (!Directory.Exists(paths.Instances)) return [];
        // WORKSPACE/PROJECT/ENVIRONMENT/RELEASE; deeper lie whole applications, which are not searched.
        var releases = Directory.EnumerateDirectories(paths.Instances, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })
            .Where(d => Path.GetRelativePath(paths.Instances, d).Count(c => c == '/') == 3);
        return [.. releases.SelectMany(Records)];
    }

    /// <summary>Every process of one version: its entry first, then what runs beside it.</summary>
    public List<InstanceRecord> Version(InstanceKey key) => [.. Records(paths.Instance(key.Entry))];

    private static IEnumerable<InstanceRecord> Records(string release)
    {
        var services = Path.Combine(release, "services");
        var directories = Directory.Exists(services) ? Directory.GetDirectories(services).Order(StringComparer.Ordinal).Prepend(release) : [release];
        return directories.Select(d => DurableFile.Read<InstanceRecord>(Path.Combine(d, "record.json"))).OfType<InstanceRecord>();
    }

    public void Write(InstanceRecord r)
    {
        Directory.CreateDirectory(paths.Instance(r.Key));
        DurableFile.Write(File(r.Key), r);
    }

    /// <summary>The copy is gone: its record and its files go, its log stays for a while.</summary>
    public void Release(InstanceKey key)
    {
        var directory = paths.Instance(key);
        if (!Directory.Exists(directory)) return;
        System.IO.File.Delete(File(key)); // first: what is left without a record is only rubbish
        foreach (var d in (string[])["tree", "tree~", "home", "tmp"]) FileTree.Delete(Path.Combine(directory, d));
        foreach (var f in (string[])["exit", "lock", "out", "migrated.json"]) System.IO.File.Delete(Path.Combine(directory, f));
        if (key.Service is not null || Path.GetDirectoryName(directory) is not { } environment) return;
        var ended = Directory.GetDirectories(environment).Where(d => !System.IO.File.Exists(Path.Combine(d, "record.json")))
            .OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var n) ? n : 0);
        foreach (var d in ended.Skip(KeptLogs)) FileTree.Delete(d);
    }

    public async Task<IDisposable> EnterAsync(InstanceKey key, CancellationToken cancellation)
    {
        var gate = _gates.GetOrAdd(key, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellation);
        return new Leave(gate);
    }

    /// <summary>Reserves a free port by writing the record that holds it: no second instance gets it, not even after a crash.</summary>
    public InstanceRecord Reserve(InstanceRecord withoutPort)
    {
        lock (_ports)
        {
            var taken = All().Select(r => r.Port).ToHashSet();
            foreach (var l in IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()) taken.Add(l.Port);
            var span = options.LastPort - options.FirstPort + 1;
            var first = Random.Shared.Next(span);
            for (var i = 0; i < span; i++)
            {
                var port = options.FirstPort + (first + i) % span;
                if (taken.Contains(port) || !CanBind(port)) continue;
                var reserved = withoutPort with { Port = port };
                Write(reserved);
                return reserved;
            }
        }
        throw new DeployException($"No port is free between {options.FirstPort} and {options.LastPort}. Stop something, or widen Deploy:FirstPort..LastPort.", retry: true);
    }

    private static bool CanBind(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string File(InstanceKey key) => Path.Combine(paths.Instance(key), "record.json");

    private sealed class Leave(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
