using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace ProdSprint.Identity;

/// <summary>The live connections of those who are signed in: each is cut when what it was opened with no longer holds, and when it looks at
/// what asks for a second factor that has not been shown; whichever server was told so.</summary>
public sealed partial class LiveSessions(KnownCredentials known, TimeProvider time, ILogger<LiveSessions> logger) : BackgroundService
{
    /// <summary>For what ends by itself, and below the bell.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (Caller Caller, HubCallerContext Connection)> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _looking = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _bell = new(0, 1);

    public void Connected(Caller caller, HubCallerContext connection)
    {
        if (caller is { Session: null, Token: null }) return;
        _open[connection.ConnectionId] = (caller, connection);
        // It may have ended between the handshake and here.
        Ring();
    }

    public void Disconnected(string connection)
    {
        _open.TryRemove(connection, out _);
        _looking.TryRemove(connection, out _);
    }

    /// <summary>It is pushed something from now on. Until then it need not be cut for want of a second factor, and would only come again.</summary>
    public void Entered(string connection)
    {
        if (!_open.ContainsKey(connection)) return;
        _looking[connection] = 0;
        // What was asked for may have changed between the question and here.
        Ring();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        known.Changed += Ring;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var rung = _bell.WaitAsync(wait.Token);
                await Task.WhenAny(rung, Task.Delay(Look, time, wait.Token));
                await wait.CancelAsync();
                await CutAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotAsked(logger, e.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task CutAsync(CancellationToken cancellation)
    {
        foreach (var (id, (caller, connection)) in _open)
        {
            if (_looking.ContainsKey(id) ? await known.MaySeeAsync(caller, cancellation) : await known.NowAsync(caller, cancellation) is not null) continue;
            Disconnected(id);
            connection.Abort();
        }
    }

    private void Ring()
    {
        try
        {
            if (_bell.CurrentCount == 0) _bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else rang at the same moment.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether those connected are still signed in could not be asked: {Error}; asking again in 30 s")]
    private static partial void LogNotAsked(ILogger logger, string error);
}
