using Npgsql;
using ProdSprint.Data;
using ProdSprint.Projects;

namespace ProdSprint.Infrastructure;

/// <summary>
/// Plan files, and the configurations they were made from, by the digest of their bytes. What comes out is what the digest says, or nothing; kept again, it is as it should be again.
/// </summary>
public sealed class PlanFiles(Database database)
{
    public async Task<string> PutAsync(string workspace, byte[] file, CancellationToken cancellation)
    {
        var digest = CanonicalJson.Digest(file);
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("INSERT INTO infrastructure_plan (workspace, digest, body) VALUES ($1, $2, $3) ON CONFLICT (workspace, digest) DO UPDATE SET body = excluded.body", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = digest }, new() { Value = file } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
        return digest;
    }

    /// <param name="what">In words, for whoever reads why it is refused.</param>
    /// <exception cref="InfrastructureException">It is not there, or it is another file by now.</exception>
    public async Task<byte[]> GetAsync(string workspace, string digest, string what, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("SELECT body FROM infrastructure_plan WHERE workspace = $1 AND digest = $2", connection) { Parameters = { new() { Value = workspace }, new() { Value = digest } } };
        var file = await command.ExecuteScalarAsync(cancellation) as byte[];
        if (file is not null && CanonicalJson.Digest(file) == digest) return file;
        throw new InfrastructureException(
            file is null ? $"{what} {digest} is not there any more." : $"{what} {digest} is another one by now: somebody has changed it. Nothing was done.",
            "plan anew, and approve what it says: prodsprint infrastructure plan");
    }
}
