using Npgsql;

namespace ProdSprint.Infrastructure;

/// <summary>
/// Makes an environment's directories, secret, role and database what the configuration says, takes them away, and looks whether they are still so. Everything may be
/// asked twice. Nobody but the caller's file system and PostgreSQL ever sees the secret; the database gets what it is checked against, not the password.
/// </summary>
public sealed class EnvironmentResources(EnvironmentPlace place, string ownerConnection)
{
    /// <summary>Makes it so and says what it did.</summary>
    public Task<string> EnsureAsync(string kind, string name, CancellationToken cancellation) => kind switch
    {
        LocalConfiguration.Directory => Task.FromResult(place.EnsureDirectory(name)),
        LocalConfiguration.Secret => Task.FromResult(place.EnsureSecret(name)),
        LocalConfiguration.Role => EnsureRoleAsync(Own(name), cancellation),
        LocalConfiguration.Database => EnsureDatabaseAsync(Own(name), cancellation),
        LocalConfiguration.Access => EnsureAccessAsync(Own(name), cancellation),
        _ => throw Unknown(kind),
    };

    public async Task<string> RemoveAsync(string kind, string name, CancellationToken cancellation)
    {
        switch (kind)
        {
            case LocalConfiguration.Directory: return place.RemoveDirectory(name);
            case LocalConfiguration.Secret: return place.RemoveSecret(name);
            case LocalConfiguration.Access: return $"access to {Own(name)} goes with it";
            case LocalConfiguration.Role:
                await RunAsync($"DROP ROLE IF EXISTS {Quoted(Own(name))}", cancellation);
                return $"role {name} is gone";
            case LocalConfiguration.Database:
                await RunAsync($"DROP DATABASE IF EXISTS {Quoted(Own(name))} WITH (FORCE)", cancellation);
                return $"database {name} is gone, with all that was in it";
            default: throw Unknown(kind);
        }
    }

    /// <summary>By address in the configuration: what is not as it should be.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(CancellationToken cancellation)
    {
        var found = new Dictionary<string, string>();
        void Note(string address, string? problem)
        {
            if (problem is not null) found[$"terraform_data.{address}"] = problem;
        }
        foreach (var directory in LocalConfiguration.Directories) Note($"{LocalConfiguration.Directory}[\"{directory}\"]", place.DirectoryProblem(directory));
        var secret = place.SecretProblem(LocalConfiguration.DatabasePassword);
        Note(LocalConfiguration.Secret, secret);
        await using var connection = await OpenAsync(cancellation);
        var name = place.DatabaseName;
        var role = await TextAsync(connection, RoleProblem, name, cancellation);
        var database = await TextAsync(connection, DatabaseProblem, name, cancellation);
        Note(LocalConfiguration.Role, role switch
        {
            null => $"the role {name} is not there",
            "" when secret is null && database is not null => await SignInProblemAsync(name, cancellation),
            "" => null,
            _ => $"the role {name} {role}",
        });
        Note(LocalConfiguration.Database, database is null ? $"the database {name} is not there" : null);
        Note(LocalConfiguration.Access, database switch
        {
            null => "there is no database to give access to",
            "" => null,
            _ => $"the database {name} {database}",
        });
        return found;
    }

    /// <summary>Empty: it may sign in and own its database, and nothing else.</summary>
    private const string RoleProblem = """
        SELECT CASE WHEN NOT rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls THEN 'may more, or less, than sign in'
            WHEN EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) THEN 'has the rights of ' || (SELECT string_agg(pg_get_userbyid(m.roleid), ', ' ORDER BY 1) FROM pg_auth_members m WHERE m.member = r.oid)
            WHEN rolconnlimit <> -1 OR coalesce(rolvaliduntil < 'infinity', false) THEN 'is let in less often, or less long, than it was' ELSE '' END
        FROM pg_roles r WHERE rolname = $1
        """;

    /// <summary>Who else is in a role: not those that a rotation made (<c>PostgresRole</c>), nor whoever asks.</summary>
    private const string Strangers = "FROM pg_auth_members m WHERE m.roleid = d.datdba AND pg_get_userbyid(m.member) <> current_user AND coalesce(shobj_description(m.member, 'pg_authid'), '') NOT LIKE 'ProdSprint, version %'";

    private const string Guests = "FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee <> d.datdba";

