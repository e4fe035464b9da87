using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

public static class DownCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Also the deployed applications, the router and the database" };

    public static Command Create() => new Command("down", "Stop the server; deployed applications go on serving unless --all") { All }.Runs(async (run, cancellation) =>
    {
        var all = run.Get(All);
        var stopped = await StopServer(cancellation);
        var rest = all ? await LocalMachine.StopAllAsync(Cli.Home, cancellation) : [];
        run.Line(stopped ? "the server is stopped" : "no server was running");
        foreach (var line in rest) run.Line(line);
        if (!all) run.Next("deployed applications, the router and the database go on; prodsprint down --all stops them too");
        return new JsonObject { ["server"] = stopped, ["stopped"] = new JsonArray([.. rest.Select(r => JsonValue.Create(r))]) };
    });

    private static async Task<bool> StopServer(CancellationToken cancellation)
    {
        if (ServerFile.Read() is not { } file) return false;
        if (Running(file.Pid) is not { } process)
        {
            File.Delete(Cli.ServerFile);
            return false;
        }
        using (process)
        {
            using var kill = Process.Start("kill", ["-TERM", file.Pid.ToString()]);
            await kill.WaitForExitAsync(cancellation);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                process.Kill();
            }
        }
        // One that was killed has left it; one that was started since has its own.
        if (ServerFile.Read()?.Pid == file.Pid) File.Delete(Cli.ServerFile);
        return true;
    }

    /// <summary>The server; null when it is gone, also when its process id belongs to another program by now.</summary>
    private static Process? Running(int pid)
    {
        try
        {
            var process = Process.GetProcessById(pid);
            var commandLine = $"/proc/{pid}/cmdline";
            if (!File.Exists(commandLine) || File.ReadAllText(commandLine).Split('\0').Contains("server")) return process;
            process.Dispose();
            return null;
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            return null;
        }
    }
}
