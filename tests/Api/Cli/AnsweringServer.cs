using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProdSprint.Tests.Api.Cli;

/// <summary>An HTTP server that says one thing to everybody, or nothing at all.</summary>
public sealed class AnsweringServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;

    /// <param name="answer">The whole of it, from the status line on; null: never.</param>
    public AnsweringServer(string? answer)
    {
        _listener.Start();
        _accepting = Accept(answer is null ? null : Encoding.UTF8.GetBytes(answer));
    }

    public static AnsweringServer Of(int status, string body, string type = "application/json", string headers = "") =>
        new($"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}");

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Somebody waits for an answer.</summary>
    public Task Asked => _asked.Task;

    private async Task Accept(byte[]? answer)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _clients.Add(client);
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[16_384], 1, throwOnEndOfStream: false, _stop.Token);
                _asked.TrySetResult();
                if (answer is null) continue;
                await stream.WriteAsync(answer, _stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        foreach (var client in _clients) client.Dispose();
        _stop.Dispose();
    }
}
