using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProdSprint.Traffic.Tests;

/// <summary>A backend that answers each connection's bytes by a script: for what no well-behaved server would do.</summary>
public sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<RawConnection, Task> _script;
    private readonly Task _accepting;
    private int _connections;

    public RawBackend(Func<RawConnection, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Everything that was received, over all connections.</summary>
    public StringBuilder Received { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _script(new(client, this));
            }
            catch (IOException)
            {
            }
        }
    }
}

public sealed class RawConnection(TcpClient client, RawBackend backend)
{
    private readonly NetworkStream _stream = client.GetStream();
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Reads until a head is complete; false at the end of the connection.</summary>
    public async Task<bool> ReadHeadAsync()
    {
        var text = "";
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var n = await _stream.ReadAsync(_buffer);
            if (n == 0) return false;
            var more = Encoding.Latin1.GetString(_buffer, 0, n);
            text += more;
            lock (backend.Received) backend.Received.Append(more);
        }
        return true;
    }

    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    public void Reset() => client.Client.Close(0);
}
