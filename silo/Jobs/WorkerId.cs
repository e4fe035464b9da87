using System.Globalization;

namespace ProdSprint.Jobs;

/// <summary>
/// Names a worker so that the next one on the same host can tell whether it is still alive: host, boot, process and the process's start.
/// A process id alone comes again; with its start time in this boot it never does.
/// </summary>
internal static class WorkerId
{
    private static int s_count;

    public static string New() => $"{Host}|{Boot}|{Environment.ProcessId}|{Start(Environment.ProcessId)}|{Interlocked.Increment(ref s_count)}";

    /// <summary>Known to be dead: of this host, and its process is not there any more. Of another host: unknown, so its lease has to run out.</summary>
    public static bool IsDead(string id)
    {
        var parts = id.Split('|');
        if (parts.Length != 5 || parts[0] != Host) return false;
        return parts[1] != Boot || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var process) || Start(process) != parts[3];
    }

    private static string Host => Environment.MachineName.Replace('|', '_');

    private static string Boot { get; } =
        File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()[..8] : "-";

    /// <summary>Field 22 of /proc/PID/stat (ticks since boot); elsewhere the system's start time. Null: there is no such process.</summary>
    private static string? Start(int process)
    {
        try
        {
            var stat = $"/proc/{process}/stat";
            if (OperatingSystem.IsLinux()) return File.Exists(stat) ? AfterName(File.ReadAllText(stat)) : null;
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return new DateTimeOffset(found.StartTime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The name (field 2) may contain spaces and brackets, so count from its last bracket.</summary>
    private static string AfterName(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
}
