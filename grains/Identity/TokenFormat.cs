using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Identity;

/// <summary>
/// How an access token reads: <c>psp_</c> (a person's) or <c>pss_</c> (a service's), 36 random letters and digits, and 6 more that are the checksum of what stands
/// before them. So a scanner that finds one in a repository knows without asking that it is one, and a mistyped one is refused without a look at the database.
/// </summary>
public static class TokenFormat
{
    public const string Personal = "psp_";
    public const string Service = "pss_";

    /// <summary>Of a directory that keeps a connection's users (SCIM).</summary>
    public const string Directory = "psc_";
    private const int Random = 36;
    private const int Sum = 6;
    public const int Length = 4 + Random + Sum;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <param name="kind"><see cref="Personal"/> or <see cref="Service"/>.</param>
    public static string New(string kind)
    {
        var body = kind + RandomNumberGenerator.GetString(Alphabet, Random);
        return body + Checksum(body);
    }

    public static bool IsWhole(ReadOnlySpan<char> token) =>
        token.Length == Length && (token.StartsWith(Personal, StringComparison.Ordinal) || token.StartsWith(Service, StringComparison.Ordinal))
        && token[^Sum..].SequenceEqual(Checksum(token[..^Sum]));

    /// <summary>By this it is found; the token itself is kept nowhere. It has 214 random bits, so a plain hash is enough.</summary>
    public static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static string Checksum(ReadOnlySpan<char> body)
    {
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(body.Length)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(body, text)], hash);
        Span<char> sum = stackalloc char[Sum];
        for (var i = 0; i < Sum; i++) sum[i] = Alphabet[hash[i] % Alphabet.Length];
        return sum.ToString();
    }
}
