using System.Buffers.Binary;
using System.Text;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>
/// The columns that a grain's row is found by. A key that reads as a guid or as hex becomes a number, as in Orleans' own provider:
/// "beef" and "BEEF" are one row, which is why keys of the product start with a word.
/// </summary>
internal readonly record struct RowKey(int Hash, long N0, long N1, string? Extension)
{
    public static RowKey Of(GrainId id)
    {
        if (id.TryGetGuidKey(out var guid, out var extension))
        {
            var bytes = guid.ToByteArray();
            return new RowKey(
                HashOf(bytes, extension), BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)), extension);
        }

        if (id.TryGetIntegerKey(out var number, out extension))
        {
            var bytes = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            return new RowKey(HashOf(bytes, extension), 0, number, extension);
        }

        var text = id.Key.ToString();
        return new RowKey(HashOf([], text), 0, 0, text);
    }

    public static int TypeHash(string stateName) => (int)StableHash.ComputeHash(Encoding.UTF8.GetBytes(stateName));

    private static int HashOf(byte[] number, string? extension)
    {
        byte[] all = extension is null ? [.. number] : [.. number, .. Encoding.UTF8.GetBytes(extension)];
        Array.Reverse(all);
        return (int)StableHash.ComputeHash(all);
    }
}
