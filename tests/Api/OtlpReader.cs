using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ProdSprint.Tests.Api;

/// <summary>Reads spans out of an OTLP <c>ExportTraceServiceRequest</c>, field by field as opentelemetry/proto/trace/v1/trace.proto numbers them.</summary>
internal static class OtlpReader
{
    public static IEnumerable<ToldSpan> Spans(byte[] request)
    {
        foreach (var resourceSpans in Messages(request, 1))
        {
            var resource = Messages(resourceSpans, 1).SelectMany(r => Tags(r, 1)).ToArray();
            foreach (var span in Messages(resourceSpans, 2).SelectMany(scope => Messages(scope, 2)))
            {
                var fields = Fields(span).ToArray();
                yield return new(
                    Convert.ToHexStringLower(Bytes(fields, 1)), Convert.ToHexStringLower(Bytes(fields, 2)), Convert.ToHexStringLower(Bytes(fields, 4)), Encoding.UTF8.GetString(Bytes(fields, 5)),
                    Time(fields, 7), Time(fields, 8), Tags(span, 9).Concat(resource).ToDictionary(),
                    Messages(span, 15).SelectMany(Fields).Where(f => f.Number == 3).Select(f => (int)f.Value).FirstOrDefault());
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Tags(byte[] message, int number) => Messages(message, number).Select(pair =>
    {
        var fields = Fields(pair).ToArray();
        return KeyValuePair.Create(Encoding.UTF8.GetString(Bytes(fields, 1)), Text(Bytes(fields, 2)));
    });

    /// <summary>An AnyValue: string, bool, int or double.</summary>
    private static string Text(byte[] value) => Fields(value).Select(f => f.Number switch
    {
        1 => Encoding.UTF8.GetString(f.Bytes),
        4 => BitConverter.UInt64BitsToDouble(f.Value).ToString(CultureInfo.InvariantCulture),
        _ => f.Value.ToString(CultureInfo.InvariantCulture),
    }).FirstOrDefault("");

    private static IEnumerable<byte[]> Messages(byte[] message, int number) => Fields(message).Where(f => f.Number == number).Select(f => f.Bytes);

    private static byte[] Bytes(IEnumerable<Field> fields, int number) => fields.FirstOrDefault(f => f.Number == number).Bytes ?? [];

    private static DateTimeOffset Time(IEnumerable<Field> fields, int number) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(fields.Single(f => f.Number == number).Value / 100));

    private readonly record struct Field(int Number, ulong Value, byte[] Bytes);

    /// <summary>The wire format: a key of number and type, then a varint (0), eight bytes (1), a length and its bytes (2), or four bytes (5).</summary>
    private static IEnumerable<Field> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return new(number, Varint(message, ref at), []);
                    break;
                case 1:
                    yield return new(number, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at, 8)), []);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return new(number, 0, message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    yield return new(number, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at, 4)), []);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Field {number} has the wire type {key & 7}.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        for (var (value, shift) = (0UL, 0); ; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }
}
