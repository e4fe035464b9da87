using System.Text;

namespace Orleans.Runtime;

/// <summary>A stream within a provider: a namespace and a key.</summary>
[GenerateSerializer, Immutable]
public readonly struct StreamId : IEquatable<StreamId>, IComparable<StreamId>
{
    private readonly byte[] _namespace;
    private readonly byte[] _key;
    private readonly int _hash;

    private StreamId(byte[] ns, byte[] key)
    {
        _namespace = ns;
        _key = key;
        byte[] full = [.. ns, .. key];
        FullKey = full;
        _hash = (int)StableHash.ComputeHash(full);
    }

    public ReadOnlyMemory<byte> FullKey { get; }

    public ReadOnlyMemory<byte> Namespace => _namespace;

    public ReadOnlyMemory<byte> Key => _key;

    public static StreamId Create(ReadOnlySpan<byte> ns, ReadOnlySpan<byte> key) => new(ns.ToArray(), key.ToArray());

    public static StreamId Create(string? ns, Guid key) => Create(ns, key.ToString("N"));

    public static StreamId Create(string? ns, long key) => Create(ns, key.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static StreamId Create(string? ns, string key) =>
        new(ns is null ? [] : Encoding.UTF8.GetBytes(ns), Encoding.UTF8.GetBytes(key));

    public string GetKeyAsString() => Encoding.UTF8.GetString(_key ?? []);

    public string? GetNamespace() => _namespace is null or [] ? null : Encoding.UTF8.GetString(_namespace);

    public int CompareTo(StreamId other) => FullKey.Span.SequenceCompareTo(other.FullKey.Span);

    public bool Equals(StreamId other) =>
        _hash == other._hash && FullKey.Span.SequenceEqual(other.FullKey.Span) && (_namespace?.Length ?? 0) == (other._namespace?.Length ?? 0);

    public override bool Equals(object? obj) => obj is StreamId other && Equals(other);

    public override int GetHashCode() => _hash;

    public override string ToString() => GetNamespace() is { } ns ? $"{ns}/{GetKeyAsString()}" : $"null/{GetKeyAsString()}";

    public static bool operator ==(StreamId left, StreamId right) => left.Equals(right);

    public static bool operator !=(StreamId left, StreamId right) => !left.Equals(right);
}
