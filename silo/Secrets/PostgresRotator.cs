using System.Security.Cryptography;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Infrastructure;

namespace ProdSprint.Secrets;

/// <summary>
/// The password of an environment's database: two login roles take turns, both members of the role that owns it and working as it, so that what one of them makes belongs to
/// the other as well. Only the password is kept; the address is made when it is handed out. PostgreSQL gets a verifier, never the password.
/// </summary>
public sealed class PostgresRotator(InfrastructureOptions options, Database database, SecretStore store) : ISecretRotator
{
    private readonly string _admin = options.Database.Length > 0 ? options.Database : database.OwnerConnectionString;

    public SecretKind Kind => SecretKind.PostgresPassword;

    public async Task<SecretPlaced> PlaceAsync(SecretRequest request, CancellationToken cancellation)
    {
        var (name, reference) = (request.SecretName(), request.Version.Reference);
        var role = PostgresRole.Of(name, request.Version.Slot);
        // Kept before anybody lets it in: after a crash it is this password again, not another.
        await store.PutAsync(name, reference, RandomNumberGenerator.GetHexString(48, lowercase: true), role.Name, cancellation);
        var value = await store.OpenAsync(name, reference, cancellation) ?? throw Past(request);
        await role.PlaceAsync(_admin, request.Version.Number, ScramVerifier.Of(value.Value), cancellation);
        // Whoever was taken for dead and made it only now, after the secret's end, takes it away again.
        if (await store.IsOverAsync(name, reference, cancellation))
        {
            await role.DropAsync(_admin, request.Version.Number, cancellation);
            await store.ForgetAsync(name, reference, cancellation);
            throw Past(request);
        }
        return new(role.Name);
    }

    public async Task<string?> LookAsync(SecretRequest request, CancellationToken cancellation)
    {
        var name = request.SecretName();
        if (await store.OpenAsync(name, request.Version.Reference, cancellation) is not { } value) return $"The value of version {request.Version.Number} of {request.Name} is not there any more.";
        var role = PostgresRole.Of(name, request.Version.Slot);
        try
        {
            await using var connection = new NpgsqlConnection(role.ConnectionString(_admin, value.Value));
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand("SELECT current_user::text", connection);
            return (string)(await command.ExecuteScalarAsync(cancellation))! == role.Owner ? null : $"{role.Name} is let in, and does not work as {role.Owner}, to which the database belongs.";
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("28", StringComparison.Ordinal) || e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidParameterValue)
        {
            return $"PostgreSQL does not let {role.Name} in: {e.MessageText}.";
        }
        catch (NpgsqlException e)
        {
            throw new SecretException($"PostgreSQL cannot be asked: {e.Message}.", "see that it runs, and that Infrastructure__Database names it", retry: true, e);
        }
    }

    public Task<string?> UsedAsync(SecretRequest request, CancellationToken cancellation) => PostgresRole.Of(request.SecretName(), request.Version.Slot).UsedAsync(_admin, cancellation);

    public async Task EndAsync(SecretRequest request, CancellationToken cancellation)
    {
        var role = PostgresRole.Of(request.SecretName(), request.Version.Slot);
        await role.EndAsync(_admin, request.Version.Number, cancellation);
        if (await store.IsRemovedAsync(request.SecretName(), cancellation)) await role.DropAsync(_admin, request.Version.Number, cancellation);
        await store.ForgetAsync(request.SecretName(), request.Version.Reference, cancellation);
    }

    public async Task RemoveAsync(SecretRequest request, CancellationToken cancellation)
    {
        foreach (var slot in (int[])[0, 1]) await PostgresRole.Of(request.SecretName(), slot).DropAsync(_admin, request.Version.Number, cancellation);
    }

    public string HandOut(SecretName name, SealedValue value) => PostgresRole.Url(_admin, value.ProviderId!, value.Value, LocalConfiguration.DatabaseName(name.Workspace, name.Project, name.Environment));

    private static SecretException Past(SecretRequest request) => new($"Version {request.Version.Number} of {request.Name} was given up.", $"rotate it again: prodsprint secrets rotate {request.Name}");
}
