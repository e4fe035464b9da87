using System.Text.Json.Nodes;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <param name="Account">Whom it is here.</param>
/// <param name="Body">As the directory wrote it, without what is ours: id, groups, meta.</param>
public sealed record ScimUser(Guid Id, string UserName, string? ExternalId, bool Active, string Account, JsonObject Body, long Version, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

public sealed record ScimGroup(Guid Id, string DisplayName, string? ExternalId, IReadOnlyList<Guid> Members, long Version, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

/// <summary>What a workspace's directory has told us by SCIM, each connection its own.</summary>
public sealed class ScimDirectory(Database database)
{
    private const string UserColumns = "u.id, u.user_name, u.external_id, u.active, u.account, u.body::text, u.version, u.created_at, u.changed_at";
    private const string GroupColumns = "g.id, g.display_name, g.external_id, g.members, g.version, g.created_at, g.changed_at";

    /// <summary>Of which user a provider speaks: whose account it opens already, else the one with its subject, else, only for an address the provider has verified, the one so named.</summary>
    public async Task<ScimUser?> FindAsync(string workspace, string connection, VouchedFor who, string? account, CancellationToken cancellation)
    {
        await using var sql = await database.Identity.OpenConnectionAsync(cancellation);
        return await sql.OneAsync(
            $"""
             SELECT {UserColumns} FROM prodsprint.scim_user u WHERE u.workspace = $1 AND u.connection = $2
               AND (u.account = $3 OR ($3 IS NULL AND (u.external_id = $4 OR lower(u.user_name) = lower($4) OR lower(u.user_name) = lower($5))))
             ORDER BY u.external_id = $4 DESC NULLS LAST LIMIT 1
             """, ReadUser, cancellation, workspace, connection, account, who.Subject, who.EmailVerified == true ? who.Email : null);
    }

    /// <summary>The names of the groups a user is in.</summary>
    public async Task<IReadOnlyList<string>> GroupsAsync(string workspace, string connection, Guid user, CancellationToken cancellation)
    {
        await using var sql = await database.App(workspace, cancellation);
        return await sql.ListAsync("SELECT display_name FROM prodsprint.scim_group WHERE workspace = $1 AND connection = $2 AND $3 = ANY (members) ORDER BY 1", r => r.GetString(0), cancellation,
            workspace, connection, user);
    }

    public async Task<IReadOnlyList<ScimGroup>> GroupsOfAsync(Connection of, Guid user, CancellationToken cancellation)
    {
        await using var sql = await database.App(of.Workspace, cancellation);
        return await sql.ListAsync($"SELECT {GroupColumns} FROM prodsprint.scim_group g WHERE g.workspace = $1 AND g.connection = $2 AND $3 = ANY (g.members) ORDER BY g.display_name", ReadGroup, cancellation,
            of.Workspace, of.Id, user);
    }

    public async Task<ScimUser?> UserAsync(Connection of, Guid id, CancellationToken cancellation)
    {
        await using var sql = await database.App(of.Workspace, cancellation);
        return await sql.OneAsync($"SELECT {UserColumns} FROM prodsprint.scim_user u WHERE u.workspace = $1 AND u.connection = $2 AND u.id = $3", ReadUser, cancellation, of.Workspace, of.Id, id);
    }

    public async Task<ScimGroup?> GroupAsync(Connection of, Guid id, CancellationToken cancellation)
    {
        await using var sql = await database.App(of.Workspace, cancellation);
        return await sql.OneAsync($"SELECT {GroupColumns} FROM prodsprint.scim_group g WHERE g.workspace = $1 AND g.connection = $2 AND g.id = $3", ReadGroup, cancellation, of.Workspace, of.Id, id);
    }

    /// <summary>Oldest first, so that a page keeps its place while others are added.</summary>
    public Task<(IReadOnlyList<ScimUser> Items, int Total)> UsersAsync(Connection of, ScimFilter filter, int skip, int count, CancellationToken cancellation) =>
        PageAsync(of, "scim_user", UserColumns, "u", filter, skip, count, ReadUser, cancellation);

    public Task<(IReadOnlyList<ScimGroup> Items, int Total)> GroupsAsync(Connection of, ScimFilter filter, int skip, int count, CancellationToken cancellation) =>
        PageAsync(of, "scim_group", GroupColumns, "g", filter, skip, count, ReadGroup, cancellation);

    /// <exception cref="ScimException">409: the name is taken.</exception>
    public Task AddAsync(Connection of, ScimUser u, CancellationToken cancellation) => Unique(of, async sql => await sql.RunAsync(
        "INSERT INTO prodsprint.scim_user (workspace, connection, id, user_name, external_id, active, account, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)", cancellation,
        of.Workspace, of.Id, u.Id, u.UserName, u.ExternalId, u.Active, u.Account, u.Body.ToJsonString()), cancellation);

    /// <exception cref="ScimException">409: the name is taken. 412: somebody changed it since it was read.</exception>
    public Task ChangeAsync(Connection of, ScimUser u, CancellationToken cancellation) => Unique(of, async sql => Fresh(await sql.RunAsync(
        """
        UPDATE prodsprint.scim_user SET user_name = $4, external_id = $5, active = $6, body = $7::jsonb, version = version + 1, changed_at = now()
        WHERE workspace = $1 AND connection = $2 AND id = $3 AND version = $8
        """, cancellation, of.Workspace, of.Id, u.Id, u.UserName, u.ExternalId, u.Active, u.Body.ToJsonString(), u.Version)), cancellation);

    public Task AddAsync(Connection of, ScimGroup g, CancellationToken cancellation) => Unique(of, async sql => await sql.RunAsync(
        "INSERT INTO prodsprint.scim_group (workspace, connection, id, display_name, external_id, members) VALUES ($1, $2, $3, $4, $5, $6)", cancellation,
        of.Workspace, of.Id, g.Id, g.DisplayName, g.ExternalId, g.Members.ToArray()), cancellation);

    public Task ChangeAsync(Connection of, ScimGroup g, CancellationToken cancellation) => Unique(of, async sql => Fresh(await sql.RunAsync(
        """
        UPDATE prodsprint.scim_group SET display_name = $4, external_id = $5, members = $6, version = version + 1, changed_at = now()
        WHERE workspace = $1 AND connection = $2 AND id = $3 AND version = $7
        """, cancellation, of.Workspace, of.Id, g.Id, g.DisplayName, g.ExternalId, g.Members.ToArray(), g.Version)), cancellation);

    public async Task RemoveUserAsync(Connection of, Guid id, CancellationToken cancellation)
    {
        await using var sql = await database.App(of.Workspace, cancellation);
        await sql.RunAsync("UPDATE prodsprint.scim_group SET members = array_remove(members, $3), version = version + 1 WHERE workspace = $1 AND connection = $2 AND $3 = ANY (members)", cancellation,
            of.Workspace, of.Id, id);
        await sql.RunAsync("DELETE FROM prodsprint.scim_user WHERE workspace = $1 AND connection = $2 AND id = $3", cancellation, of.Workspace, of.Id, id);
    }

    public async Task RemoveGroupAsync(Connection of, Guid id, CancellationToken cancellation)
    {
        await using var sql = await database.App(of.Workspace, cancellation);
        await sql.RunAsync("DELETE FROM prodsprint.scim_group WHERE workspace = $1 AND connection = $2 AND id = $3", cancellation, of.Workspace, of.Id, id);
    }

    private async Task<(IReadOnlyList<T>, int)> PageAsync<T>(
        Connection of, string table, string columns, string alias, ScimFilter filter, int skip, int count, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var where = $"FROM prodsprint.{table} {alias} WHERE {alias}.workspace = $1 AND {alias}.connection = $2 AND {filter.Sql}";
        object?[] values = [of.Workspace, of.Id, .. filter.Values];
        await using var sql = await database.App(of.Workspace, cancellation);
        var total = await sql.OneAsync($"SELECT count(*)::int {where}", r => r.GetInt32(0), cancellation, values);
        return (await sql.ListAsync($"SELECT {columns} {where} ORDER BY {alias}.created_at, {alias}.id OFFSET {skip} LIMIT {count}", read, cancellation, values), total);
    }

    private async Task Unique(Connection of, Func<NpgsqlConnection, Task> write, CancellationToken cancellation)
    {
        await using var sql = await database.App(of.Workspace, cancellation);
        try
        {
            await write(sql);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new ScimException(StatusCodes.Status409Conflict, "uniqueness", "Another one has this name.");
        }
    }

    private static void Fresh(int changed)
    {
        if (changed == 0) throw new ScimException(StatusCodes.Status412PreconditionFailed, null, "It was changed meanwhile. Next: read it again");
    }

    private static ScimUser ReadUser(NpgsqlDataReader r) => new(
        r.GetGuid(0), r.GetString(1), r.Text(2), r.GetBoolean(3), r.GetString(4), JsonNode.Parse(r.GetString(5))!.AsObject(), r.GetInt64(6), r.GetFieldValue<DateTimeOffset>(7), r.GetFieldValue<DateTimeOffset>(8));

    private static ScimGroup ReadGroup(NpgsqlDataReader r) => new(
        r.GetGuid(0), r.GetString(1), r.Text(2), r.GetFieldValue<Guid[]>(3), r.GetInt64(4), r.GetFieldValue<DateTimeOffset>(5), r.GetFieldValue<DateTimeOffset>(6));
}
