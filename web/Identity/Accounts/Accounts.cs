using Npgsql;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>The accounts of this installation and the logins that open them.</summary>
public sealed class Accounts(Database database, KnownCredentials known)
{
    private const string Columns = "a.id, a.name, a.email, a.email_verified, a.disabled_at IS NOT NULL, a.created_at";

    /// <summary>
    /// The account this login opens; a login nobody has seen makes a new one. An address that matches another account's never opens that: linking takes the proof of
    /// both sides (<see cref="LinkAsync"/>).
    /// </summary>
    public async Task<Account> FindOrCreateAsync(ExternalLogin login, CancellationToken cancellation = default)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Of two first sign-ins at the same moment the second finds what the first made.
        await connection.RunAsync("SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 21))", cancellation, login.Provider, login.Subject);
        var account = await connection.OneAsync(
            $"SELECT {Columns} FROM login l JOIN account a ON a.id = l.account WHERE l.provider = $1 AND l.subject = $2", Read, cancellation, login.Provider, login.Subject);
        account ??= await CreateAsync(connection, login, cancellation);
        await KeepAsync(connection, account.Id, login, cancellation);
        await transaction.CommitAsync(cancellation);
        return account;
    }

    public async Task<Account?> FindAsync(string id, CancellationToken cancellation = default)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync($"SELECT {Columns} FROM account a WHERE a.id = $1", Read, cancellation, id);
    }

    /// <summary>For development mode, where people are there because they say so: a row for whoever needs one.</summary>
    /// <exception cref="ProblemException">422 <c>account.bad-name</c>.</exception>
    public async Task EnsureAsync(string id, CancellationToken cancellation = default)
    {
        if (!AccountIds.IsOne(id)) throw ProblemException.Invalid("account.bad-name", $"'{id}' cannot have an account.", "Use a name of a-z, 0-9, '.', '_', '@' and '-'");
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await connection.RunAsync("INSERT INTO account (id) VALUES ($1) ON CONFLICT (id) DO NOTHING", cancellation, id);
    }

    /// <summary>Whose login this is; null: nobody's yet.</summary>
    public async Task<string?> OwnerAsync(string provider, string subject, CancellationToken cancellation = default)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync("SELECT account FROM login WHERE provider = $1 AND subject = $2", r => r.GetString(0), cancellation, provider, subject);
    }

    /// <summary>A further way into an account. The caller has seen to it that whoever is signed in to the account has just signed in at the provider as well.</summary>
    /// <returns>False: the login opens another account, and goes on doing so.</returns>
    public async Task<bool> LinkAsync(string account, ExternalLogin login, CancellationToken cancellation = default)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await KeepAsync(connection, account, login, cancellation) == 1;
    }

    /// <summary>The account may not sign in (any more), or may again. Sessions are ended by <see cref="Sessions.EndAllAsync"/>.</summary>
    public async Task SetDisabledAsync(string account, bool disabled, CancellationToken cancellation = default)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await connection.RunAsync(
            $"WITH changed AS (UPDATE account SET disabled_at = CASE WHEN $2 THEN coalesce(disabled_at, now()) END WHERE id = $1 RETURNING id) {KnownCredentials.Ring} FROM changed",
            cancellation, account, disabled);
        known.ForgetAll();
    }

    private async Task<Account> CreateAsync(NpgsqlConnection connection, ExternalLogin login, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Rights that were given to a name are not for whoever is the first to be called so: a directory could call anybody anything.
            if (await HasRightsAsync(AccountIds.Candidate(login, attempt), cancellation)) continue;
            var made = await connection.OneAsync(
                $"INSERT INTO account AS a (id, name, email, email_verified) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING RETURNING {Columns}", Read, cancellation,
                AccountIds.Candidate(login, attempt), login.Name, login.Email, login.EmailVerified);
            if (made is not null) return made;
        }
    }

    private async Task<bool> HasRightsAsync(string id, CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        return await connection.OneAsync(
            """
            SELECT EXISTS (SELECT FROM organisation_admin WHERE actor = $1)
                OR EXISTS (SELECT FROM resource_view v WHERE v.kind = 'workspace' AND v.body -> 'members' @> jsonb_build_array(jsonb_build_object('actor', $1::text)))
            """, r => r.GetBoolean(0), cancellation, Actor.User(id).Id);
    }

    private static Task<int> KeepAsync(NpgsqlConnection connection, string account, ExternalLogin login, CancellationToken cancellation) => connection.RunAsync(
        """
        INSERT INTO login AS l (provider, subject, account, name, email, email_verified) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (provider, subject) DO UPDATE SET name = excluded.name, email = excluded.email, email_verified = excluded.email_verified, used_at = now()
        WHERE l.account = excluded.account
        """, cancellation, login.Provider, login.Subject, account, login.Name, login.Email, login.EmailVerified);

    private static Account Read(NpgsqlDataReader r) => new(r.GetString(0), r.Text(1), r.Text(2), r.GetBoolean(3), r.GetBoolean(4), r.GetFieldValue<DateTimeOffset>(5));
}
