using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Data;

#pragma warning disable CA1416 // PrivateCluster refuses to start on Windows, where PostgreSQL's own installer makes a service.

/// <summary>Where a private cluster lives on disk: data, password, log, lock and socket.</summary>
internal sealed class ClusterHome
{
    private readonly string _root;

    public ClusterHome(string directory)
    {
        if (!Path.IsPathFullyQualified(directory)) throw new DatabaseException($"The directory of the private cluster must be absolute, not '{directory}'.");
        _root = Environment.IsPrivilegedProcess && !Reachable(directory) ? Path.Combine("/var/lib/prodsprint", Short(directory)) : directory;
        // A socket's path may have 107 bytes, a data directory more: so it is named by a digest.
        Socket = Path.Combine("/tmp", "prodsprint-pg-" + Short(_root));
    }

    public string Data => Path.Combine(_root, "data");

    public string PasswordFile => Path.Combine(_root, "owner-password");

    public string LogFile => Path.Combine(_root, "postgresql.log");

    public string Socket { get; }

    /// <summary>A server that lives through a restart of PostgreSQL finds it at the same place.</summary>
    public int LastPort
    {
        get => int.TryParse(File.Exists(PortFile) ? File.ReadAllText(PortFile) : "", out var port) ? port : 0;
        set => File.WriteAllText(PortFile, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private string PortFile => Path.Combine(_root, "port");

    public async Task PrepareAsync(ClusterCommands run, CancellationToken cancellation)
    {
        foreach (var directory in new[] { _root, Socket })
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await run.GiveAsync(directory, cancellation);
        }
    }

    /// <summary>
    /// What the data directory says of its PostgreSQL. One that was ended in order has taken its pid file along; one that died has left it there.
    /// </summary>
    public ClusterState State
    {
        get
        {
            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadLines(PidFile).First(), System.Globalization.CultureInfo.InvariantCulture));
                return process.ProcessName == "postgres" ? ClusterState.Running : ClusterState.Died;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return ClusterState.Stopped;
            }
            catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
            {
                return ClusterState.Died;
            }
        }
    }

    public string PidFile => Path.Combine(Data, "postmaster.pid");

    /// <summary>The socket's directory, unless something is in it; the next start makes it again.</summary>
    public void RemoveSocket()
    {
        if (Directory.Exists(Socket) && !Directory.EnumerateFileSystemEntries(Socket).Any()) Directory.Delete(Socket);
    }

    public string ReadPassword() => File.ReadAllText(PasswordFile).Trim();

    public async Task WritePasswordAsync(string password, ClusterCommands run, CancellationToken cancellation)
    {
        File.Delete(PasswordFile);
        await using (var file = new FileStream(PasswordFile, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes(password), cancellation);
        }
        await run.GiveAsync(PasswordFile, cancellation);
    }

    public string LastLogLines() =>
        File.Exists(LogFile) ? string.Join(" / ", File.ReadLines(LogFile).TakeLast(3)) : "it wrote no log.";

    /// <summary>Held while one server starts the cluster; the system lets go of it when the process dies.</summary>
    public async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        for (var waited = 0; ; waited++)
        {
            try
            {
                return new FileStream(Path.Combine(_root, "starting.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited < 1200)
            {
                await Task.Delay(100, cancellation);
            }
        }
    }

    /// <summary>PostgreSQL refuses to run as root, and another user gets no further than the first directory that is closed to others.</summary>
    private static bool Reachable(string directory)
    {
        for (var at = new DirectoryInfo(directory).Parent; at is not null; at = at.Parent)
        {
            if (at.Exists && (File.GetUnixFileMode(at.FullName) & UnixFileMode.OtherExecute) == 0) return false;
        }
        return true;
    }

    private static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}

/// <summary>How a private cluster is.</summary>
internal enum ClusterState
{
    /// <summary>Ended in order, by somebody who meant it.</summary>
    Stopped,
    Running,

    /// <summary>Its process is gone without having cleaned up: killed, out of memory, or the machine went down.</summary>
    Died,
}
