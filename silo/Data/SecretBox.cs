using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Data;

/// <summary>
/// Seals what has to be read again (a webhook's secret) before it goes into the database, with a key that is not in it: whoever has a backup alone can read nothing.
/// AES-256-GCM; what is sealed for one purpose cannot be opened for another.
/// </summary>
public sealed class SecretBox(Database database)
{
    private const int NonceBytes = 12, TagBytes = 16;

    private readonly byte[] _key = database.Key("secret box");

    /// <param name="purpose">What it belongs to, e.g. <c>webhook/acme/wh_1</c>.</param>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> secret)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + secret.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, secret, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(purpose));
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">Sealed with another server's secret, for another purpose, or damaged.</exception>
    public byte[] Open(string purpose, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes) throw new CryptographicException("What is sealed is too short.");
        var secret = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        aes.Decrypt(sealedBytes[..NonceBytes], sealedBytes[(NonceBytes + TagBytes)..], sealedBytes.Slice(NonceBytes, TagBytes), secret, Encoding.UTF8.GetBytes(purpose));
        return secret;
    }
}
