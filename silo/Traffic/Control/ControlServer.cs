using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Traffic;

/// <summary>Answers the control plane on the unix socket. Each connection is served in order; reports are asked for on a connection of their own.</summary>
internal sealed partial class ControlServer(string path, RouterCore core, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    public void Start()
    {
        File.Delete(path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen(128);
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        File.Delete(path);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener!.AcceptAsync(_stop.Token);
                _ = ServeAsync(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                AcceptFailed(logger, e);
                await Task.Delay(100);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                var request = JsonSerializer.Deserialize<ControlRequest>(line, ControlJson.Options)!;
                if (request.Op == ControlOp.Reports) await PushReportsAsync(stream, request.Cursor);
                else await stream.WriteAsync(ControlJson.Line(await AnswerAsync(request)), _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side went away, or the router stops; whoever asked asks again.
        }
        catch (Exception e)
        {
            ConnectionFailed(logger, e);
        }
    }

    private async Task<ControlReply> AnswerAsync(ControlRequest request)
    {
        try
        {
            switch (request.Op)
            {
                case ControlOp.Apply: return new() { Ack = await core.ApplyAsync(request.Routes!) };
                case ControlOp.Remove:
                    await core.RemoveAsync(request.Workspace!, request.Project!, request.Environment!);
                    return new();
                case ControlOp.Drained:
                    var timeout = TimeSpan.FromMilliseconds(request.TimeoutMs);
                    return new() { Drained = await core.WaitDrainedAsync(request.Workspace!, request.Project!, request.Environment!, request.Version!, timeout, _stop.Token) };
                case ControlOp.Acknowledge:
                    core.Reports.Acknowledge(request.Cursor!);
                    return new();
                default: return new() { Status = core.Status() };
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            RequestFailed(logger, request.Op, e);
            return new() { Error = e.Message };
        }
    }

    private async Task PushReportsAsync(Stream stream, ReportCursor? cursor)
    {
        while (true)
        {
            var batch = core.Reports.Next(cursor, out var changed);
            if (batch is null)
            {
                await changed.WaitAsync(_stop.Token);
                continue;
            }
            await stream.WriteAsync(ControlJson.Line(new ControlReply { Batch = batch }), _stop.Token);
            cursor = new(batch.Router, batch.Sequence);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A control connection failed")]
    private static partial void ConnectionFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Control request {Op} failed")]
    private static partial void RequestFailed(ILogger logger, ControlOp op, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The control socket could not accept a connection")]
    private static partial void AcceptFailed(ILogger logger, Exception exception);
}
