using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using ProdSprint.Infrastructure;

namespace ProdSprint.Secrets;

/// <summary>
/// One of the two roles of a secret. Its comment says which version it was given last and whether that one works: a place for an older version, and one for a version
/// that was ended, are refused, so that whoever was taken for dead in the middle cannot undo what came after.
/// </summary>
internal sealed record PostgresRole(string Name, string Owner)
{
    /// <summary>PostgreSQL cuts names off after 63.</summary>
    private const int Readable = 45;
    private const string Mark = "ProdSprint, version ", Ended = " (ended)";

    public static PostgresRole Of(SecretName secret, int slot)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret.ToString())))[..10];
        var readable = string.Concat($"{secret.Project}_{secret.Environment}".ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return new($"ps_{readable[..Math.Min(readable.Length, Readable)]}_{hash}_{(slot == 0 ? 'a' : 'b')}", LocalConfiguration.DatabaseName(secret.Workspace, secret.Project, secret.Environment));
    }

    /// <param name="admin">Reaches the same PostgreSQL as another role.</param>
    public string ConnectionString(string admin, string password)
    {
        var there = new NpgsqlConnectionStringBuilder(admin);
        return new NpgsqlConnectionStringBuilder { Host = there.Host, Port = there.Port, SslMode = there.SslMode, Username = Name, Password = password, Database = Owner, Pooling = false, Timeout = 10 }.ConnectionString;
    }

    /// <summary>As libraries of every language take it.</summary>
    public static string Url(string admin, string role, string password, string databaseName)
    {
        var there = new NpgsqlConnectionStringBuilder(admin);
        var (host, socket) = there.Host!.StartsWith('/') ? ("localhost", $"?host={Uri.EscapeDataString(there.Host)}") : (there.Host, "");
        return $"postgresql://{role}:{password}@{host}:{there.Port}/{databaseName}{socket}";
    }

    public Task PlaceAsync(string admin, int version, string verifier, CancellationToken cancellation) => ChangeAsync(admin, async (connection, known) =>
    {
        if (known.Version > version || known == (version, true)) throw new SecretException($"Version {version} is of the past: {Name} has version {known.Version}.", "nothing: whoever made that version goes on");
        if (await OneAsync(connection, "SELECT true FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = $1 AND r.rolname = $1", Owner, cancellation) is not true)
            throw new SecretException($"There is no database {Owner} that belongs to its own role.", "apply the environment's infrastructure first: prodsprint infrastructure plan");
        await RunAsync(connection,
            $"""
            {(known.Version >= 0 ? "ALTER" : "CREATE")} ROLE {Q(Name)} LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{verifier}';
            GRANT {Q(Owner)} TO {Q(Name)};
            ALTER ROLE {Q(Name)} IN DATABASE {Q(Owner)} SET role TO {Q(Owner)};
            COMMENT ON ROLE {Q(Name)} IS '{Mark}{version.ToString(CultureInfo.InvariantCulture)}'
            """, cancellation);
    }, cancellation);

    public async Task EndAsync(string admin, int version, CancellationToken cancellation)
    {
        var superseded = false;
        await ChangeAsync(admin, async (connection, known) =>
        {
            superseded = known.Version > version;
            if (superseded) return;
            // Also when it was never made: whoever is still about to make it finds that it is over.
            await RunAsync(connection,
                $"""
                {(known.Version >= 0 ? "ALTER" : "CREATE")} ROLE {Q(Name)} NOLOGIN PASSWORD NULL;
                COMMENT ON ROLE {Q(Name)} IS '{Mark}{version.ToString(CultureInfo.InvariantCulture)}{Ended}'
                """, cancellation);
        }, cancellation);
        if (superseded) return;
        await using var after = await OpenAsync(admin, cancellation);
        await OneAsync(after, "SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1", Name, cancellation);
    }

    /// <summary>Gone, with whoever is signed in by it; what it owns itself goes to the owner. One of a later version than <paramref name="through"/> is not touched.</summary>
    public async Task DropAsync(string admin, int through, CancellationToken cancellation)
    {
        var there = false;
        await ChangeAsync(admin, async (connection, known) =>
        {
            there = known.Version >= 0 && known.Version <= through;
            if (there) await RunAsync(connection, $"ALTER ROLE {Q(Name)} NOLOGIN PASSWORD NULL", cancellation);
        }, cancellation);
        if (!there) return;
        await using (var others = await OpenAsync(admin, cancellation)) await OneAsync(others, "SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1", Name, cancellation);
        try
        {
            await DropAsync();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
        {
            // Made after RESET ROLE, or granted to it by somebody: else everything of theirs is the owner's.
            await using (var inside = await OpenAsync(new NpgsqlConnectionStringBuilder(admin) { Database = Owner }.ConnectionString, cancellation))
                await RunAsync(inside, $"GRANT {Q(Name)} TO CURRENT_USER; REASSIGN OWNED BY {Q(Name)} TO {Q(Owner)}; DROP OWNED BY {Q(Name)}", cancellation);
            await DropAsync();
        }

        Task DropAsync() => ChangeAsync(admin, (connection, known) => known.Version >= 0 && known.Version <= through ? RunAsync(connection, $"DROP ROLE {Q(Name)}", cancellation) : Task.CompletedTask, cancellation);
    }

    public async Task<string?> UsedAsync(string admin, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(admin, cancellation);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE usename = $1", connection) { Parameters = { new() { Value = Name } } };
        var open = (long)(await command.ExecuteScalarAsync(cancellation))!;
        return open == 0 ? null : $"{open} connection{(open == 1 ? " is" : "s are")} open as {Name}";
    }

    private async Task ChangeAsync(string admin, Func<NpgsqlConnection, (int Version, bool Ended), Task> change, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(admin, cancellation);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using (var hold = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = Name } } }) await hold.ExecuteNonQueryAsync(cancellation);
            await change(connection, await KnownAsync(connection, cancellation));
            await transaction.CommitAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SecretException($"The role that makes roles may not: {e.MessageText}.", "give it CREATEROLE, or name another connection in Infrastructure__Database", inner: e);
        }
    }

    /// <summary>-1: there is no such role. 0: somebody else made it, or took its comment away.</summary>
    private async Task<(int Version, bool Ended)> KnownAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(shobj_description(oid, 'pg_authid'), '') FROM pg_roles WHERE rolname = $1", connection) { Parameters = { new() { Value = Name } } };
        if (await command.ExecuteScalarAsync(cancellation) is not string comment) return (-1, false);
        var ended = comment.EndsWith(Ended, StringComparison.Ordinal);
        var text = ended ? comment[..^Ended.Length] : comment;
        return text.StartsWith(Mark, StringComparison.Ordinal) && int.TryParse(text.AsSpan(Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? (version, ended) : (0, false);
    }

    private static string Q(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task<NpgsqlConnection> OpenAsync(string admin, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(admin) { Pooling = false, ApplicationName = "prodsprint-secrets" }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            if (e is NpgsqlException) throw new SecretException($"PostgreSQL cannot be asked: {e.Message}.", "see that it runs, and that Infrastructure__Database names it", retry: true, e);
            throw;
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<bool?> OneAsync(NpgsqlConnection connection, string sql, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(cancellation) is bool value ? value : null;
    }
}