    /// <summary>Empty: its role owns it, nobody else may connect, and it takes connections.</summary>
    private const string DatabaseProblem = $"""
        SELECT CASE WHEN pg_get_userbyid(datdba) <> datname OR EXISTS (SELECT {Guests}) THEN 'belongs to another role, or others may connect to it'
            WHEN EXISTS (SELECT {Strangers}) THEN 'can be had by ' || (SELECT string_agg(pg_get_userbyid(m.member), ', ' ORDER BY 1) {Strangers}) || ', who has the rights of its role'
            WHEN NOT datallowconn OR datconnlimit <> -1 THEN 'takes fewer connections than it did' ELSE '' END
        FROM pg_database d WHERE datname = $1
        """;

    private async Task<string> EnsureRoleAsync(string name, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        var there = await OneAsync(connection, "SELECT true FROM pg_roles WHERE rolname = $1", name, cancellation) is true;
        var verifier = ScramVerifier.Of(place.ReadSecret(LocalConfiguration.DatabasePassword));
        await RunAsync(connection, $"{(there ? "ALTER" : "CREATE")} ROLE {Quoted(name)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT -1 VALID UNTIL 'infinity' PASSWORD '{verifier}'", cancellation);
        if (await TextAsync(connection, "SELECT string_agg(quote_ident(pg_get_userbyid(m.roleid)), ', ') FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1", name, cancellation) is { Length: > 0 } given)
            await RunAsync(connection, $"REVOKE {given} FROM {Quoted(name)}", cancellation);
        return there ? $"role {name} is as it should be" : $"role {name} made";
    }

    private async Task<string> EnsureDatabaseAsync(string name, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        if (await OneAsync(connection, "SELECT true FROM pg_database WHERE datname = $1", name, cancellation) is true) return $"database {name} is there, and stays as it is";
        await RunAsync(connection, $"CREATE DATABASE {Quoted(name)} ENCODING 'UTF8' TEMPLATE template0", cancellation);
        return $"database {name} made";
    }

    private async Task<string> EnsureAccessAsync(string name, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        // Whoever is no superuser may give a database only to a role it belongs to.
        if (await OneAsync(connection, "SELECT pg_has_role(current_user, $1, 'MEMBER')", name, cancellation) is not true) await RunAsync(connection, $"GRANT {Quoted(name)} TO CURRENT_USER", cancellation);
        await RunAsync(connection, $"ALTER DATABASE {Quoted(name)} OWNER TO {Quoted(name)}", cancellation);
        var guests = await TextAsync(connection, $"SELECT string_agg(DISTINCT quote_ident(pg_get_userbyid(a.grantee)), ', ') FROM pg_database d CROSS JOIN LATERAL (SELECT a.grantee {Guests} AND a.grantee <> 0) a WHERE datname = $1", name, cancellation);
        await RunAsync(connection, $"REVOKE ALL ON DATABASE {Quoted(name)} FROM PUBLIC{(guests is { Length: > 0 } ? $", {guests} CASCADE" : "")}", cancellation);
        if (await TextAsync(connection, $"SELECT string_agg(quote_ident(pg_get_userbyid(s.member)), ', ') FROM pg_database d CROSS JOIN LATERAL (SELECT m.member {Strangers}) s WHERE datname = $1", name, cancellation) is { Length: > 0 } strangers)
            await RunAsync(connection, $"REVOKE {Quoted(name)} FROM {strangers}", cancellation);
        await RunAsync(connection, $"ALTER DATABASE {Quoted(name)} ALLOW_CONNECTIONS true CONNECTION LIMIT -1", cancellation);
        return $"database {name} belongs to its role, and nobody else may connect";
    }

    /// <summary>The secret is the one that PostgreSQL checks: tried with the real thing.</summary>
    private async Task<string?> SignInProblemAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(place.ConnectionString(ownerConnection));
            await connection.OpenAsync(cancellation);
            return null;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return $"the role {name} has another password than its secret";
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.TooManyConnections)
        {
            return null; // who may connect is the database's access, which is told there
        }
    }

    /// <summary>A step may name what belongs to its environment, and nothing else.</summary>
    private string Own(string name) => name == place.DatabaseName ? name : throw new InfrastructureException($"'{name}' does not belong to {place.Key}.", "plan anew: prodsprint infrastructure plan");

    private static InfrastructureException Unknown(string kind) => new($"There is no resource of the kind '{kind}'.", "plan anew: prodsprint infrastructure plan");

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnection) { Pooling = false, ApplicationName = "prodsprint-infrastructure" }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task RunAsync(string sql, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await RunAsync(connection, sql, cancellation);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InfrastructureException(
                $"The role that makes databases may not: {e.MessageText}.", "give it CREATEDB and CREATEROLE, or name another connection in Infrastructure__Database");
        }
    }

    private static async Task<string?> TextAsync(NpgsqlConnection connection, string sql, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    private static async Task<bool?> OneAsync(NpgsqlConnection connection, string sql, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(cancellation) is bool value ? value : null;
    }
}
