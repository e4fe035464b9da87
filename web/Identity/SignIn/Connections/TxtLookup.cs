using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ProdSprint.Identity;

/// <summary>No resolver answered, or none with sense.</summary>
public sealed class DnsException(string message) : Exception(message);

/// <summary>A name's TXT records, as the resolvers say that the settings name, else the machine's own.</summary>
public sealed class TxtLookup(SignInOptions options)
{
    private const int Port = 53, Tries = 2, LongestDatagram = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Empty: there is no such record.</summary>
    /// <exception cref="DnsException">Nobody could be asked.</exception>
    public async Task<IReadOnlyList<string>> AskAsync(string name, CancellationToken cancellation)
    {
        var (servers, last) = (Servers(), "there is no resolver");
        foreach (var server in Enumerable.Repeat(servers, Tries).SelectMany(s => s))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            try
            {
                var question = DnsMessage.Question((ushort)RandomNumberGenerator.GetInt32(1 << 16), name);
                var answer = await ByDatagramAsync(server, question, limit.Token);
                if (answer.Cut) answer = await ByStreamAsync(server, question, limit.Token);
                // 0: the name is there; 3: it is not. Anything else is the resolver's trouble.
                if (answer.Code is 0 or 3) return answer.Texts;
                last = $"{server} answered with code {answer.Code}";
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                last = $"{server} did not answer within {Patience.TotalSeconds:0} s";
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                last = $"{server}: {e.Message}";
            }
        }
        throw new DnsException(last);
    }

    /// <summary>From a port of its own that hears this resolver alone; what is no answer to the question is passed over.</summary>
    private static async Task<DnsTexts> ByDatagramAsync(IPEndPoint server, byte[] question, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellation);
        await socket.SendAsync(question, cancellation);
        var buffer = new byte[LongestDatagram];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellation);
            if (DnsMessage.Answer(buffer.AsSpan(0, length), question) is { } answer) return answer;
        }
    }

    private static async Task<DnsTexts> ByStreamAsync(IPEndPoint server, byte[] question, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellation);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync((byte[])[(byte)(question.Length >> 8), (byte)question.Length, .. question], cancellation);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellation);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, cancellation);
        return DnsMessage.Answer(message, question) ?? throw new IOException("the answer over TCP is none to the question");
    }

    private IReadOnlyList<IPEndPoint> Servers() => options.DnsServers.Count > 0
        ? [.. options.DnsServers.Select(s => WithPort(IPEndPoint.Parse(s)))]
        : [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().DnsAddresses).Distinct().Select(a => new IPEndPoint(a, Port))];

    private static IPEndPoint WithPort(IPEndPoint server) => server.Port == 0 ? new(server.Address, Port) : server;
}
