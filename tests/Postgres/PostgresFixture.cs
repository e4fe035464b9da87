using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Postgres;

/// <summary>
/// A database of its own for a test class (<c>IClassFixture&lt;PostgresFixture&gt;</c>) or an assembly, migrated, in one real PostgreSQL per test
/// process. <c>PRODSPRINT_TEST_POSTGRES</c> (owner's connection string) uses a server that is there already. Linked as source into test projects.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? s_owner;

    /// <summary>Held, because the collector would close its input, and PostgreSQL would end in the middle of a run.</summary>
    private static Process? s_watcher;
    private readonly string _name = "t_" + Guid.NewGuid().ToString("N")[..12];

    public Database Database { get; private set; } = null!;

    public NpgsqlDataSource Owner { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var server = await ServerAsync();
        await using (var postgres = new NpgsqlConnection(server))
        {
            await postgres.OpenAsync();
            await new NpgsqlCommand($"CREATE DATABASE {_name}", postgres).ExecuteNonQueryAsync();
        }
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = _name, Pooling = true, MaxPoolSize = 10 }.ConnectionString;
        Database = new Database(new DatabaseOptions { ConnectionString = ConnectionString, MaxConnectionsPerRole = 10 });
        await Database.StartAsync();
        Owner = NpgsqlDataSource.Create(Database.OwnerConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Owner.DisposeAsync();
        await using var postgres = new NpgsqlConnection(await ServerAsync());
        await postgres.OpenAsync();
        await new NpgsqlCommand($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", postgres).ExecuteNonQueryAsync();
    }

    public async Task<T?> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Owner.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task<int> ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Owner.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Started once per process, in a directory that goes away with it, by a watcher that also sees a test run that was killed.</summary>
    private static async Task<string> ServerAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (s_owner is not null) return s_owner;
            if (Environment.GetEnvironmentVariable("PRODSPRINT_TEST_POSTGRES") is { Length: > 0 } given)
                return s_owner = new NpgsqlConnectionStringBuilder(given) { Pooling = false }.ConnectionString;
            var directory = Path.Combine(Path.GetTempPath(), $"prodsprint-test-pg-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
            var options = new PrivateClusterOptions { Directory = directory, Database = "prodsprint" };
            options.Settings["fsync"] = "off";
            options.Settings["synchronous_commit"] = "off";
            options.Settings["full_page_writes"] = "off";
            options.Settings["shared_buffers"] = "64MB";
            var connection = await new PrivateCluster(options, NullLogger<PrivateCluster>.Instance).StartAsync();
            EndWithThisProcess(directory);
            return s_owner = new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static void EndWithThisProcess(string directory)
    {
        var watcher = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        watcher.ArgumentList.Add("-c");
        // "read" ends when this process does, however it ends; the first line of postmaster.pid is PostgreSQL's own process. SIGINT is its fast stop.
        watcher.ArgumentList.Add("""trap '' INT TERM HUP; exec >/dev/null 2>&1; read x; s="$(sed -n 5p "$1/data/postmaster.pid")"; kill -INT "$(head -1 "$1/data/postmaster.pid")"; n=0; while [ -f "$1/data/postmaster.pid" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done; rm -rf -- "$1" "$s" """);
        watcher.ArgumentList.Add("sh");
        watcher.ArgumentList.Add(directory);
        s_watcher = Process.Start(watcher);
    }
}
