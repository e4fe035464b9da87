using System.Net.Sockets;
using System.Text;

namespace ProdSprint.Traffic.Tests;

/// <summary>A client that sends exactly the bytes it is told to.</summary>
public sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    private RawClient() => _client.NoDelay = true;

    public static async Task<RawClient> ConnectAsync(int port)
    {
        var raw = new RawClient();
        await raw._client.ConnectAsync("127.0.0.1", port);
        return raw;
    }

    /// <summary>Sends, then reads until the router closes the connection.</summary>
    public static async Task<string> ExchangeAsync(int port, string request)
    {
        using var raw = await ConnectAsync(port);
        await raw.SendAsync(request);
        return await raw.ReadToEndAsync();
    }

    public Task SendAsync(string text) => _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    public void FinishSending() => _client.Client.Shutdown(SocketShutdown.Send);

    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        try
        {
            for (int n; (n = await _client.GetStream().ReadAsync(_buffer).AsTask().WaitAsync(Patience)) > 0;) text.Append(Encoding.Latin1.GetString(_buffer, 0, n));
        }
        catch (IOException)
        {
        }
        return text.ToString();
    }

    public async Task<string> ReadUntilAsync(string end)
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            var n = await _client.GetStream().ReadAsync(_buffer).AsTask().WaitAsync(Patience);
            if (n == 0) break;
            text.Append(Encoding.Latin1.GetString(_buffer, 0, n));
        }
        return text.ToString();
    }

    public void Dispose() => _client.Dispose();

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);
}
