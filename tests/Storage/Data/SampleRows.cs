using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Npgsql;

namespace ProdSprint.Data;

/// <summary>A row for any table that has a workspace, made from the catalogue, so that a new table is tried across without anyone adding it here.</summary>
internal static class SampleRows
{
    public static async Task<ImmutableArray<string>> TablesAsync(NpgsqlDataSource owner)
    {
        await using var command = owner.CreateCommand(
            """
            SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace'
            WHERE n.nspname = 'prodsprint' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = ImmutableArray.CreateBuilder<string>();
        while (await reader.ReadAsync()) tables.Add("prodsprint." + reader.GetString(0).Replace("prodsprint.", ""));
        return tables.ToImmutable();
    }

    public static async Task InsertAsync(NpgsqlDataSource owner, string table, string workspace)
    {
        if (await owner.CreateCommand($"SELECT 1 FROM {table} WHERE workspace = '{workspace}'").ExecuteScalarAsync() is not null) return;
        // "replica": a row may come before the one it refers to.
        await using var command = owner.CreateCommand($"SET session_replication_role = replica; {await StatementAsync(owner, table, workspace)}");
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<string> StatementAsync(NpgsqlDataSource owner, string table, string workspace)
    {
        await using var command = owner.CreateCommand(
            """
            SELECT attname, format_type(atttypid, NULL),
              coalesce((SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.conrelid = attrelid AND c.contype = 'c' AND c.conkey = ARRAY[attnum] LIMIT 1), '')
            FROM pg_attribute
            WHERE attrelid = $1::regclass AND attnum > 0 AND attnotnull AND NOT atthasdef AND attidentity = '' AND NOT attisdropped
            """);
        command.Parameters.Add(new() { Value = table });
        var columns = new List<string>();
        var values = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            columns.Add(reader.GetString(0));
            values.Add(Allowed(reader.GetString(2), workspace) ?? Value(reader.GetString(0), reader.GetString(1), workspace));
        }
        return $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", values)})";
    }

    /// <summary>What a check of the column lets through: the first of its words, or twelve letters and digits. Null: it has none that says which.</summary>
    private static string? Allowed(string check, string workspace) =>
        Regex.Match(check, @"ARRAY\['([^']+)'") is { Success: true } word ? $"'{word.Groups[1].Value}'"
        : check.Contains("[a-z0-9]{12}", StringComparison.Ordinal) ? $"left(md5('{workspace}'), 12)" : null;

    private static string Value(string column, string type, string workspace) => (column, type) switch
    {
        ("workspace", _) => $"'{workspace}'",
        ("digest", _) => "'sha256:" + new string('0', 64) + "'",
        (_, "text") => $"'{column}/{workspace}'",
        (_, "jsonb" or "json") => "'{}'",
        (_, "timestamp with time zone") => "now()",
        (_, "boolean") => "false",
        (_, "bytea") => "'\\x00'",
        (_, "uuid") => "gen_random_uuid()",
        (_, "integer" or "bigint" or "smallint" or "real" or "double precision" or "numeric") => "1",
        var (_, array) when array.EndsWith("[]", StringComparison.Ordinal) => "'{}'",
        _ => throw new NotSupportedException($"Say in SampleRows what a {type} looks like (column {column})."),
    };
}
