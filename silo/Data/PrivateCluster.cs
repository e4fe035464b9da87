using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ProdSprint.Data;

/// <summary>
/// Starts PostgreSQL for ProdSprint alone, or adopts it if it runs already: it is a process of its own and outlives the server, so a restart of
/// ProdSprint finds it warm. Passwords (SCRAM) on the socket and on 127.0.0.1 alike.
/// </summary>
public sealed partial class PrivateCluster(PrivateClusterOptions options, ILogger<PrivateCluster> logger)
{
    private const string Owner = "prodsprint";

    /// <summary>Starts or adopts, and returns the owner's connection string.</summary>
    public async Task<string> StartAsync(CancellationToken cancellation = default)
    {
        if (OperatingSystem.IsWindows()) throw new DatabaseException("A private PostgreSQL is for Linux and macOS. Next: set ConnectionStrings__prodsprint to a server you have.");
        var (home, run) = Open();
        await home.PrepareAsync(run, cancellation);
        // Two servers started at once: one starts PostgreSQL, the other waits here and adopts it.
        await using var guard = await home.LockAsync(cancellation);
        if (!File.Exists(Path.Combine(home.Data, "PG_VERSION"))) await InitAsync(home, run, cancellation);
        if (await run.IsRunningAsync(cancellation))
        {
            LogAdopted(home.Data);
        }
        else
        {
            await StartAsync(home, run, options.Port, cancellation);
        }
        var connection = Connection(home);
        await EnsureDatabaseAsync(connection, cancellation);
        return connection;
    }

    /// <summary>
    /// Starts it again where it was if it has died, so that every connection string goes on being right. False: it runs, or somebody stopped it in order.
    /// </summary>
    /// <exception cref="DatabaseException">It does not start. What is left of its old processes may still be ending: try again.</exception>
    public async Task<bool> ReviveAsync(CancellationToken cancellation = default)
    {
        if (new ClusterHome(options.Directory).State != ClusterState.Died) return false;
        var (home, run) = Open();
        await home.PrepareAsync(run, cancellation);
        await using var guard = await home.LockAsync(cancellation);
        if (home.State != ClusterState.Died) return false;
        await StartAsync(home, run, home.LastPort, cancellation);
        return true;
    }

    /// <summary>Ends it: sessions are broken off, everything committed is kept. Not running: no-op.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (!File.Exists(Path.Combine(new ClusterHome(options.Directory).Data, "PG_VERSION"))) return;
        var (home, run) = Open();
        await using var guard = await home.LockAsync(cancellation);
        if (await run.IsRunningAsync(cancellation)) await run.RunAsync("pg_ctl", ["-D", home.Data, "-m", "fast", "-w", "-t", "60", "stop"], cancellation);
        home.RemoveSocket();
    }

    private (ClusterHome Home, ClusterCommands Run) Open()
    {
        var home = new ClusterHome(options.Directory);
        return (home, new(PostgresBinaries.Find(options.Binaries), home));
    }

    private async Task InitAsync(ClusterHome home, ClusterCommands run, CancellationToken cancellation)
    {
        LogCreating(home.Data);
        // Beside its place and then moved: a crash in between leaves no half-made cluster that looks like one.
        var making = home.Data + ".making";
        await run.DeleteAsync(making, cancellation);
        await home.WritePasswordAsync(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), run, cancellation);
        await run.RunAsync("initdb",
            ["-D", making, "-U", Owner, "--auth=scram-sha-256", $"--pwfile={home.PasswordFile}", "-E", "UTF8", "--locale=C", "--no-instructions"], cancellation);
        Directory.Move(making, home.Data);
    }

    /// <param name="wanted">0: the last one, or another if somebody else has it.</param>
    private async Task StartAsync(ClusterHome home, ClusterCommands run, int wanted, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = wanted != 0 ? wanted : attempt == 1 && home.LastPort != 0 ? home.LastPort : FreePort();
            var settings = string.Join(' ', options.Settings.Select(s => $"-c {s.Key}={s.Value}"));
            try
            {
                await run.RunAsync("pg_ctl",
                    ["-D", home.Data, "-l", home.LogFile, "-w", "-t", "60", "-o", $"-p {port.ToString(CultureInfo.InvariantCulture)} -k {home.Socket} -c listen_addresses=127.0.0.1 {settings}", "start"], cancellation);
                home.LastPort = port;
                LogStarted(home.Data, port);
                return;
            }
            catch (DatabaseException) when (wanted == 0 && attempt < 3)
            {
                // Someone else has the port of last time, or took it between our look and PostgreSQL's bind.
            }
            catch (DatabaseException e)
            {
                throw new DatabaseException($"PostgreSQL did not start: {home.LastLogLines()} Next: see {home.LogFile}.", e);
            }
        }
    }

    /// <summary>Line 4 of postmaster.pid is the port, line 5 the socket's directory.</summary>
    private string Connection(ClusterHome home)
    {
        var pid = File.ReadAllLines(home.PidFile);
        return new NpgsqlConnectionStringBuilder
        {
            Host = pid[4].Length > 0 ? pid[4] : "127.0.0.1",
            Port = int.Parse(pid[3], CultureInfo.InvariantCulture),
            Username = Owner,
            Password = home.ReadPassword(),
            Database = options.Database,
        }.ConnectionString;
    }

    private async Task EnsureDatabaseAsync(string connection, CancellationToken cancellation)
    {
        var template = new NpgsqlConnectionStringBuilder(connection) { Database = "postgres", Pooling = false };
        await using var open = new NpgsqlConnection(template.ConnectionString);
        await open.OpenAsync(cancellation);
        await using var look = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", open) { Parameters = { new() { Value = options.Database } } };
        if (await look.ExecuteScalarAsync(cancellation) is not null) return;
        await using var make = new NpgsqlCommand($"CREATE DATABASE \"{options.Database.Replace("\"", "\"\"")}\"", open);
        await make.ExecuteNonQueryAsync(cancellation);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Creating a PostgreSQL cluster in {Directory}")]
    private partial void LogCreating(string directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL of {Directory} started on 127.0.0.1:{Port}")]
    private partial void LogStarted(string directory, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL of {Directory} runs already; adopted")]
    private partial void LogAdopted(string directory);
}
