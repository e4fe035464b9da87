using System.Security.Cryptography;

namespace ProdSprint.Secrets;

/// <summary>
/// Wraps the workspaces' data keys. What a key management service would implement: the master key never leaves it, only the wrapped and the plain data key cross, and
/// a data key is unwrapped once per process.
/// </summary>
public interface IMasterKey
{
    /// <summary>Which key it is, and nothing of it: <c>file:1a2b3c4d5e6f7081</c>.</summary>
    string Id { get; }

    /// <param name="context">What it belongs to: unwrapping with another context fails.</param>
    ValueTask<byte[]> WrapAsync(byte[] dataKey, string context, CancellationToken cancellation);

    /// <exception cref="CryptographicException">Wrapped by another key, for another context, or damaged.</exception>
    ValueTask<byte[]> UnwrapAsync(byte[] wrapped, string context, CancellationToken cancellation);
}

/// <summary>A master key that lies in this process: AES-256-GCM.</summary>
public sealed class LocalMasterKey(string source, byte[] key) : IMasterKey
{
    public const int Bytes = 32;

    public string Id { get; } = $"{source}:{Convert.ToHexStringLower(HMACSHA256.HashData(key, "prodsprint master key id"u8))[..16]}";

    public ValueTask<byte[]> WrapAsync(byte[] dataKey, string context, CancellationToken cancellation) => new(Envelope.Seal(key, context, dataKey));

    public ValueTask<byte[]> UnwrapAsync(byte[] wrapped, string context, CancellationToken cancellation) => new(Envelope.Open(key, context, wrapped));
}
