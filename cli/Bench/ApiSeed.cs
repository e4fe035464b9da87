using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Bench;

/// <summary>Fills a database as years of use would: written straight into the tables, so it is no measurement of writing.</summary>
internal static class ApiSeed
{
    public const string Workspace = "bench", Project = "p00001", User = "bench";

    public static async Task FillAsync(IServiceProvider services, int audit, int projects, int workspaces, CancellationToken cancellation)
    {
        await using var owner = NpgsqlDataSource.Create(services.GetRequiredService<Database>().OwnerConnectionString);
        foreach (var statement in (string[])
        [
            $$"""
            INSERT INTO resource_view (workspace, kind, key, project, version, body, created_at)
            SELECT '{{Workspace}}', 'project', 'project/{{Workspace}}/' || p, p, 3, jsonb_build_object('id', p, 'key', 'project/{{Workspace}}/' || p, 'workspace', '{{Workspace}}', 'source', 'https://git.example.com/acme/' || p || '.git',
              'state', CASE WHEN n % 7 = 0 THEN 'live' ELSE 'imported' END, 'defaultBranch', 'main', 'head', md5(p) || 'abcdef01', 'good', '[]'::jsonb, 'freeze', '[]'::jsonb, 'variables', '[]'::jsonb,
              'lastPlan', 0, 'lastRelease', 0, 'frozenNow', false, 'createdAt', now() - n * interval '1 minute', 'stateVersion', 3), now() - n * interval '1 minute'
            FROM (SELECT n, 'p' || lpad(n::text, 5, '0') AS p FROM generate_series(1, {{projects}}) n) s
            """,
            $$"""
            INSERT INTO resource_view (workspace, kind, key, version, body)
            SELECT 'w' || n, 'workspace', 'workspace/w' || n, 1, jsonb_build_object('key', 'workspace/w' || n, 'workspace', 'w' || n, 'invitations', '[]'::jsonb, 'stateVersion', 1,
              'members', jsonb_build_array(jsonb_build_object('actor', CASE WHEN n % 100 = 0 THEN 'user:{{User}}' ELSE 'user:u' || n END, 'roles', '["admin"]'::jsonb, 'addedBy', 'user:u' || n, 'addedAt', now())))
            FROM generate_series(1, {{workspaces}}) n
            """,
            $$"""
            INSERT INTO audit_log
            SELECT '{{Workspace}}', n, now() - ({{audit}} - n) * interval '1 second', CASE WHEN n % 50000 = 1 THEN 'user:rare' ELSE 'user:u' || n % 200 END, 'session:x', CASE WHEN n % 50000 = 2 THEN 'RareAction' ELSE 'SetVariables' END,
              'projects/p' || lpad((n % {{projects}} + 1)::text, 5, '0') || '/variables', 'accepted', NULL, NULL, 'as every day', md5(n::text), '\x00', '\x00', '\x00'
            FROM generate_series(1, {{audit}}) n
            """,
            $"INSERT INTO audit_head VALUES ('{Workspace}', {audit}, '\\x00') ON CONFLICT (workspace) DO UPDATE SET seq = excluded.seq",
            "ANALYZE",
        ])
        {
            await using var command = owner.CreateCommand(statement);
            command.CommandTimeout = 600;
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
