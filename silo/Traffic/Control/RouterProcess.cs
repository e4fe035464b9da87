using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ProdSprint.Traffic;

/// <summary>Who runs a router on a state directory: enough to find the very process again after a restart of the server.</summary>
/// <param name="StartTicks">The process' start time as the kernel counts it (field 22 of /proc/PID/stat): a pid alone may be another's by now.</param>
internal sealed record RouterIdentity(int Pid, long StartTicks, string Instance)
{
    public static long StartTicksOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    public static RouterIdentity? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RouterIdentity>(File.ReadAllBytes(path), ControlJson.Options);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    public bool IsAlive => StartTicks != 0 && StartTicksOf(Pid) == StartTicks;
}

/// <summary>The router as a process: everything between its start and its end.</summary>
public static class RouterProcess
{
    public const int Stopped = 0, CannotStart = 1, BadOptions = 2;

    /// <summary>Runs until cancelled, then finishes what is in flight. Returns an exit code; problems are written to standard error with the next step.</summary>
    public static async Task<int> RunAsync(RouterOptions options, CancellationToken cancellation)
    {
        using var logs = LoggerFactory.Create(b => b.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            o.UseUtcTimestamp = true;
        }));
        return await RunAsync(options, TimeProvider.System, logs.CreateLogger("router"), cancellation);
    }

    internal static async Task<int> RunAsync(RouterOptions options, TimeProvider time, ILogger? logger, CancellationToken cancellation)
    {
        logger ??= NullLogger.Instance;
        if (options.Problems() is { Count: > 0 } problems) return Refuse(BadOptions, string.Join(Environment.NewLine, problems));
        if (!OperatingSystem.IsLinux()) return Refuse(CannotStart, "The router needs Linux (epoll). Use the HAProxy router on this machine.");
        Directory.CreateDirectory(options.StateDirectory);
        FileStream only;
        try
        {
            only = new(Path.Combine(options.StateDirectory, "router.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return Refuse(CannotStart, $"Another router runs on {options.StateDirectory} (see {options.PidPath}). Stop it first, or use another directory.");
        }
        await using (only)
        {
            var core = new RouterCore(options, time, logger);
            try
            {
                core.Start();
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                await core.DisposeAsync();
                return Refuse(CannotStart, $"The router cannot start: {e.Message}. Free the port or choose another.");
            }
            await using (var control = new ControlServer(options.SocketPath, core, logger))
            {
                control.Start();
                var me = new RouterIdentity(Environment.ProcessId, RouterIdentity.StartTicksOf(Environment.ProcessId), core.Reports.Instance);
                await File.WriteAllBytesAsync(options.PidPath + ".tmp", ControlJson.Line(me), CancellationToken.None);
                File.Move(options.PidPath + ".tmp", options.PidPath, overwrite: true);
                await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                // The socket stays open while requests are finished, so that the last reports can still be fetched.
                await core.DisposeAsync();
            }
            File.Delete(options.PidPath);
        }
        return Stopped;
    }

    private static int Refuse(int code, string message)
    {
        Console.Error.WriteLine(message);
        return code;
    }
}
