using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;

namespace ProdSprint.Supply;

/// <param name="Source">Of what: the input of a build by digest, or <c>deployment/production/3</c>.</param>
public sealed record KeptAttestation(string Id, string PredicateType, string Source, string Envelope, DateTimeOffset MadeAt);

/// <summary>Envelopes by artifact, within one workspace (row-level security). They are added and never changed.</summary>
public sealed class AttestationStore(Database database)
{
    /// <summary>Of one artifact: builds of a few commits that gave the same bytes, and deployments of it.</summary>
    private const int Most = 200;

    /// <summary>Newest first.</summary>
    /// <param name="predicateType">Null: of every type.</param>
    public async Task<IReadOnlyList<KeptAttestation>> OfArtifactAsync(string workspace, string project, string artifact, string? predicateType, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT id, predicate_type, source, envelope, made_at FROM attestation
            WHERE workspace = $1 AND project = $2 AND artifact = $3 AND ($4 IS NULL OR predicate_type = $4) ORDER BY made_at DESC, id LIMIT $5
            """, connection)
        {
            Parameters =
            {
                new() { Value = workspace }, new() { Value = project }, new() { Value = artifact }, new() { Value = (object?)predicateType ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = Most },
            },
        };
        var found = new List<KeptAttestation>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4)));
        return found;
    }

    /// <returns><c>sha256:…</c> of the envelope.</returns>
    public async Task<string> AddAsync(string workspace, string project, string artifact, string predicateType, string source, DsseEnvelope envelope, CancellationToken cancellation)
    {
        var text = envelope.Write();
        var id = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            "INSERT INTO attestation (workspace, id, project, artifact, predicate_type, source, envelope) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING", connection);
        foreach (var value in (string[])[workspace, id, project, artifact, predicateType, source, text]) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
        return id;
    }
}
