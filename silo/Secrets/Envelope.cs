using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Secrets;

/// <summary>AES-256-GCM: nonce, tag, ciphertext. What is sealed for one context cannot be opened for another.</summary>
internal static class Envelope
{
    private const int NonceBytes = 12, TagBytes = 16;

    public static byte[] Seal(byte[] key, string context, ReadOnlySpan<byte> plain)
    {
        var result = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = result.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, result.AsSpan(NonceBytes + TagBytes), result.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(context));
        return result;
    }

    /// <exception cref="CryptographicException">Sealed with another key, for another context, or damaged.</exception>
    public static byte[] Open(byte[] key, string context, ReadOnlySpan<byte> envelope)
    {
        if (envelope.Length < NonceBytes + TagBytes) throw new CryptographicException("What is sealed is too short.");
        var plain = new byte[envelope.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(envelope[..NonceBytes], envelope[(NonceBytes + TagBytes)..], envelope.Slice(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(context));
        return plain;
    }
}
