using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ProdSprint.Deploy;

/// <summary>One line of <c>/proc/PID/stat</c>. <paramref name="StartTicks"/> with the boot id names a process for ever; a pid alone does not.</summary>
/// <param name="State">R, S, D, T, Z …; a zombie (Z) is dead, nobody has read its exit status yet.</param>
/// <param name="CpuTicks">Processor time of its own and of those children that it has waited for, in <see cref="ProcessTable.TicksPerSecond"/>.</param>
internal readonly record struct ProcessStat(int Pid, int Parent, int Group, int Session, char State, long StartTicks, long ResidentBytes, string Name, long CpuTicks)
{
    public bool Alive => State is not ('Z' or 'X' or 'x');
}

/// <summary>
/// What runs on this machine, read from /proc. Signals go through a pidfd that is opened before the start time is compared, so a pid that the
/// kernel has given to someone else in the meantime is never hit.
/// </summary>
internal static partial class ProcessTable
{
    public const int SigTerm = 15;
    public const int SigKill = 9;

    /// <summary>USER_HZ, which Linux tells programs on every architecture that .NET runs on.</summary>
    public const int TicksPerSecond = 100;

    private static readonly long PageSize = Environment.SystemPageSize;

    /// <summary>New at each boot: start ticks count from it.</summary>
    public static string BootId { get; } = ReadText("/proc/sys/kernel/random/boot_id").Trim();

    public static ProcessStat? Read(int pid)
    {
        var text = ReadText($"/proc/{pid}/stat");
        var close = text.LastIndexOf(')'); // the name may hold spaces and parentheses
        if (close < 0) return null;
        var name = text[(text.IndexOf('(') + 1)..close];
        var f = text[(close + 2)..].Split(' ');
        return new(pid, Int(f[1]), Int(f[2]), Int(f[3]), f[0][0], long.Parse(f[19], CultureInfo.InvariantCulture),
            long.Parse(f[21], CultureInfo.InvariantCulture) * PageSize, name, f[11..15].Sum(t => long.Parse(t, CultureInfo.InvariantCulture)));
    }

    public static bool Alive(int pid, long startTicks) => Read(pid) is { Alive: true } p && p.StartTicks == startTicks;

    public static List<ProcessStat> All()
    {
        var all = new List<ProcessStat>(256);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), out var pid) && Read(pid) is { } p)
                all.Add(p);
        return all;
    }

    /// <summary>
    /// Everything that belongs to a started command: members of its session, their descendants, and whatever carries the marker in its environment
    /// (a daemon that left the session). Living processes only.
    /// </summary>
    /// <param name="session">The session's id (the pid of its leader), or 0 when it is not known.</param>
    /// <param name="marker"><c>NAME=value</c>, as it stands in the environment.</param>
    public static List<ProcessStat> Tree(int session, string marker)
    {
        var wanted = Encoding.UTF8.GetBytes(marker);
        var all = All();
        var members = new HashSet<int>();
        foreach (var p in all)
            if (p.Alive && (session > 1 && p.Session == session || HasMarker(p.Pid, wanted)))
                members.Add(p.Pid);
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var p in all)
                if (p.Alive && members.Contains(p.Parent) && members.Add(p.Pid)) grew = true;
        }
        return all.FindAll(p => members.Contains(p.Pid));
    }

    /// <summary>Sends a signal to exactly this process; false when it is gone.</summary>
    public static bool Signal(ProcessStat p, int signal)
    {
        var fd = (int)PidFdOpen(434, p.Pid, 0);
        if (fd < 0) return Alive(p.Pid, p.StartTicks) && KillPid(p.Pid, signal) == 0;
        try
        {
            return Alive(p.Pid, p.StartTicks) && PidFdSend(424, fd, signal, 0, 0) == 0;
        }
        finally
        {
            _ = CloseFd(fd);
        }
    }

    /// <summary>Kills the tree until nothing of it is left; a process that forks meanwhile is found in the next round.</summary>
    public static async Task KillTreeAsync(int session, string marker, CancellationToken cancellation = default)
    {
        for (var round = 0; round < 200; round++)
        {
            var tree = Tree(session, marker);
            if (tree.Count == 0) return;
            foreach (var p in tree) Signal(p, SigKill);
            await Task.Delay(round < 5 ? 5 : 50, cancellation);
        }
        throw new DeployException($"Processes of {marker} do not die after SIGKILL (blocked in the kernel?). Look at them with: ps -o pid,stat,wchan,cmd -s {session}", retry: true);
    }

    /// <summary>Whether a socket that listens on this port belongs to one of the processes; null when that cannot be read here.</summary>
    public static bool? ListensOn(int port, IEnumerable<ProcessStat> processes)
    {
        var inodes = new HashSet<string>();
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
            foreach (var line in ReadText(table).Split('\n').Skip(1))
            {
                var f = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (f.Length > 9 && f[3] == "0A" && f[1].EndsWith($":{port:X4}", StringComparison.Ordinal)) inodes.Add($"socket:[{f[9]}]");
            }
        if (inodes.Count == 0) return false;
        var readable = true;
        foreach (var p in processes)
            try
            {
                foreach (var fd in Directory.EnumerateFileSystemEntries($"/proc/{p.Pid}/fd"))
                    if (File.ResolveLinkTarget(fd, false) is { } target && inodes.Contains(Path.GetFileName(target.FullName))) return true;
            }
            catch (UnauthorizedAccessException)
            {
                readable = false;
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        return readable ? false : null;
    }

    private static bool HasMarker(int pid, byte[] marker)
    {
        try
        {
            ReadOnlySpan<byte> environment = File.ReadAllBytes($"/proc/{pid}/environ");
            for (var from = 0; from < environment.Length;)
            {
                var rest = environment[from..];
                var end = rest.IndexOf((byte)0);
                var entry = end < 0 ? rest : rest[..end];
                if (entry.SequenceEqual(marker)) return true;
                from += entry.Length + 1;
            }
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or another user's: not ours either way
        }
    }

    private static int Int(string s) => int.Parse(s, CultureInfo.InvariantCulture);

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PidFdOpen(nint number, nint pid, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PidFdSend(nint number, nint fd, nint signal, nint info, nint flags);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillPid(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFd(int fd);
}
