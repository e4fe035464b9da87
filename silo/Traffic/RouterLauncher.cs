using System.Diagnostics;
using System.Globalization;

namespace ProdSprint.Traffic;

/// <summary>How to run this program again: its own executable, or dotnet with its assembly.</summary>
public sealed record RouterCommandLine(string FileName, IReadOnlyList<string> Arguments)
{
    public static RouterCommandLine OfThisProgram()
    {
        var path = Environment.ProcessPath ?? throw new InvalidOperationException("This process does not know its own executable; name the router's command line.");
        return Path.GetFileNameWithoutExtension(path) == "dotnet" ? new(path, [Environment.GetCommandLineArgs()[0]]) : new(path, []);
    }
}

/// <param name="Adopted">True: it was running already, from an earlier life of the server.</param>
public sealed record RunningRouter(int ProcessId, string Instance, bool Adopted);

/// <summary>
/// Makes sure that the router of a state directory runs, as a process that neither the server's end nor its terminal's takes along. One that runs already is
/// adopted: by pid and start time, and by answering on its socket. Two servers that start at once end up with the same router, because it locks its directory.
/// </summary>
public sealed class RouterLauncher(RouterOptions options, RouterCommandLine command, TimeProvider time)
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20), PollTime = TimeSpan.FromMilliseconds(25);

    public async Task<RunningRouter> EnsureRunningAsync(CancellationToken cancellation = default)
    {
        if (options.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(" ", problems));
        if (await AnsweringAsync(cancellation) is { } running) return running with { Adopted = true };
        Directory.CreateDirectory(options.StateDirectory);
        using (var shell = Start()) await shell.WaitForExitAsync(cancellation);
        var until = time.GetUtcNow() + StartTime;
        while (time.GetUtcNow() < until)
        {
            if (await AnsweringAsync(cancellation) is { } started) return started;
            await Task.Delay(PollTime, time, cancellation);
        }
        throw new RouterUnavailableException($"The router did not start within {StartTime.TotalSeconds:0} s. {LastWords()} Its log: {LogPath}");
    }

    /// <summary>Lets it finish what is in flight and end; true when it is gone within the time (also when none was running).</summary>
    public async Task<bool> StopAsync(TimeSpan within, CancellationToken cancellation = default)
    {
        if (RouterIdentity.Read(options.PidPath) is not { IsAlive: true } identity) return true;
        using (var kill = Process.Start("kill", ["-TERM", identity.Pid.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(cancellation);
        var until = time.GetUtcNow() + within;
        while (identity.IsAlive)
        {
            if (time.GetUtcNow() >= until) return false;
            await Task.Delay(PollTime, time, cancellation);
        }
        return true;
    }

    private string LogPath => Path.Combine(options.StateDirectory, "router.log");

    private Process Start()
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = options.StateDirectory };
        // setsid: a session of its own, so that no signal to the server's group or terminal reaches it; the shell ends at once and init inherits it.
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("if command -v setsid >/dev/null; then set -- setsid \"$@\"; else set -- nohup \"$@\"; fi; \"$@\" >>router.log 2>&1 </dev/null &");
        start.ArgumentList.Add("router");
        start.ArgumentList.Add(command.FileName);
        foreach (var argument in command.Arguments) start.ArgumentList.Add(argument);
        string[] own =
        [
            "router", "--state", options.StateDirectory, "--bind", options.BindAddress.ToString(), "--loops", options.Loops.ToString(CultureInfo.InvariantCulture),
            "--drain", options.Drain.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            .. options.Ports is { } ports ? ["--ports", ports.ToString()] : Array.Empty<string>(),
            .. options.SharedPort is { } port ? ["--port", port.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        ];
        foreach (var argument in own) start.ArgumentList.Add(argument);
        // A collector thread of its own would compete with the loops for the cores.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        return Process.Start(start) ?? throw new RouterUnavailableException("/bin/sh could not be started.");
    }

    private async Task<RunningRouter?> AnsweringAsync(CancellationToken cancellation)
    {
        if (RouterIdentity.Read(options.PidPath) is not { IsAlive: true } identity) return null;
        await using var client = new LocalRouterClient(options.StateDirectory);
        try
        {
            var status = await client.StatusAsync(cancellation);
            return status.Instance == identity.Instance ? new(identity.Pid, identity.Instance, Adopted: false) : null;
        }
        catch (RouterUnavailableException)
        {
            return null;
        }
    }

    private string LastWords()
    {
        try
        {
            return string.Join(" ", File.ReadLines(LogPath).TakeLast(3));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
