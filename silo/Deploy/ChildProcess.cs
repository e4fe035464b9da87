using System.Diagnostics;
using System.Text;

namespace ProdSprint.Deploy;

/// <summary>What to run: a shell line in a directory.</summary>
/// <param name="Marker"><c>NAME=value</c>, put into the environment so that every process of it can be found again, whatever became of us.</param>
/// <param name="Prefix">Words before <c>/bin/sh -c LINE</c>: the sandbox.</param>
/// <param name="DiskDirectories">What together must stay below <paramref name="DiskLimitBytes"/>.</param>
internal sealed record ChildCommand(
    string Title,
    string Line,
    string Directory,
    IReadOnlyDictionary<string, string> Environment,
    string Marker,
    IReadOnlyList<string> Prefix,
    TimeSpan Limit,
    IReadOnlyList<string> DiskDirectories,
    long DiskLimitBytes,
    long MinFreeBytes,
    int MaxOpenFiles);

/// <summary>
/// Runs a build command in a session of its own, streams its lines, and sees to its limits. However it ends (well, badly, over a limit, cancelled),
/// nothing of it is left running.
/// </summary>
internal static class ChildProcess
{
    private const string Script =
        "echo 500 >/proc/self/oom_score_adj 2>/dev/null; ulimit -c 0; ulimit -n \"$1\" 2>/dev/null; ulimit -f \"$2\" 2>/dev/null; cd \"$3\" || exit 127; shift 3; exec \"$@\"";

    /// <returns>The exit code. Time limit, disk limit and cancellation throw.</returns>
    public static async Task<int> RunAsync(ChildCommand c, BuildLog log, TimeProvider time, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        // In blocks of 512 bytes: one file larger than the whole limit fails at once, before the next look at the disk.
        var blocks = Math.Max(1, c.DiskLimitBytes / 512);
        foreach (var a in (string[])["/bin/sh", "-c", Script, "build", $"{c.MaxOpenFiles}", $"{blocks}", c.Directory, .. c.Prefix, "/bin/sh", "-c", c.Line])
            start.ArgumentList.Add(a);
        start.Environment.Clear();
        foreach (var (name, value) in c.Environment) start.Environment[name] = value;
        var split = c.Marker.IndexOf('=');
        start.Environment[c.Marker[..split]] = c.Marker[(split + 1)..];

        using var process = Process.Start(start) ?? throw new DeployException("setsid cannot be started. Install util-linux.");
        var session = process.Id;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, log, stop.Token), ReadAsync(process.StandardError, log, stop.Token));
        try
        {
            process.StandardInput.Close();
            var disk = WatchDiskAsync(c, time, stop.Token);
            var exit = process.WaitForExitAsync(cancellation);
            var limit = Task.Delay(c.Limit, time, stop.Token);
            var first = await Task.WhenAny(exit, limit, disk);
            cancellation.ThrowIfCancellationRequested();
            if (first == limit)
                throw new DeployException($"{c.Title} did not end within its time limit of {Text(c.Limit)} and was stopped. Last lines:\n{log.Last(20)}\nMake it faster, or raise the limit in prodsprint.yml.");
            if (first == disk) await disk;
            await exit;
            // Something it left in the background may hold the pipes open: that must not hold us.
            await ProcessTable.KillTreeAsync(session, c.Marker, cancellation);
            await reading;
            return process.ExitCode;
        }
        finally
        {
            await ProcessTable.KillTreeAsync(session, c.Marker, CancellationToken.None);
            await stop.CancelAsync();
            await reading; // nobody may write to the log after we return
        }
    }

    public static string Text(TimeSpan t) => t.TotalSeconds < 120 ? $"{t.TotalSeconds:0.#} s" : $"{t.TotalMinutes:0.#} min";

    /// <summary>Like ReadLine, but a "line" without an end cannot fill the memory.</summary>
    private static async Task ReadAsync(StreamReader from, BuildLog log, CancellationToken cancellation)
    {
        var buffer = new char[8192];
        var line = new StringBuilder();
        try
        {
            int n;
            while ((n = await from.ReadAsync(buffer, cancellation)) > 0)
                for (var i = 0; i < n; i++)
                {
                    if (buffer[i] == '\n')
                    {
                        log.Line(line.ToString().TrimEnd('\r'));
                        line.Clear();
                    }
                    else if (line.Length <= BuildLog.LongestLine) line.Append(buffer[i] == '\0' ? '\uFFFD' : buffer[i]);
                }
        }
        catch (OperationCanceledException)
        {
            // Stopped from outside; what was read is logged.
        }
        if (line.Length > 0) log.Line(line.ToString());
    }

    private static async Task WatchDiskAsync(ChildCommand c, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            CheckDisk(c);
            // Walking a large tree costs: at most a tenth of the time goes into it.
            var pause = TimeSpan.FromMilliseconds(Math.Max(250, time.GetElapsedTime(began).TotalMilliseconds * 9));
            await Task.Delay(pause, time, cancellation);
        }
    }

    public static void CheckDisk(ChildCommand c)
    {
        var used = c.DiskDirectories.Sum(d => Directory.Exists(d) ? FileTree.Bytes(d) : 0);
        if (used > c.DiskLimitBytes)
            throw new DeployException($"{c.Title} used {used >> 20} MiB on disk, more than its limit of {c.DiskLimitBytes >> 20} MiB, and was stopped; nothing of it was kept. Make it smaller, or raise the limit in prodsprint.yml.");
        var free = new DriveInfo(c.DiskDirectories[0]).AvailableFreeSpace;
        if (free < c.MinFreeBytes)
            throw new DeployException($"The disk is nearly full: {free >> 20} MiB free, and {c.MinFreeBytes >> 20} MiB are to stay free. {c.Title} was stopped; nothing of it was kept. Free some space, then retry.", retry: true);
    }
}
