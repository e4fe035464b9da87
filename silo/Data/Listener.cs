using Microsoft.Extensions.Logging;
using Npgsql;

namespace ProdSprint.Data;

/// <summary>
/// A LISTEN connection that comes back by itself. A notification is only a bell: <paramref name="connected"/> is called after every (re)connection,
/// because what was rung in between is lost, and the listener has to look for itself; <paramref name="lost"/> when one breaks off.
/// </summary>
public sealed partial class Listener(
    string connectionString, string channel, Action connected, Action<string> heard, ILogger logger, TimeProvider? time = null, Action? lost = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public async Task RunAsync(CancellationToken cancellation)
    {
        // Keepalive finds a connection that died without a word, which a listener that only waits would never notice.
        var own = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 10, ApplicationName = "prodsprint-listen" };
        var wait = TimeSpan.FromMilliseconds(50);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(own.ConnectionString);
                connection.Notification += (_, notification) => heard(notification.Payload);
                await connection.OpenAsync(cancellation);
                await using (var listen = new NpgsqlCommand($"LISTEN {channel}", connection)) await listen.ExecuteNonQueryAsync(cancellation);
                wait = TimeSpan.FromMilliseconds(50);
                connected();
                while (true) await connection.WaitAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogLost(channel, e.Message);
            }
            finally
            {
                lost?.Invoke();
            }
            try
            {
                await Task.Delay(wait, _time, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            wait = TimeSpan.FromMilliseconds(Math.Min(2000, wait.TotalMilliseconds * 2));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Listening on {Channel} broke off: {Error}; connecting again")]
    private partial void LogLost(string channel, string error);
}
