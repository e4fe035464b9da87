using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>Encrypts the keys of the ring with AES-256-GCM under the servers' secret. Another secret opens none of them: then new keys are made, and what the old ones protected has to be entered again.</summary>
internal sealed class KeyCipher : IXmlEncryptor
{
    private const int Nonce = 12;
    private const int Tag = 16;
    private readonly byte[] _key;

    public KeyCipher(IdentityOptions options, Database database) =>
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, options.Secret is { } secret ? Encoding.UTF8.GetBytes(secret) : database.Key("identity"), 32, salt: null, "prodsprint key ring"u8.ToArray());

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var bytes = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, Nonce));
        using var aes = new AesGcm(_key, Tag);
        aes.Encrypt(bytes.AsSpan(0, Nonce), plain, bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag));
        return new(new XElement("prodsprintKey", Convert.ToBase64String(bytes)), typeof(KeyDecipher));
    }

    /// <exception cref="CryptographicException">It was encrypted under another secret.</exception>
    public XElement Decrypt(XElement encrypted)
    {
        var bytes = Convert.FromBase64String(encrypted.Value);
        var plain = new byte[bytes.Length - Nonce - Tag];
        using var aes = new AesGcm(_key, Tag);
        aes.Decrypt(bytes.AsSpan(0, Nonce), bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag), plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}

/// <summary>The framework makes it by the name that stands beside an encrypted key, and gives it its services.</summary>
internal sealed class KeyDecipher(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => services.GetRequiredService<KeyCipher>().Decrypt(encryptedElement);
}
