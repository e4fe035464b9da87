using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace ProdSprint.Identity;

/// <summary>
/// Time-based one-time passwords (RFC 6238), as authenticator applications make them: 30 s, six digits, HMAC-SHA-1, which is what all of them understand.
/// A code counts once: whoever accepts one keeps its step and takes none that is not later.
/// </summary>
public static class Totp
{
    public const int StepSeconds = 30;
    public const int Digits = 6;

    /// <summary>RFC 4226 asks for 160 bits.</summary>
    public const int SecretBytes = 20;

    /// <summary>Steps before and after the present one that are accepted, for clocks that go wrong and people who type slowly.</summary>
    private const int Tolerance = 1;

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    public static string Code(ReadOnlySpan<byte> secret, long step, int digits = Digits, HashAlgorithmName? algorithm = null)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[64];
        hash = hash[..CryptographicOperations.HmacData(algorithm ?? HashAlgorithmName.SHA1, secret, counter, hash)];
        var at = hash[^1] & 0xf;
        var number = (BinaryPrimitives.ReadUInt32BigEndian(hash[at..]) & 0x7fffffff) % (uint)Math.Pow(10, digits);
        return number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <returns>The step of the code, to be kept as the last one used; null: wrong, or of a step that is not after <paramref name="lastUsed"/>.</returns>
    public static long? Check(ReadOnlySpan<byte> secret, ReadOnlySpan<char> code, DateTimeOffset now, long lastUsed)
    {
        var present = StepAt(now);
        long? found = null;
        // All of them are computed, whichever is right.
        for (var step = present - Tolerance; step <= present + Tolerance; step++)
            if (FixedTimeEquals(Code(secret, step), code) && step > lastUsed) found ??= step;
        return found;
    }

    private static bool FixedTimeEquals(string expected, ReadOnlySpan<char> given)
    {
        if (given.Length != expected.Length) return false;
        var difference = 0;
        for (var i = 0; i < expected.Length; i++) difference |= expected[i] ^ given[i];
        return difference == 0;
    }
}
