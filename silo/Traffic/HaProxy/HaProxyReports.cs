using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Traffic;

/// <summary>
/// Reads HAProxy's log lines from its ring, which keeps them while no server is there, and adds them up to the same reports our router makes.
/// </summary>
internal sealed partial class HaProxyReports(HaProxyOptions options, Func<string, HaProxyEnvironment?> find, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Dictionary<long, Seen> _workers = [];
    private bool _changed;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private ITimer? _seal;

    /// <summary>How far a worker has numbered its requests, and how many of their lines came. Kept on disk, so that a server that comes back knows the gap.</summary>
    private sealed record Seen(long Highest, long Received);

    private string SeenPath => options.Path("reports.seen");

    public ReportBuffer Buffer { get; } = new(Guid.NewGuid().ToString("N"), options.ReportRows);

    /// <summary>Requests that HAProxy numbered and whose line never came, less those it may still be working on.</summary>
    public long Missing(long inFlight)
    {
        lock (_gate) return Math.Max(0, _workers.Values.Sum(w => w.Highest - w.Received) - inFlight);
    }

    public void Start()
    {
        // Before the first line can come: it goes on from there.
        if (File.Exists(SeenPath)) _workers = JsonSerializer.Deserialize<Dictionary<long, Seen>>(File.ReadAllBytes(SeenPath)) ?? [];
        File.Delete(options.ReportsSocket);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(options.ReportsSocket));
        _listener.Listen(16);
        _accepting = AcceptAsync();
        _seal = time.CreateTimer(_ => Seal(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Dispose();
        if (_seal is not null) await _seal.DisposeAsync();
        await _accepting;
        Seal();
    }

    private void Seal()
    {
        Buffer.Seal();
        byte[] seen;
        lock (_gate)
        {
            if (!_changed) return;
            _changed = false;
            seen = JsonSerializer.SerializeToUtf8Bytes(_workers);
        }
        File.WriteAllBytes(SeenPath + ".tmp", seen);
        File.Move(SeenPath + ".tmp", SeenPath, overwrite: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ReadAsync(await _listener!.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Only at the end: nothing else closes the listener.
        }
    }

    private async Task ReadAsync(Socket socket)
    {
        try
        {
            using var reader = new StreamReader(new NetworkStream(socket, ownsSocket: true));
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (HaProxyLogLine.TryParse(line, out var parsed)) Count(parsed);
                else Unreadable(logger, line);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // HAProxy connects again and goes on where it was.
        }
    }

    private void Count(HaProxyLogLine line)
    {
        if (line.Counter > 0)
        {
            lock (_gate)
            {
                var seen = _workers.GetValueOrDefault(line.Worker) ?? new(0, 0);
                _workers[line.Worker] = new(Math.Max(seen.Highest, line.Counter), seen.Received + 1);
                _changed = true;
            }
        }
        // The shared port hands on to the environment's own listener, which logs the request itself.
        if (line.Environment == "-" && line.Server == "front") return;
        var environment = find(line.Environment);
        var orders = environment?.Orders;
        var chosen = VersionAt(environment, line.Chosen);
        // Another version served than was chosen: the one that was meant to has failed. (A stand-in of its own version is a retry on a new connection.)
        var served = VersionAt(environment, line.Server);
        var diverted = chosen.Length > 0 && served.Length > 0 && served != chosen;
        var failed = !line.Aborted && (line.Status >= 500 || line.CutShort || diverted || (line.Status < 100 && chosen.Length > 0));
        var routerFault = chosen.Length == 0 && line.Status >= 500;
        Buffer.Add(
        [
            new(orders?.Workspace ?? "", orders?.Project ?? "", orders?.Environment ?? "", chosen, line.UnixSecond, 1, failed ? 1 : 0, Classes(line), routerFault ? 1 : 0, LatencyHistogram.Of([line.Ms])),
        ]);
    }

    private static string VersionAt(HaProxyEnvironment? environment, string slot) =>
        environment?.Servers().FirstOrDefault(s => s.Server == slot).Backend?.Version ?? "";

    private static StatusClasses Classes(HaProxyLogLine line) => line.Aborted
        ? StatusClasses.None with { Aborted = 1 }
        : line.Status switch
        {
            101 => StatusClasses.None with { Informational = 1 },
            >= 200 and < 300 => StatusClasses.None with { Success = 1 },
            >= 300 and < 400 => StatusClasses.None with { Redirect = 1 },
            >= 400 and < 500 => StatusClasses.None with { ClientError = 1 },
            _ => StatusClasses.None with { ServerError = 1 },
        };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A log line of HAProxy cannot be read: {Line}")]
    private static partial void Unreadable(ILogger logger, string line);
}
