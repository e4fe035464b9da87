using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.SignalR;
using ProdSprint.Tenants;

namespace ProdSprint.Identity;

/// <summary>The live connections: each is cut when what it was opened with no longer holds, and when it looks at what whoever opened it may no longer see, as one who was a member
/// or who has not shown the second factor that is asked for; whichever server was told so.</summary>
public sealed partial class LiveSessions(KnownCredentials known, Authorisation authorisation, Memberships members, TimeProvider time, ILogger<LiveSessions> logger) : BackgroundService
{
    /// <summary>For what ends by itself, and below the bell.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (Caller Caller, HubCallerContext Connection)> _open = new(StringComparer.Ordinal);

    /// <summary>By connection the actions that would show by request what it is pushed.</summary>
    private readonly ConcurrentDictionary<string, ImmutableHashSet<string>> _looking = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _bell = new(0, 1);

    public void Connected(Caller caller, HubCallerContext connection)
    {
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
    public void Entered(string connection, string action)
    {
        if (!_open.ContainsKey(connection)) return;
        _looking.AddOrUpdate(connection, [action], (_, before) => before.Add(action));
        // What was asked for may have changed between the question and here.
        Ring();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        known.Changed += Ring;
        members.Changed += Ring;
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
            if (await MayGoOnAsync(id, caller, cancellation)) continue;
            Disconnected(id);
            connection.Abort();
        }
    }

    private async ValueTask<bool> MayGoOnAsync(string connection, Caller caller, CancellationToken cancellation)
    {
        if (await known.NowAsync(caller, cancellation) is not { } now) return false;
        if (!_looking.TryGetValue(connection, out var actions)) return true;
        if (!await known.MaySeeAsync(now, cancellation)) return false;
        foreach (var action in actions) if (!await authorisation.MayAsync(now, action)) return false;
        return true;
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
