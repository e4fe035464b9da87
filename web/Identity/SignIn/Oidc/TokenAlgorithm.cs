using System.Security.Cryptography;

namespace ProdSprint.Identity;

/// <summary>The signatures we take: asymmetric ones with SHA-2. No <c>none</c>, and no HMAC, with which a public key could be passed off as a secret.</summary>
public sealed class TokenAlgorithm
{
    private readonly RSASignaturePadding? _padding;
    private readonly int _curveBits;

    private TokenAlgorithm(string name, HashAlgorithmName hash, RSASignaturePadding? padding, int curveBits = 0) => (Name, Hash, _padding, _curveBits) = (name, hash, padding, curveBits);

    public string Name { get; }

    public HashAlgorithmName Hash { get; }

    private static readonly TokenAlgorithm[] All =
    [
        new("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), new("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1), new("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        new("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss), new("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss), new("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        new("ES256", HashAlgorithmName.SHA256, null, 256), new("ES384", HashAlgorithmName.SHA384, null, 384), new("ES512", HashAlgorithmName.SHA512, null, 521),
    ];

    /// <summary>Null: not one we take.</summary>
    public static TokenAlgorithm? Of(string? name) => Array.Find(All, a => a.Name == name);

    /// <summary>Whether a key is of the kind that this algorithm needs, so that the token cannot choose how a key is used.</summary>
    public bool Fits(SigningKeys.Key key) =>
        (key.Algorithm is null || key.Algorithm == Name)
        && (_padding is not null ? key.Rsa is not null : key.Ec is { } ec && ec.Q.X!.Length == (_curveBits + 7) / 8);

    public bool Verifies(SigningKeys.Key key, byte[] data, byte[] signature)
    {
        try
        {
            if (_padding is not null)
            {
                using var rsa = RSA.Create(key.Rsa!.Value);
                return rsa.VerifyData(data, signature, Hash, _padding);
            }
            using var ecdsa = ECDsa.Create(key.Ec!.Value);
            return ecdsa.VerifyData(data, signature, Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            // A key that is none, e.g. a point beside the curve.
            return false;
        }
    }

    /// <summary>OpenID Connect Core 3.1.3.6: the left half of the hash of what goes with the token.</summary>
    public byte[] HalfHash(string text)
    {
        var hash = CryptographicOperations.HashData(Hash, System.Text.Encoding.ASCII.GetBytes(text));
        return hash[..(hash.Length / 2)];
    }
}
