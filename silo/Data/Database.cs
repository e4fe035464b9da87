using Npgsql;

namespace ProdSprint.Data;

/// <summary>
/// The database, by role. <see cref="App"/> for what people read, one workspace at a time; <see cref="Worker"/> for the silo's own work;
/// <see cref="OrleansConnectionString"/> for the engine. Call <see cref="StartAsync"/> once before anything else: it makes roles and migrates.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>Who is signed in is kept in memory; the database is asked when someone comes or changes.</summary>
    private const int MostIdentityConnections = 12;

    private readonly NpgsqlDataSource _owner;
    private readonly NpgsqlDataSource _app;
    private readonly NpgsqlDataSource _turns;
    private readonly byte[] _workspaceKey;
    private readonly string _secret;

    public Database(DatabaseOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
            throw new DatabaseException("There is no connection to PostgreSQL. Next: set ConnectionStrings__prodsprint, or start with ./prodsprint up, which brings its own.");
        var owner = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = "prodsprint,public",
            CommandTimeout = options.CommandTimeoutSeconds,
            ApplicationName = "prodsprint",
            Timezone = "UTC",
        };
        _secret = options.RoleSecret ?? owner.Password
            ?? throw new DatabaseException("The connection string has no password to derive the roles' passwords from. Next: set Database__RoleSecret to a random text, the same on every server.");
        _workspaceKey = Roles.WorkspaceKey(_secret);
        OwnerConnectionString = owner.ConnectionString;
        AppConnectionString = For(owner, Roles.App, options.MaxConnectionsPerRole);
        WorkerConnectionString = For(owner, Roles.Worker, options.MaxConnectionsPerRole);
        OrleansConnectionString = For(owner, Roles.Orleans, options.MaxConnectionsPerRole, "orleans");
        _owner = NpgsqlDataSource.Create(OwnerConnectionString);
        _app = NpgsqlDataSource.Create(AppConnectionString);
        _turns = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(AppConnectionString) { NoResetOnClose = true, MaxPoolSize = Math.Min(8, options.MaxConnectionsPerRole) }.ConnectionString);
        IdentityConnectionString = For(owner, Roles.Identity, Math.Min(options.MaxConnectionsPerRole, MostIdentityConnections), "identity");
        Identity = NpgsqlDataSource.Create(IdentityConnectionString);
        Worker = NpgsqlDataSource.Create(WorkerConnectionString);
    }

    public string OwnerConnectionString { get; }

    public string AppConnectionString { get; }

    public string WorkerConnectionString { get; }

    /// <summary>For the engine's storage and reminders: role <c>prodsprint_orleans</c>, search path <c>orleans</c>.</summary>
    public string OrleansConnectionString { get; }

    public string IdentityConnectionString { get; }

    /// <summary>Accounts, sessions and tokens, which are looked at before anybody knows in which workspace: schema <c>identity</c>, and nothing else.</summary>
    public NpgsqlDataSource Identity { get; }

    /// <summary>What was just read of them.</summary>
    public ViewMemory Views { get; } = new(TimeProvider.System);

    /// <summary>As the silo: sees every workspace, so only for code that takes the workspace from a grain key or a job, never from a request.</summary>
    public NpgsqlDataSource Worker { get; }

    /// <summary>Makes the roles, then applies migrations under an advisory lock: of several servers starting at once one works, the others wait.</summary>
    public Task StartAsync(CancellationToken cancellation = default) => Migrator.RunAsync(_owner, _secret, Migrations.Embedded(), cancellation);

    /// <summary>32 bytes, the same on every server of this database, and nowhere in it.</summary>
    public byte[] Key(string purpose) => Roles.Key(_secret, purpose);

    /// <summary>
    /// A connection that sees one workspace and nothing else. The workspace is signed, so that SQL which found its way into a query cannot
    /// change it. Dispose it soon: the pool clears the setting (DISCARD ALL) before anyone else gets the connection.
    /// </summary>
    public async Task<NpgsqlConnection> App(string workspace, CancellationToken cancellation = default)
    {
        try
        {
            return await OpenAppAsync(workspace, cancellation);
        }
        catch (Exception e) when (IsLost(e))
        {
            // It lay in the pool when PostgreSQL went away, and so did its neighbours. Nothing was asked of it yet: a new one will do.
            _app.Clear();
            return await OpenAppAsync(workspace, cancellation);
        }
    }

    /// <summary>
    /// One statement as the application, in one round trip: the workspace is set for the batch's own transaction and is gone with it, so the connection goes back
    /// with nothing to clear. For what is asked all the time; may be repeated when a connection turns out to be dead, so only for reads.
    /// </summary>
    public async Task<T> ReadAsync<T>(string workspace, Func<NpgsqlBatchCommand> statement, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellation = default)
    {
        for (var again = false; ; again = true)
        {
            try
            {
                await using var batch = _turns.CreateBatch();
                batch.BatchCommands.Add(new("SELECT set_config('prodsprint.workspace', $1, true), set_config('prodsprint.workspace_proof', $2, true)")
                {
                    Parameters = { new() { Value = workspace }, new() { Value = Roles.WorkspaceProof(_workspaceKey, workspace) } },
                });
                batch.BatchCommands.Add(statement());
                await using var reader = await batch.ExecuteReaderAsync(cancellation);
                await reader.NextResultAsync(cancellation);
                return await read(reader);
            }
            catch (Exception e) when (!again && IsLost(e))
            {
                _turns.Clear();
            }
        }
    }

    /// <summary>The connection has died, as against: PostgreSQL has answered. A connection that breaks while it is handed out is told as disposed.</summary>
    private static bool IsLost(Exception e) => e switch
    {
        NpgsqlException n => n.SqlState is null or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        ObjectDisposedException or IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    private async Task<NpgsqlConnection> OpenAppAsync(string workspace, CancellationToken cancellation)
    {
        var connection = await _app.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand(
                "SELECT set_config('prodsprint.workspace', $1, false), set_config('prodsprint.workspace_proof', $2, false)", connection)
            {
                Parameters = { new() { Value = workspace }, new() { Value = Roles.WorkspaceProof(_workspaceKey, workspace) } },
            };
            await command.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _turns.DisposeAsync();
        await Worker.DisposeAsync();
        await Identity.DisposeAsync();
        await _owner.DisposeAsync();
    }

    private string For(NpgsqlConnectionStringBuilder owner, string role, int connections, string searchPath = "prodsprint") =>
        new NpgsqlConnectionStringBuilder(owner.ConnectionString)
        {
            Username = role,
            Password = Roles.Password(_secret, role),
            SearchPath = searchPath,
            MaxPoolSize = connections,
            // Our statements are few and long: parsing and planning them anew costs more than running them.
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 3,
            ApplicationName = role.Replace('_', '-'),
        }.ConnectionString;
}
