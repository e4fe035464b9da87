using System.Collections.Immutable;
using Npgsql;
using ProdSprint.Postgres;

namespace ProdSprint.Data;

/// <summary>Two workspaces, and every table tried across by the application's role.</summary>
public sealed class RowSecurityTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Mine = "mine";
    private const string Theirs = "theirs";
    private ImmutableArray<string> _tables = [];

    public async ValueTask InitializeAsync()
    {
        _tables = await SampleRows.TablesAsync(postgres.Owner);
        foreach (var table in _tables)
        {
            await SampleRows.InsertAsync(postgres.Owner, table, Mine);
            await SampleRows.InsertAsync(postgres.Owner, table, Theirs);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task EveryTable_RowSecurity_IsOnAndForced()
    {
        var open = await postgres.ScalarAsync<string>(
            """
            SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'prodsprint' AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
            """);
        open.ShouldBeNull();
    }

    /// <summary>
    /// What lies beside the workspaces' own schema: a token and what a workspace asks for are looked up before it is known who comes, and so in which workspace. They are out of the
    /// reach of every role that works in one; the one that reaches them has nothing else.
    /// </summary>
    [Fact]
    public async Task IdentityTables_NameAWorkspace_OnlyWhereTheyAreReadBeforeThereIsOne_AndByOneRole()
    {
        (await postgres.ScalarAsync<string>("SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM information_schema.columns WHERE table_schema = 'identity' AND column_name = 'workspace'")).ShouldBe("policy token");
        var open = await postgres.ScalarAsync<string>(
            "SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c WHERE c.relnamespace = 'identity'::regnamespace AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)");
        open.ShouldBeNull();
        (await postgres.ScalarAsync<string>("SELECT string_agg(DISTINCT grantee, ' ') FROM information_schema.role_table_grants WHERE table_schema = 'identity' AND grantee LIKE 'prodsprint\\_%'")).ShouldBe("prodsprint_identity");
    }

    [Fact]
    public async Task EveryRole_CannotBypassRowSecurity_AndOwnsNothing()
    {
        (await postgres.ScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'prodsprint\\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)")).ShouldBe(0);
        (await postgres.ScalarAsync<long>("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'prodsprint' AND r.rolname LIKE 'prodsprint\\_%'")).ShouldBe(0);
    }

    [Fact]
    public async Task App_EveryTable_SeesItsWorkspaceOnly()
    {
        _tables.Length.ShouldBeGreaterThanOrEqualTo(4);
        await using var app = await postgres.Database.App(Mine);
        foreach (var table in _tables)
        {
            var seen = await WorkspacesAsync(app, table);
            if (seen is null) continue;
            seen.ShouldBe([Mine], table);
        }
    }

    [Fact]
    public async Task App_EveryTable_CannotWriteAcross()
    {
        foreach (var table in _tables)
        {
            await using var app = await postgres.Database.App(Mine);
            (await ChangedAsync(app, $"DELETE FROM {table} WHERE workspace = '{Theirs}'")).ShouldBe(0, table);
            (await ChangedAsync(app, $"UPDATE {table} SET workspace = '{Mine}' WHERE workspace = '{Theirs}'")).ShouldBe(0, table);
            (await ChangedAsync(app, await SampleRows.StatementAsync(postgres.Owner, table, Theirs))).ShouldBe(0, table);
            (await postgres.ScalarAsync<long>($"SELECT count(*) FROM {table} WHERE workspace = '{Theirs}'")).ShouldBe(1, table);
        }
    }

    [Theory]
    [InlineData("SELECT set_config('prodsprint.workspace', 'theirs', false)")]
    [InlineData("SET prodsprint.workspace = 'theirs'; SET prodsprint.workspace_proof = ''")]
    [InlineData("SET prodsprint.workspace = 'theirs'; SET prodsprint.workspace_proof = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'")]
    [InlineData("RESET ALL")]
    public async Task App_ForgedWorkspace_SeesNothing(string forgery)
    {
        await using var app = await postgres.Database.App(Mine);
        await new NpgsqlCommand(forgery, app).ExecuteNonQueryAsync();
        foreach (var table in _tables) (await WorkspacesAsync(app, table) ?? []).ShouldBeEmpty(table);
    }

    [Theory]
    [InlineData("SET ROLE prodsprint_worker")]
    [InlineData("SET SESSION AUTHORIZATION prodsprint_worker")]
    [InlineData("SET row_security = off; SELECT count(*) FROM timeline")]
    [InlineData("SELECT * FROM workspace_key")]
    [InlineData("SELECT * FROM schema_migration")]
    [InlineData("ALTER TABLE timeline DISABLE ROW LEVEL SECURITY")]
    [InlineData("CREATE TABLE prodsprint.mine (n int)")]
    [InlineData("CREATE TABLE public.mine (n int)")]
    [InlineData("CREATE OR REPLACE FUNCTION prodsprint.current_workspace() RETURNS text LANGUAGE sql AS $$ SELECT 'theirs' $$")]
    public async Task App_WayAroundRowSecurity_IsRefused(string way)
    {
        await using var app = await postgres.Database.App(Mine);
        var refused = await Should.ThrowAsync<PostgresException>(() => new NpgsqlCommand(way, app).ExecuteNonQueryAsync());
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task App_ConnectionBackInThePool_HasForgottenTheWorkspace()
    {
        await using (await postgres.Database.App(Mine))
        {
        }
        await using var raw = NpgsqlDataSource.Create(postgres.Database.AppConnectionString);
        for (var i = 0; i < 3; i++)
        {
            int process;
            await using (var first = await raw.OpenConnectionAsync())
            {
                process = first.ProcessID;
                await new NpgsqlCommand("SET prodsprint.workspace = 'mine'", first).ExecuteNonQueryAsync();
            }
            await using var again = await raw.OpenConnectionAsync();
            again.ProcessID.ShouldBe(process);
            (await new NpgsqlCommand("SELECT coalesce(current_setting('prodsprint.workspace', true), '')", again).ExecuteScalarAsync()).ShouldBe("");
        }
    }

    [Theory]
    [InlineData("UPDATE timeline SET text = 'nothing happened'")]
    [InlineData("DELETE FROM timeline")]
    [InlineData("TRUNCATE timeline")]
    public async Task Timeline_ChangedByAnyRole_IsRefused(string change)
    {
        await using var app = await postgres.Database.App(Mine);
        await using var worker = await postgres.Database.Worker.OpenConnectionAsync();
        await using var owner = await postgres.Owner.OpenConnectionAsync();
        foreach (var connection in new[] { app, worker, owner })
        {
            var refused = await Should.ThrowAsync<PostgresException>(() => new NpgsqlCommand(change, connection).ExecuteNonQueryAsync());
            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
        (await postgres.ScalarAsync<long>("SELECT count(*) FROM prodsprint.timeline")).ShouldBe(2);
    }

    /// <summary>Null when the role may not read the table at all.</summary>
    private static async Task<string[]?> WorkspacesAsync(NpgsqlConnection connection, string table)
    {
        try
        {
            var found = new List<string>();
            await using var reader = await new NpgsqlCommand($"SELECT DISTINCT workspace FROM {table}", connection).ExecuteReaderAsync();
            while (await reader.ReadAsync()) found.Add(reader.GetString(0));
            return [.. found];
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    private static async Task<int> ChangedAsync(NpgsqlConnection connection, string sql)
    {
        try
        {
            return await new NpgsqlCommand(sql, connection).ExecuteNonQueryAsync();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return 0;
        }
    }
}
