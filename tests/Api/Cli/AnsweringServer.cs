using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProdSprint.Tests.Api.Cli;

/// <summary>An HTTP server that says what it was told to say, in turn and the last for ever, or nothing at all.</summary>
public sealed class AnsweringServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;

    /// <param name="answers">Each whole, from the status line on; none: never.</param>
    public AnsweringServer(params string[] answers)
    {
        _listener.Start();
        _accepting = Accept([.. answers.Select(Encoding.UTF8.GetBytes)]);
    }

    public static AnsweringServer Of(int status, string body, string type = "application/json", string headers = "") => new(Answer(status, body, type, headers));

    public static string Answer(int status, string body, string type = "application/json", string headers = "") =>
        $"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Somebody waits for an answer.</summary>
    public Task Asked => _asked.Task;

    private async Task Accept(byte[][] answers)
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
                if (answers.Length == 0) continue;
                await stream.WriteAsync(answers[Math.Min(_clients.Count, answers.Length) - 1], _stop.Token);
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
