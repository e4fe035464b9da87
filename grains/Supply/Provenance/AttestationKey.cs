using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ProdSprint.Supply;

/// <summary>A public key that attestations are held against: ECDSA on P-256 with SHA-256, signatures as ASN.1 (DER), which is what cosign makes and takes.</summary>
/// <param name="Id">SHA-256 of <see cref="PublicKey"/>, hex: nobody can give one key the name of another.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER.</param>
public sealed record AttestationKey(string Id, ImmutableArray<byte> PublicKey)
{
    /// <exception cref="AttestationException">It is no ECDSA key on P-256.</exception>
    public static AttestationKey Of(ReadOnlySpan<byte> publicKey)
    {
        using var _ = Import(publicKey);
        return new(Convert.ToHexStringLower(SHA256.HashData(publicKey)), [.. publicKey]);
    }

    /// <exception cref="AttestationException">It holds no such key.</exception>
    public static AttestationKey OfPem(string pem)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return Of(key.ExportSubjectPublicKeyInfo());
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new AttestationException("this is no public key in PEM", e);
        }
    }

    public string Pem => PemEncoding.WriteString("PUBLIC KEY", PublicKey.AsSpan()) + "\n";

    public bool Fits(string payloadType, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        using var key = Import(PublicKey.AsSpan());
        return key.VerifyData(DsseEnvelope.PreAuthenticationEncoding(payloadType, payload), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static ECDsa Import(ReadOnlySpan<byte> publicKey)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            if (read != publicKey.Length || key.ExportParameters(false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value) throw new AttestationException("the key is no ECDSA key on P-256");
            return key;
        }
        catch (Exception e) when (e is CryptographicException or AttestationException)
        {
            key.Dispose();
            throw e as AttestationException ?? new AttestationException("the public key cannot be read", e);
        }
    }
}

/// <summary>A private key, in memory for as long as something is signed.</summary>
public sealed class AttestationSigner : IDisposable
{
    private readonly ECDsa _key;

    private AttestationSigner(ECDsa key) => (_key, Key) = (key, AttestationKey.Of(key.ExportSubjectPublicKeyInfo()));

    public AttestationKey Key { get; }

    public static AttestationSigner New() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <param name="pkcs8">As <see cref="Export"/> gave it.</param>
    public static AttestationSigner Open(ReadOnlySpan<byte> pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return new(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public byte[] Export() => _key.ExportPkcs8PrivateKey();

    public DsseEnvelope Sign(string payloadType, ReadOnlySpan<byte> payload) => new(payloadType, [.. payload],
        [new(Key.Id, [.. _key.SignData(DsseEnvelope.PreAuthenticationEncoding(payloadType, payload), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)])]);

    public void Dispose() => _key.Dispose();
}
