using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ProdSprint.Secrets;

/// <summary>Kinds of the jobs behind it, all with a <see cref="SecretRequest"/> (JSON, <c>KernelJson</c>) and idempotent by its reference.</summary>
public static class SecretJobs
{
    /// <summary>Makes the value, keeps it sealed, then puts it in place beside the one that works. → <see cref="SecretPlaced"/></summary>
    public const string Place = "secrets.place";

    /// <summary>Signs in with it. → <see cref="SecretLooked"/></summary>
    public const string Verify = "secrets.verify";

    /// <summary>Takes a version that never was current away again. → <see cref="SecretLooked"/></summary>
    public const string Undo = "secrets.undo";

    /// <summary>Ends the previous version, unless it is still in use. → <see cref="SecretLooked"/></summary>
    public const string Revoke = "secrets.revoke";

    /// <summary>Signs in with the current version. → <see cref="SecretLooked"/></summary>
    public const string Check = "secrets.check";

    /// <summary>Who holds any version of it; the problem says it. → <see cref="SecretLooked"/></summary>
    public const string Holders = "secrets.holders";

    /// <summary>Ends every version at the provider, and forgets the values. → <see cref="SecretLooked"/></summary>
    public const string Remove = "secrets.remove";
}

/// <param name="Since">Of a removal: when it was asked for. Else: when what is current now became so: what was started before may still use the one before.</param>
/// <param name="Force">Also when it is in use.</param>
[GenerateSerializer, Immutable, Alias("secrets.SecretRequest")]
public sealed record SecretRequest(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Environment,
    [property: Id(3)] string Name,
    [property: Id(4)] SecretKind Kind,
    [property: Id(5)] SecretVersion Version,
    [property: Id(6)] ApiKeyProvider? Provider,
    [property: Id(7)] DateTimeOffset? Since,
    [property: Id(8)] bool Force)
{
    /// <summary>Of a removal: every version that has not ended.</summary>
    [Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public ImmutableArray<SecretVersion> Versions { get; init; }
}

/// <param name="ProviderId">A role, or a key's id. No secret.</param>
[GenerateSerializer, Immutable, Alias("secrets.SecretPlaced")]
public sealed record SecretPlaced([property: Id(0)] string ProviderId);

/// <param name="Problem">It is not let in, or still in use: one sentence. Null: all is as it should be.</param>
[GenerateSerializer, Immutable, Alias("secrets.SecretLooked")]
public sealed record SecretLooked([property: Id(0)] string? Problem);
