using System.Diagnostics;
using System.Globalization;

namespace ProdSprint.Traffic;

/// <summary>Ends the HAProxy of a state directory, for <c>down --all</c>. A server only lets go of it.</summary>
public static class HaProxyStop
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Lets it finish what is in flight for at most <paramref name="within"/>, then ends it; its orders stay on the disk. False when none was running.
    /// </summary>
    public static async Task<bool> StopAsync(HaProxyOptions options, TimeSpan within, TimeProvider time, CancellationToken cancellation = default)
    {
        if (MasterOf(options) is not { } master) return false;
        // USR1 to the master: no new connections, those that are there are finished.
        await SignalAsync("-USR1", master, cancellation);
        var until = time.GetUtcNow() + within;
        while (MasterOf(options) == master)
        {
            if (time.GetUtcNow() >= until)
            {
                await SignalAsync("-TERM", master, cancellation);
                until = DateTimeOffset.MaxValue;
            }
            await Task.Delay(PollTime, time, cancellation);
        }
        File.Delete(options.PidPath);
        return true;
    }

    /// <summary>The pid it wrote, if that is still a process that runs on this very configuration.</summary>
    private static int? MasterOf(HaProxyOptions options)
    {
        try
        {
            return int.TryParse(File.ReadLines(options.PidPath).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid)
                && File.ReadAllText($"/proc/{pid}/cmdline").Split('\0').Contains(options.ConfigPath) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task SignalAsync(string signal, int pid, CancellationToken cancellation)
    {
        using var kill = Process.Start("kill", [signal, pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellation);
    }
}
