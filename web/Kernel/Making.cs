using System.Security.Cryptography;
using System.Text;
using ProdSprint.Data;

namespace ProdSprint.Kernel;

/// <summary>
/// Ids and secrets of what a command makes. With an <c>Idempotency-Key</c> they follow from the command's seed and a key that is not in the database, so that a command that is given once more, because
/// the server died before its answer was kept, makes the same thing and not a second one; without, they are like no others.
/// </summary>
public sealed class Making(Database database)
{
    private sealed record Seed(Guid Value);

    private readonly byte[] _key = database.Key("what commands make");

    /// <summary>For all that the request makes from now on, here and in the machines that it commands.</summary>
    public static void Begin(HttpContext http, Guid seed)
    {
        http.Features.Set(new Seed(seed));
        CommandId.Set($"web/{seed:N}");
    }

    public static void End() => CommandId.Clear();

    /// <summary>Lower-case hexadecimal digits, 64 at most.</summary>
    /// <param name="what">Different for each thing that one request makes.</param>
    public string Hex(HttpContext http, string what, int length) => Convert.ToHexStringLower(Bytes(http, what, (length + 1) / 2))[..length];

    /// <summary>32 at most.</summary>
    public byte[] Bytes(HttpContext http, string what, int count) => http.Features.Get<Seed>() is { } seed
        ? HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{seed.Value:N} {what}"))[..count]
        : RandomNumberGenerator.GetBytes(count);
}
