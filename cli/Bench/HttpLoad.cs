using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace ProdSprint.Bench;

/// <param name="Milliseconds">From when a request was due until its answer was read, sorted.</param>
/// <param name="Statuses">How many answers had which status.</param>
internal sealed record HttpLoadResult(double PerSecond, double[] Milliseconds, IReadOnlyDictionary<int, int> Statuses)
{
    public double Percentile(double share) => Milliseconds.Length == 0 ? double.NaN : Milliseconds[Math.Min(Milliseconds.Length - 1, (int)(share * Milliseconds.Length))];
}

/// <summary>One request, sent again and again over connections that stay open, with as little of its own work as possible: what is measured shares the machine with it.</summary>
internal static class HttpLoad
{
    /// <param name="perSecond">Null: the next one goes out as soon as the answer to the last is there. Else each is due at its time, whatever became of those before.</param>
    public static async Task<HttpLoadResult> RunAsync(Uri url, string method, string path, string headers, string body, int connections, TimeSpan duration, double? perSecond, CancellationToken cancellation)
    {
        var request = Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {url.Authority}\r\n{headers}{(body.Length > 0 ? $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n" : "")}\r\n{body}");
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(n => Task.Run(() => ConnectionAsync(url, request, duration, clock, perSecond / connections, n / (double)connections, cancellation), cancellation)));
        var seconds = clock.Elapsed.TotalSeconds;
        double[] times = [.. all.SelectMany(a => a.Times).Order()];
        return new(times.Length / seconds, times, all.SelectMany(a => a.Statuses).GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.Sum(s => s.Value)));
    }

    private static async Task<(List<double> Times, Dictionary<int, int> Statuses)> ConnectionAsync(
        Uri url, byte[] request, TimeSpan duration, Stopwatch clock, double? perSecond, double phase, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port, cancellation);
        var (times, statuses, buffer) = (new List<double>(), new Dictionary<int, int>(), new byte[64 * 1024]);
        for (var n = 0; clock.Elapsed < duration; n++)
        {
            var due = perSecond is { } rate ? TimeSpan.FromSeconds((n + phase) / rate) : clock.Elapsed;
            if (due > duration) break;
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed, cancellation);
            await socket.SendAsync(request, cancellation);
            var status = await AnswerAsync(socket, buffer, cancellation);
            times.Add((clock.Elapsed - due).TotalMilliseconds);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }
        return (times, statuses);
    }

    /// <summary>Reads one answer to its end, by its Content-Length; an answer in chunks ends with an empty one.</summary>
    private static async Task<int> AnswerAsync(Socket socket, byte[] buffer, CancellationToken cancellation)
    {
        var read = 0;
        while (true)
        {
            var n = await socket.ReceiveAsync(buffer.AsMemory(read), cancellation);
            if (n == 0) throw new IOException("The server closed the connection in the middle of an answer.");
            read += n;
            if (Whole(buffer.AsSpan(0, read)) is { } status) return status;
            if (read == buffer.Length) throw new IOException("The answer is larger than this load takes.");
        }
    }

    private static int? Whole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int status, out _);
        var head = answer[..end];
        var at = head.IndexOf("Content-Length: "u8);
        if (at >= 0)
        {
            Utf8Parser.TryParse(head[(at + "Content-Length: ".Length)..], out int length, out _);
            return answer.Length >= end + 4 + length ? status : null;
        }
        return status is 304 or 204 || answer.EndsWith("0\r\n\r\n"u8) ? status : null;
    }
}
