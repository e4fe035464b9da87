using Npgsql;

namespace ProdSprint.Data;

/// <summary>Applies migrations forward, each in a transaction of its own, under an advisory lock of the database.</summary>
public static class Migrator
{
    /// <summary>"prodspri" as a number: any program of ours that migrates takes this lock.</summary>
    private const long Lock = 0x70726F6473707269;

    public static async Task RunAsync(NpgsqlDataSource owner, string secret, IReadOnlyList<Migration> migrations, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await ExecuteAsync(connection, $"SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock({Lock})", cancellation, timeoutSeconds: 300);
        try
        {
            await Roles.EnsureAsync(connection, secret, cancellation);
            await ApplyAsync(connection, migrations, cancellation);
            await SetWorkspaceKeyAsync(connection, Roles.WorkspaceKey(secret), cancellation);
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({Lock}); RESET ALL", CancellationToken.None);
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<Migration> migrations, CancellationToken cancellation)
    {
        await ExecuteAsync(connection,
            """
            SET client_min_messages = warning;
            CREATE SCHEMA IF NOT EXISTS prodsprint;
            CREATE TABLE IF NOT EXISTS prodsprint.schema_migration (
                number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
            """, cancellation);
        var applied = new Dictionary<int, (string Name, string Checksum)>();
        await using (var look = new NpgsqlCommand("SELECT number, name, checksum FROM prodsprint.schema_migration", connection))
        await using (var reader = await look.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation)) applied[reader.GetInt32(0)] = (reader.GetString(1), reader.GetString(2));
        }
        Check(migrations, applied);
        foreach (var migration in migrations.Where(m => !applied.ContainsKey(m.Number)))
            await ApplyAsync(connection, migration, cancellation);
    }

    private static void Check(IReadOnlyList<Migration> migrations, Dictionary<int, (string Name, string Checksum)> applied)
    {
        foreach (var (number, was) in applied)
        {
            var now = migrations.FirstOrDefault(m => m.Number == number)
                ?? throw new DatabaseException($"The database has migration {was.Name}, which this program does not know: it was last used by a newer ProdSprint. Next: start that version, or restore a backup from before.");
            if (now.Checksum != was.Checksum)
                throw new DatabaseException($"Migration {was.Name} was changed after it had been applied. Next: put the file back as it was and write the change as a new migration.");
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await ExecuteAsync(connection, migration.Sql, cancellation, timeoutSeconds: 3600);
        }
        catch (PostgresException e)
        {
            throw new DatabaseException($"Migration {migration.Name} failed and changed nothing: {e.MessageText} (SQLSTATE {e.SqlState}, position {e.Position}).", e);
        }
        await using var note = new NpgsqlCommand("INSERT INTO prodsprint.schema_migration (number, name, checksum) VALUES ($1, $2, $3)", connection)
        {
            Parameters = { new() { Value = migration.Number }, new() { Value = migration.Name }, new() { Value = migration.Checksum } },
        };
        await note.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task SetWorkspaceKeyAsync(NpgsqlConnection connection, byte[] key, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('prodsprint.workspace_key') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellation) is not true) return;
        await using var command = new NpgsqlCommand(
            "INSERT INTO prodsprint.workspace_key (one, key) VALUES (true, $1) ON CONFLICT (one) DO UPDATE SET key = excluded.key WHERE workspace_key.key <> excluded.key", connection)
        {
            Parameters = { new() { Value = key } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, int timeoutSeconds = 30)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = timeoutSeconds };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
