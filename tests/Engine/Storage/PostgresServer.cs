using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ProdSprint.Engine;

/// <summary>
/// A private PostgreSQL with the Orleans tables, made with nothing but PostgreSQL's own programs: these tests know the Orleans API and no
/// part of the product. In a temporary directory, not durable, gone afterwards.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"pg-{Guid.NewGuid():N}"[..14]);
    private int _port;

    /// <summary>Superuser, search path on the schema of the Orleans tables.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Search Path=orleans;Maximum Pool Size=30;Timeout=30";

    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_directory);
        if (IsRoot)
        {
            // PostgreSQL refuses to run as root, so the server's user must own its directory.
            await RunAsync("chown", ["nobody", _directory]);
        }

        await RunServerAsync("initdb", ["-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        await StartAsync();
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var schema = new NpgsqlCommand(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "0001_orleans.sql")), connection);
        await schema.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunServerAsync("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"]);
        Directory.Delete(_directory, recursive: true);
    }

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_directory, "data");

    private async Task StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            _port = FreePort();
            var settings = $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_directory} -c fsync=off -c full_page_writes=off -c shared_buffers=32MB";
            try
            {
                await RunServerAsync("pg_ctl", ["-D", Data, "-w", "-t", "60", "-l", Path.Combine(_directory, "log"), "-o", settings, "start"]);
                return;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                // Somebody took the port between looking and binding.
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindBinary(string name)
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{name} was not found. Install PostgreSQL 15 or newer: apt-get install postgresql.");
    }

    private static Task RunServerAsync(string binary, string[] arguments) => IsRoot
        ? RunAsync("runuser", ["-u", "nobody", "--", FindBinary(binary), .. arguments])
        : RunAsync(FindBinary(binary), arguments);

    private static async Task RunAsync(string program, string[] arguments)
    {
        // The server inherits these handles and keeps them open: a pipe would never end.
        string[] quiet = ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments];
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", quiet) { WorkingDirectory = Path.GetTempPath() })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
