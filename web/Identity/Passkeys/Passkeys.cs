using System.Buffers.Text;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Identity;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Passkeys (WebAuthn) by ASP.NET Core Identity's own handler. What a browser is asked to sign is kept in the database and taken once.</summary>
public sealed class Passkeys(Database database, Accounts accounts, IServiceScopeFactory scopes, KnownCredentials known)
{
    /// <summary>Long enough to fetch the key from another room.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private const int Most = 20;

    public async Task<ImmutableArray<PasskeyRow>> OfAsync(string account, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return [.. await connection.ListAsync("SELECT id, name, created_at, used_at, backed_up FROM passkey WHERE account = $1 ORDER BY created_at",
            r => new PasskeyRow(Base64Url.EncodeToString(r.GetFieldValue<byte[]>(0)), r.GetString(1), r.GetFieldValue<DateTimeOffset>(2), r.Time(3), r.GetBoolean(4)), cancellation, account)];
    }

    /// <summary>What <c>navigator.credentials.create</c> takes.</summary>
    public async Task<PasskeyOptions> OptionsToCreateAsync(HttpContext http, string account, CancellationToken cancellation)
    {
        if ((await OfAsync(account, cancellation)).Length >= Most)
            throw new ProblemException(StatusCodes.Status409Conflict, "passkey.too-many", "Enough passkeys", $"There are {Most} already.", "Remove one that you no longer use");
        await using var scope = scopes.CreateAsyncScope();
        var made = await Handler(scope).MakeCreationOptionsAsync(new() { Id = account, Name = account, DisplayName = account }, http);
        return new(await KeepAsync(account, made.AttestationState!, cancellation), made.CreationOptionsJson);
    }

    /// <summary>What <c>navigator.credentials.get</c> takes: any of the person's passkeys, whoever that is.</summary>
    public async Task<PasskeyOptions> OptionsToSignInAsync(HttpContext http, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var made = await Handler(scope).MakeRequestOptionsAsync(null, http);
        return new(await KeepAsync(null, made.AssertionState!, cancellation), made.RequestOptionsJson);
    }

    /// <exception cref="ProblemException">401 <c>passkey.refused</c>.</exception>
    public async Task<PasskeyRow> AddAsync(HttpContext http, string account, Guid challenge, string credential, string name, CancellationToken cancellation)
    {
        var state = await TakeAsync(challenge, account, cancellation) ?? throw Refused("It was not asked for, or too long ago.");
        await using var scope = scopes.CreateAsyncScope();
        var result = await Tried(() => Handler(scope).PerformAttestationAsync(new() { HttpContext = http, CredentialJson = credential, AttestationState = state }));
        if (!result.Succeeded) throw Refused(result.Failure.Message);
        result.Passkey.Name = name;
        var user = await accounts.FindAsync(account, cancellation) ?? throw Refused("There is no such account.");
        await Store(scope).AddOrUpdatePasskeyAsync(user, result.Passkey, cancellation);
        return new(Base64Url.EncodeToString(result.Passkey.CredentialId), name, result.Passkey.CreatedAt, null, result.Passkey.IsBackedUp);
    }

    /// <param name="expected">Only this account's will do; null: whoever it is.</param>
    /// <exception cref="ProblemException">401 <c>passkey.refused</c>.</exception>
    public async Task<Account> AssertAsync(HttpContext http, Guid challenge, string credential, string? expected, CancellationToken cancellation)
    {
        var state = await TakeAsync(challenge, null, cancellation) ?? throw Refused("It was not asked for, or too long ago.");
        await using var scope = scopes.CreateAsyncScope();
        var result = await Tried(() => Handler(scope).PerformAssertionAsync(new() { HttpContext = http, CredentialJson = credential, AssertionState = state }));
        if (!result.Succeeded) throw Refused(result.Failure.Message);
        if (expected is not null && result.User.Id != expected) throw Refused("It is another account's.");
        await Store(scope).AddOrUpdatePasskeyAsync(result.User, result.Passkey, cancellation);
        return result.User;
    }

    /// <returns>False: there is none of that id.</returns>
    public async Task<bool> RemoveAsync(string account, string id, CancellationToken cancellation)
    {
        if (!Base64Url.IsValid(id)) return false;
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await connection.RunAsync("DELETE FROM passkey WHERE account = $1 AND id = $2", cancellation, account, Base64Url.DecodeFromChars(id)) != 1) return false;
        await Sessions.FactorGoneAsync(connection, account, cancellation);
        await transaction.CommitAsync(cancellation);
        known.ForgetAll();
        return true;
    }

    private async Task<Guid> KeepAsync(string? account, string state, CancellationToken cancellation)
    {
        var id = Guid.NewGuid();
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await connection.RunAsync(
            "WITH old AS (DELETE FROM challenge WHERE expires_at < now()) INSERT INTO challenge (id, account, state, expires_at) VALUES ($1, $2, $3, now() + $4)", cancellation, id, account, state, Life);
        return id;
    }

    private async Task<string?> TakeAsync(Guid id, string? account, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync(
            "DELETE FROM challenge WHERE id = $1 AND account IS NOT DISTINCT FROM $2 AND expires_at > now() RETURNING state", r => r.GetString(0), cancellation, id, account);
    }

    /// <summary>What is no credential at all is refused like one that is wrong.</summary>
    private static async Task<T> Tried<T>(Func<Task<T>> handle)
    {
        try
        {
            return await handle();
        }
        catch (Exception e) when (e is PasskeyException or System.Text.Json.JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw Refused(e.Message);
        }
    }

    private static IPasskeyHandler<Account> Handler(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<IPasskeyHandler<Account>>();

    private static IUserPasskeyStore<Account> Store(AsyncServiceScope scope) => (IUserPasskeyStore<Account>)scope.ServiceProvider.GetRequiredService<IUserStore<Account>>();

    private static ProblemException Refused(string why) => new(
        StatusCodes.Status401Unauthorized, "passkey.refused", "The passkey was not accepted", why.Length > 300 ? why[..300] : why, "Try again, or sign in another way");
}

/// <param name="Challenge">To be sent back with the answer; good once, for five minutes.</param>
/// <param name="Options">JSON for the browser: <c>PublicKeyCredential.parseCreationOptionsFromJSON</c> or <c>…parseRequestOptionsFromJSON</c>.</param>
public sealed record PasskeyOptions(Guid Challenge, string Options);

/// <param name="BackedUp">Kept by the person's password manager on several devices, as it says.</param>
public sealed record PasskeyRow(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt, bool BackedUp);

public sealed record PasskeyList(ImmutableArray<PasskeyRow> Items);
