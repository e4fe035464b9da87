using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>A DNS server on this machine, by datagram and by stream, that has the TXT records it is told of. What is asked for by a name under <c>dead.</c> is not answered with sense.</summary>
public sealed class DnsResponder : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string[]> _texts = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _streams = new(IPAddress.Loopback, 0);
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Task[] _work;

    public DnsResponder()
    {
        _streams.Start();
        _datagrams.Bind(Server);
        _work = [DatagramsAsync(), StreamsAsync()];
    }

    public IPEndPoint Server => (IPEndPoint)_streams.LocalEndpoint;

    public int ByStream { get; private set; }

    public void Say(string name, params string[] texts) => _texts[name] = texts;

    private async Task DatagramsAsync()
    {
        var buffer = new byte[512];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var asked = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                // Somebody who guesses answers first, with another id: it is passed over.
                var answer = Answer(buffer[..asked.ReceivedBytes]);
                await _datagrams.SendToAsync((byte[])[(byte)~answer[0], .. answer[1..]], asked.RemoteEndPoint, _stop.Token);
                if (answer.Length > 512) answer = [answer[0], answer[1], (byte)(answer[2] | 0x02), .. answer[3..512]];
                await _datagrams.SendToAsync(answer, asked.RemoteEndPoint, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // Whoever asked has gone.
            }
        }
    }

    private async Task StreamsAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _streams.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, _stop.Token);
                var question = new byte[length[0] << 8 | length[1]];
                await stream.ReadExactlyAsync(question, _stop.Token);
                var answer = Answer(question);
                ByStream++;
                await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer], _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // Over, or a client that left.
            }
        }
    }

    private byte[] Answer(byte[] question)
    {
        var name = NameOf(question);
        var found = _texts.TryGetValue(name, out var texts);
        var code = name.Contains(".dead.", StringComparison.Ordinal) ? 2 : found ? 0 : 3;
        // An alias first, as people use them to have the record kept elsewhere.
        byte[] alias = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'x', 0xC0, 12];
        var answers = found ? texts!.SelectMany(t => Record(t)).ToArray() : [];
        return [question[0], question[1], 0x81, (byte)(0x80 | code), 0, 1, 0, (byte)(found ? texts!.Length + 1 : 0), 0, 0, 0, 0, .. question[12..], .. found ? alias : [], .. answers];
    }

    /// <summary>In pieces, as a text of more than 255 characters has to be.</summary>
    private static byte[] Record(string text)
    {
        byte[] data = [.. text.Chunk(20).SelectMany(c => (byte[])[(byte)c.Length, .. Encoding.ASCII.GetBytes(c)])];
        return [0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];
    }

    private static string NameOf(byte[] question)
    {
        var labels = new List<string>();
        for (var at = 12; question[at] != 0; at += question[at] + 1) labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        return string.Join('.', labels);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _streams.Stop();
        await Task.WhenAll(_work);
        _datagrams.Dispose();
        _stop.Dispose();
    }
}
