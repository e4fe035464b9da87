namespace ProdSprint.Secrets;

[GenerateSerializer, Alias("secrets.SecretKind")]
public enum SecretKind
{
    /// <summary>Comes from outside; a new version is whatever is set next.</summary>
    Value = 0,

    /// <summary>The address of the environment's database with a role and a password that ProdSprint makes: two roles take turns, both members of the owner.</summary>
    PostgresPassword = 1,

    /// <summary>Made, verified and revoked at a provider over HTTP.</summary>
    ApiKey = 2,
}

[GenerateSerializer, Alias("secrets.SecretVersionState")]
public enum SecretVersionState
{
    /// <summary>Being put in place beside the current one, or verified; nobody is given it yet.</summary>
    Making = 0,

    /// <summary>What is given to whatever starts.</summary>
    Current = 1,

    /// <summary>Still works, for whatever was started with it.</summary>
    Previous = 2,

    /// <summary>Works no more, and its value is forgotten.</summary>
    Retired = 3,

    /// <summary>Could not be put in place, or was not let in; being taken away again.</summary>
    Undoing = 4,

    /// <summary>Never was current: taken away, its value forgotten.</summary>
    Failed = 5,
}

/// <param name="Number">1, 2, 3 …</param>
/// <param name="Reference">Of the sealed value; says nothing of it.</param>
/// <param name="Slot">Which of two places at the provider it has, 0 or 1: never that of another version that works.</param>
/// <param name="ProviderId">The provider's name of it (a role, a key's id); null: none yet.</param>
[GenerateSerializer, Immutable, Alias("secrets.SecretVersion")]
public sealed record SecretVersion(
    [property: Id(0)] int Number,
    [property: Id(1)] SecretVersionState State,
    [property: Id(2)] string Reference,
    [property: Id(3)] int Slot,
    [property: Id(4)] string? ProviderId,
    [property: Id(5)] string By,
    [property: Id(6)] DateTimeOffset MadeAt,
    [property: Id(7)] DateTimeOffset? CurrentAt,
    [property: Id(8)] DateTimeOffset? EndedAt);

/// <summary>Where API keys come from. <c>{id}</c> in an address is the provider's id of the key.</summary>
/// <param name="Create">POST, with <c>Idempotency-Key</c>; answers <c>{"id","key"}</c>, the same for the same idempotency key.</param>
/// <param name="Verify">GET with the key itself; 2xx: it is let in.</param>
/// <param name="Revoke">DELETE; 2xx, 404 and 410: it works no more.</param>
/// <param name="Credential">The secret of the same environment that makes and revokes keys (as a bearer token); null: none is asked for.</param>
[GenerateSerializer, Immutable, Alias("secrets.ApiKeyProvider")]
public sealed record ApiKeyProvider(
    [property: Id(0)] string Create, [property: Id(1)] string Verify, [property: Id(2)] string Revoke, [property: Id(3)] string? Credential);
