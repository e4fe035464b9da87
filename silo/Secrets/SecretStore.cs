using System.Security.Cryptography;
using System.Text;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>Which secret of which environment.</summary>
public sealed record SecretName(string Workspace, string Project, string Environment, string Name)
{
    public override string ToString() => $"{Workspace}/{Project}/{Environment}/{Name}";
}

/// <param name="ProviderId">Null: not known yet.</param>
public sealed record SealedValue(string Value, string? ProviderId);

/// <summary>Values, sealed under the workspace's data key and row-level security. Only what is named by a reference is ever opened.</summary>
public sealed class SecretStore(Database database, DataKeys keys, ViewReads views)
{
    private const int PageSize = 500;

    /// <summary>Keeps a value under its reference. When there is one already, that one stays: whoever was first has perhaps put it in place.</summary>
    public async Task PutAsync(SecretName name, string reference, string value, string? providerId, CancellationToken cancellation)
    {
        var key = await keys.OfAsync(name.Workspace, cancellation);
        await RunAsync(name, reference,
            "INSERT INTO secret_value (workspace, project, environment, name, reference, sealed, provider_id) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            [Envelope.Seal(key, Context(name, reference), Encoding.UTF8.GetBytes(value)), (object?)providerId ?? DBNull.Value], cancellation);
    }

    /// <summary>Null: it is forgotten, or never was.</summary>
    public async Task<SealedValue?> OpenAsync(SecretName name, string reference, CancellationToken cancellation)
    {
        (byte[] Sealed, string? ProviderId) row;
        await using (var connection = await database.App(name.Workspace, cancellation))
        {
            await using var command = Command(connection, name, reference, "SELECT sealed, provider_id FROM secret_value WHERE workspace = $1 AND project = $2 AND environment = $3 AND name = $4 AND reference = $5", []);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            if (!await reader.ReadAsync(cancellation)) return null;
            row = (reader.GetFieldValue<byte[]>(0), await reader.IsDBNullAsync(1, cancellation) ? null : reader.GetString(1));
        }
        try
        {
            return new(Encoding.UTF8.GetString(Envelope.Open(await keys.OfAsync(name.Workspace, cancellation), Context(name, reference), row.Sealed)), row.ProviderId);
        }
        catch (CryptographicException e)
        {
            throw new SecretException($"The value of {name} cannot be opened: it was changed by somebody else, or belongs to another place.", $"give it a new value: prodsprint secrets set {name.Name}, or rotate it", inner: e);
        }
    }

    /// <summary>For good: in a backup made before, it is still sealed.</summary>
    public Task ForgetAsync(SecretName name, string reference, CancellationToken cancellation) =>
        RunAsync(name, reference, "DELETE FROM secret_value WHERE workspace = $1 AND project = $2 AND environment = $3 AND name = $4 AND reference = $5", [], cancellation);

    /// <summary>All that is there of a secret but what was sealed since <paramref name="before"/>: that belongs to one that is set anew.</summary>
    public async Task ForgetAllAsync(SecretName name, IEnumerable<string> references, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var connection = await database.App(name.Workspace, cancellation);
        await using var command = new NpgsqlCommand("DELETE FROM secret_value WHERE workspace = $1 AND project = $2 AND environment = $3 AND name = $4 AND (reference = ANY ($5) OR made_at < $6)", connection);
        foreach (var value in (object[])[name.Workspace, name.Project, name.Environment, name.Name, references.ToArray(), before]) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The secret is removed or being removed.</summary>
    public async Task<bool> IsRemovedAsync(SecretName name, CancellationToken cancellation) => await SeeAsync(name, cancellation) is { Phase: SecretPhase.Removing or SecretPhase.Removed };

    /// <summary>Of a version that is being made: nobody waits for it any more, because the secret was removed meanwhile.</summary>
    public async Task<bool> IsOverAsync(SecretName name, string reference, CancellationToken cancellation) =>
        await SeeAsync(name, cancellation) is { } view && (view.Phase is SecretPhase.Removing or SecretPhase.Removed || view.Versions.All(v => v.Reference != reference || v.EndedAt is not null));

    /// <summary>Past what is remembered here: the view is written before the job that follows from it can begin.</summary>
    private async Task<SecretView?> SeeAsync(SecretName name, CancellationToken cancellation)
    {
        views.Forget(name.Workspace);
        return await views.GetAsync(name.Workspace, GrainKeys.Secret(name.Workspace, name.Project, name.Environment, name.Name), cancellation) is { } view ? KernelJson.Read<SecretView>(view) : null;
    }

    /// <summary>The secrets of a project that have a version to hand out, without their values.</summary>
    public async Task<IReadOnlyList<SecretView>> ListAsync(string workspace, string project, CancellationToken cancellation) =>
        [.. (await ListAllAsync(workspace, project, cancellation)).Where(v => Current(v) is not null)];

    /// <summary>Also those that have nothing to hand out.</summary>
    public async Task<IReadOnlyList<SecretView>> ListAllAsync(string workspace, string project, CancellationToken cancellation)
    {
        var found = new List<SecretView>();
        for (string? after = null; ;)
        {
            var (items, next) = await views.ListAsync(workspace, new("secret", project, after, PageSize, null, ViewOrder.Name), cancellation);
            found.AddRange(items.Select(KernelJson.Read<SecretView>));
            if ((after = next) is null) return found;
        }
    }

    public async Task<SealedValue?> OpenCurrentAsync(SecretName name, CancellationToken cancellation) =>
        await views.GetAsync(name.Workspace, GrainKeys.Secret(name.Workspace, name.Project, name.Environment, name.Name), cancellation) is { } view && Current(KernelJson.Read<SecretView>(view)) is { } current
            ? await OpenAsync(name, current.Reference, cancellation)
            : null;

    /// <summary>It is given to nobody just now, and whether that stays so is known in a moment.</summary>
    public static bool IsWithheld(SecretView view) => view is { Phase: SecretPhase.Removing, Waiting: not null };

    /// <summary>What is handed out; null: nothing, perhaps because it is being removed.</summary>
    public static SecretVersion? Current(SecretView view) => view.Phase == SecretPhase.Removing ? null : view.Versions.FirstOrDefault(v => v.State == SecretVersionState.Current);

    private async Task RunAsync(SecretName name, string reference, string sql, object[] more, CancellationToken cancellation)
    {
        await using var connection = await database.App(name.Workspace, cancellation);
        await using var command = Command(connection, name, reference, sql, more);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, SecretName name, string reference, string sql, object[] more)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in (object[])[name.Workspace, name.Project, name.Environment, name.Name, reference, .. more]) command.Parameters.Add(new() { Value = value });
        return command;
    }

    private static string Context(SecretName name, string reference) => $"secret/{name}/{reference}";
}
