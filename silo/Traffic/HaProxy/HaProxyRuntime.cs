using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ProdSprint.Traffic;

/// <summary>HAProxy's command sockets: the worker's for orders, the master's for reloads and for looking at workers that still drain.</summary>
internal sealed class HaProxyRuntime(HaProxyOptions options)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>Sends commands in one go; HAProxy carries them out in order before it takes another connection's. Throws when one is refused.</summary>
    public async Task OrderAsync(IReadOnlyList<string> commands)
    {
        if (commands.Count == 0) return;
        var answer = await AskAsync(options.WorkerSocket, string.Join("; ", commands));
        var refused = answer.Split('\n').FirstOrDefault(line => Refusals.Any(r => line.Contains(r, StringComparison.OrdinalIgnoreCase)));
        if (refused is not null) throw new InvalidOperationException($"HAProxy refused an order: {refused.Trim()}");
    }

    /// <summary>Rows of "show stat" of the worker and of all that still drain: (proxy, server) and the sessions they have now.</summary>
    public async Task<Dictionary<(string Proxy, string Server), long>> SessionsAsync()
    {
        var sessions = new Dictionary<(string, string), long>();
        foreach (var worker in await WorkersAsync())
        {
            var stat = await AskAsync(options.MasterSocket, $"@!{worker} show stat");
            foreach (var line in stat.Split('\n'))
            {
                var cells = line.Split(',');
                if (cells.Length < 10 || line[0] == '#') continue;
                _ = long.TryParse(cells[4], NumberStyles.None, CultureInfo.InvariantCulture, out var current);
                var key = (cells[0], cells[1]);
                sessions[key] = sessions.GetValueOrDefault(key) + current;
            }
        }
        return sessions;
    }

    /// <summary>Hands the listening sockets to a new worker with the configuration on disk; the old one finishes what it has.</summary>
    public async Task ReloadAsync()
    {
        var before = await CurrentWorkerAsync();
        await AskAsync(options.MasterSocket, "reload");
        for (var i = 0; i < 400; i++)
        {
            if (await TryAskAsync(options.MasterSocket, "show proc") is { } processes && Current(processes) is { } now && now != before
                && await TryAskAsync(options.WorkerSocket, "show info") is { } info && info.Contains($"Pid: {now}\n", StringComparison.Ordinal)) return;
            await Task.Delay(10);
        }
        throw new RouterUnavailableException($"HAProxy did not take its new configuration. Check it with \"haproxy -c -f {options.ConfigPath}\"; its log is {options.Path("haproxy.log")}.");
    }

    public async Task<string?> TryAskAsync(string socket, string command)
    {
        try
        {
            return await AskAsync(socket, command);
        }
        catch (RouterUnavailableException)
        {
            return null;
        }
    }

    private static readonly string[] Refusals = ["No such", "not found", "unknown", "invalid", "require", "can't", "cannot", "error", "expects", "missing", "Permission", "failed", "does not exist"];

    private async Task<string> CurrentWorkerAsync() => Current(await AskAsync(options.MasterSocket, "show proc")) ?? "";

    private async Task<IReadOnlyList<string>> WorkersAsync() =>
        [.. (await AskAsync(options.MasterSocket, "show proc")).Split('\n').Select(Cells).Where(c => c.Length > 2 && c[1] == "worker").Select(c => c[0])];

    private static string? Current(string processes)
    {
        foreach (var line in processes.Split('\n'))
        {
            if (line.StartsWith("# old workers", StringComparison.Ordinal)) return null;
            if (Cells(line) is [var pid, "worker", ..]) return pid;
        }
        return null;
    }

    private static string[] Cells(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private async Task<string> AskAsync(string path, string command)
    {
        using var limit = new CancellationTokenSource(AnswerTime);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\n"), limit.Token);
            // The master answers and then waits for more until it is told that there is none.
            socket.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(limit.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            throw new RouterUnavailableException($"HAProxy on {path} does not answer ({e.Message}). Start it with \"prodsprint up\"; its log is {options.Path("haproxy.log")}.", e);
        }
    }
}
