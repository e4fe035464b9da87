using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ProdSprint.Traffic;

/// <summary>
/// Speaks to our router over the unix socket in its state directory. Connections are kept for the next call, one call at a time on each, so that a hundred
/// rollbacks at once do not queue behind each other's disk writes. A call cut off by a broken connection is repeated on a new one: all are idempotent.
/// </summary>
public sealed class LocalRouterClient(string stateDirectory) : ITrafficRouter, IAsyncDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly string _path = new RouterOptions { StateDirectory = stateDirectory }.SocketPath;
    private readonly ConcurrentBag<Connection> _idle = [];

    public async Task<RouteAck> ApplyAsync(EnvironmentRoutes routes, CancellationToken cancellation = default) =>
        (await CallAsync(new(ControlOp.Apply) { Routes = OrdersValidation.Normalised(routes) }, cancellation)).Ack!;

    public async Task RemoveAsync(string workspace, string project, string environment, CancellationToken cancellation = default) =>
        await CallAsync(new(ControlOp.Remove) { Workspace = workspace, Project = project, Environment = environment }, cancellation);

    public async Task<RouterStatus> StatusAsync(CancellationToken cancellation = default) => (await CallAsync(new(ControlOp.Status), cancellation)).Status!;

    /// <summary>On a connection of its own: a drain may take minutes, and orders must not wait behind it.</summary>
    public async Task<bool> WaitDrainedAsync(
        string workspace, string project, string environment, string version, TimeSpan timeout, CancellationToken cancellation = default)
    {
        using var connection = await ConnectAsync(cancellation);
        var request = new ControlRequest(ControlOp.Drained)
        {
            Workspace = workspace, Project = project, Environment = environment, Version = version, TimeoutMs = (int)Math.Min(timeout.TotalMilliseconds, int.MaxValue),
        };
        return Checked(await connection.AskAsync(request, timeout + AnswerTime, cancellation)).Drained!.Value;
    }

    public async IAsyncEnumerable<TrafficReportBatch> ReportsAsync(ReportCursor? after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            Connection? connection = null;
            try
            {
                connection = await ConnectAsync(cancellation);
                await connection.SendAsync(new(ControlOp.Reports) { Cursor = after }, cancellation);
            }
            catch (Exception e) when (e is RouterUnavailableException or IOException)
            {
                connection?.Dispose();
                connection = null;
            }
            while (connection is not null)
            {
                ControlReply? reply = null;
                try
                {
                    reply = await connection.ReceiveAsync(cancellation);
                }
                catch (IOException)
                {
                    // The router went away: look for it again.
                }
                if (reply?.Batch is not { } batch) break;
                after = new(batch.Router, batch.Sequence);
                yield return batch;
            }
            connection?.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        }
    }

    public async Task AcknowledgeAsync(ReportCursor upTo, CancellationToken cancellation = default) =>
        await CallAsync(new(ControlOp.Acknowledge) { Cursor = upTo }, cancellation);

    public ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var connection)) connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ControlReply> CallAsync(ControlRequest request, CancellationToken cancellation)
    {
        while (true)
        {
            var kept = _idle.TryTake(out var connection);
            connection ??= await ConnectAsync(cancellation);
            try
            {
                var reply = await connection.AskAsync(request, AnswerTime, cancellation);
                _idle.Add(connection);
                return Checked(reply);
            }
            catch (Exception e) when (e is IOException or SocketException or JsonException or TimeoutException or OperationCanceledException)
            {
                // Whatever else arrives on this connection would be taken for the answer to another question.
                connection.Dispose();
                if (e is OperationCanceledException) throw;
                // A kept connection may belong to a router that was restarted meanwhile; a new one that fails is the truth.
                if (!kept || e is TimeoutException) throw Unavailable(e);
            }
        }
    }

    private static ControlReply Checked(ControlReply reply) =>
        reply.Error is null ? reply : throw new InvalidOperationException($"The router could not do it: {reply.Error}");

    private async Task<Connection> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_path), cancellation);
            return new(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Unavailable(e);
        }
    }

    private RouterUnavailableException Unavailable(Exception e) => new(
        $"The router on {_path} does not answer ({e.Message}). Start it with \"prodsprint up\" or \"prodsprint router --state {stateDirectory}\"; its log is router.log beside the socket.", e);

    private sealed class Connection(Socket socket) : IDisposable
    {
        private readonly NetworkStream _stream = new(socket, ownsSocket: true);
        private StreamReader? _reader;

        public async Task<ControlReply> AskAsync(ControlRequest request, TimeSpan within, CancellationToken cancellation)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(within);
            try
            {
                await SendAsync(request, limit.Token);
                return await ReceiveAsync(limit.Token) ?? throw new IOException("it closed the connection");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"no answer within {within.TotalSeconds:0} s");
            }
        }

        public async Task SendAsync(ControlRequest request, CancellationToken cancellation) => await _stream.WriteAsync(ControlJson.Line(request), cancellation);

        public async Task<ControlReply?> ReceiveAsync(CancellationToken cancellation)
        {
            _reader ??= new(_stream);
            return await _reader.ReadLineAsync(cancellation) is { } line ? JsonSerializer.Deserialize<ControlReply>(line, ControlJson.Options) : null;
        }

        public void Dispose()
        {
            _reader?.Dispose();
            _stream.Dispose();
        }
    }
}
