using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>
/// The three texts of a session, each signed with a key of its own and none of them stored: <c>psa_</c> for access (id, expiry), <c>psr_</c> for refresh (id, generation; needs the
/// session's seed as well) and the one against forged requests. Because a refresh token is computed, the same successor can be handed out again without being kept anywhere.
/// </summary>
public sealed class SessionTokens
{
    public const string AccessPrefix = "psa_";
    public const string RefreshPrefix = "psr_";
    private const int Id = 16;
    private const int Mac = HMACSHA256.HashSizeInBytes;

    /// <summary>Texts whose signature was found good. They are shown at every request, and a signature that was good stays so; whether the session still holds is asked each time.</summary>
    private readonly ConcurrentDictionary<string, (Guid Session, DateTimeOffset Expires)> _good = new(StringComparer.Ordinal);

    private const int MostGood = 10_000;
    private int _kept;
    private readonly byte[] _access, _refresh, _forgery, _recovery;

    public SessionTokens(IdentityOptions options, Database database)
    {
        var secret = options.Secret is { } text ? Encoding.UTF8.GetBytes(text) : database.Key("identity");
        (_access, _refresh, _forgery, _recovery) = (Key(secret, "access"), Key(secret, "refresh"), Key(secret, "forgery"), Key(secret, "recovery"));
    }

    public string Access(Guid session, DateTimeOffset expires)
    {
        Span<byte> bytes = stackalloc byte[Id + sizeof(long) + Mac];
        session.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[Id..], expires.ToUnixTimeSeconds());
        HMACSHA256.HashData(_access, bytes[..^Mac], bytes[^Mac..]);
        return AccessPrefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whose it is and until when. Null: not made here.</summary>
    public (Guid Session, DateTimeOffset Expires)? ReadAccess(ReadOnlySpan<char> token)
    {
        if (_good.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var known)) return known;
        Span<byte> bytes = stackalloc byte[Id + sizeof(long) + Mac];
        if (!Decode(token, AccessPrefix, bytes)) return null;
        Span<byte> mac = stackalloc byte[Mac];
        HMACSHA256.HashData(_access, bytes[..^Mac], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[^Mac..])) return null;
        var read = (new Guid(bytes[..Id]), DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes[Id..])));
        if (Interlocked.Increment(ref _kept) % MostGood == 0) _good.Clear();
        _good[token.ToString()] = read;
        return read;
    }

    public string Refresh(Guid session, int generation, byte[] seed)
    {
        Span<byte> bytes = stackalloc byte[Id + sizeof(int) + Mac];
        session.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[Id..], generation);
        Sign(bytes[..^Mac], seed, bytes[^Mac..]);
        return RefreshPrefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Which session a refresh token says it is of. Only <see cref="IsRefresh"/> says whether it is true.</summary>
    public static Guid? SessionOf(ReadOnlySpan<char> refresh)
    {
        Span<byte> bytes = stackalloc byte[Id + sizeof(int) + Mac];
        return Decode(refresh, RefreshPrefix, bytes) ? new Guid(bytes[..Id]) : null;
    }

    /// <summary>The generation; null: not made here. Nothing may follow from a token before this was asked, or anybody could end anybody's session.</summary>
    public int? IsRefresh(ReadOnlySpan<char> token, byte[] seed)
    {
        Span<byte> bytes = stackalloc byte[Id + sizeof(int) + Mac];
        if (!Decode(token, RefreshPrefix, bytes)) return null;
        Span<byte> mac = stackalloc byte[Mac];
        Sign(bytes[..^Mac], seed, mac);
        return CryptographicOperations.FixedTimeEquals(mac, bytes[^Mac..]) ? BinaryPrimitives.ReadInt32BigEndian(bytes[Id..]) : null;
    }

    /// <summary>What the dashboard sends along with a mutation, and a page elsewhere cannot know.</summary>
    public string Forgery(Guid session) => Base64Url.EncodeToString(HMACSHA256.HashData(_forgery, session.ToByteArray()));

    /// <summary>Of a recovery code: with a key, because 50 bits could be tried out by whoever copied the table.</summary>
    public byte[] RecoveryDigest(string account, string code) => HMACSHA256.HashData(_recovery, Encoding.UTF8.GetBytes($"{account} {code}"));

    /// <summary>In the same time wherever they differ.</summary>
    public static bool AreSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private void Sign(ReadOnlySpan<byte> what, byte[] seed, Span<byte> mac)
    {
        Span<byte> signed = stackalloc byte[what.Length + seed.Length];
        what.CopyTo(signed);
        seed.CopyTo(signed[what.Length..]);
        HMACSHA256.HashData(_refresh, signed, mac);
    }

    private static bool Decode(ReadOnlySpan<char> token, string prefix, Span<byte> bytes) =>
        token.StartsWith(prefix, StringComparison.Ordinal) && token.Length - prefix.Length == Base64Url.GetEncodedLength(bytes.Length)
        && Base64Url.IsValid(token[prefix.Length..]) && Base64Url.TryDecodeFromChars(token[prefix.Length..], bytes, out var written) && written == bytes.Length;

    private static byte[] Key(byte[] secret, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Mac, salt: null, Encoding.UTF8.GetBytes($"prodsprint session {purpose}"));
}
