using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ProdSprint.Data;

/// <summary>JSON documents by the digest of their text: audit reports, plans. A document is never changed; another text is another document.</summary>
public sealed class DocumentStore(Database database)
{
    public static string Digest(string json) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    /// <summary>Keeps it and returns its digest; keeping it again changes nothing.</summary>
    /// <param name="kind">What it is, for people who look into the table: <c>audit</c>, <c>plan</c>.</param>
    public async Task<string> PutAsync(string workspace, string kind, string json, CancellationToken cancellation = default)
    {
        var digest = Digest(json);
        await using var command = database.Worker.CreateCommand("INSERT INTO document (workspace, digest, kind, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
        foreach (var value in new[] { workspace, digest, kind, json }) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
        return digest;
    }

    /// <summary>The text exactly as it was kept; null: this workspace has no such document.</summary>
    public async Task<string?> GetAsync(string workspace, string digest, CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("SELECT body FROM document WHERE workspace = $1 AND digest = $2", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = digest } },
        };
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }
}
