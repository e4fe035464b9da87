using System.Text;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Description;

/// <summary>What people, programs and attackers send where something else was described. The same values for the same seed.</summary>
public sealed class HostileValues(ApiDocument document, Random random)
{
    private static readonly string[] Texts =
    [
        "", " ", "\0", "a\0b", "..", "../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "/", "//", "\r\nX-Injected: 1", "'; DROP TABLE timeline; --", "\" OR 1=1", "{{7*7}}", "${jndi:ldap://x}",
        "$(touch /x)", "--upload-pack=touch", "-", "null", "true", "NaN", "1e400", "0x10", "٣", "ＳＨＯＰ", "shop\u202E", "e\u0301", "👩‍👩‍👧‍👦", "\uFEFFshop", "İ", new('x', 300), new('x', 5_000), new('é', 1_000),
        "release/default/shop/1", "9223372036854775808", "638000000000000000~release/x", "99999999999999999999~x", "~", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "-infinity",
    ];

    private static readonly string[] Numbers = ["0", "-1", "1", "2147483647", "-2147483648", "2147483648", "9223372036854775807", "9223372036854775808", "1.5", "1e3", "1e400", "abc", "", " 1", "+1", "0x1"];

    public string Text() => random.Next(8) == 0 ? Noise(random.Next(1, 200)) : Pick(Texts);

    public string Number() => Pick(Numbers);

    /// <summary>In a header only what a client can send at all.</summary>
    public string Header() => random.Next(4) switch { 0 => "*", 1 => "W/\"x\"", 2 => "\"1.abc\", \"2.def\"", _ => new([.. Text().Where(c => c is >= ' ' and <= '~')]) };

    /// <summary>A body near the one described: valid in most places, hostile in some. Now and then no JSON at all.</summary>
    public byte[] Body(JsonNode schema, JsonNode example) => random.Next(9) switch
    {
        0 => Encoding.UTF8.GetBytes(Pick(["", "{", "[]", "null", "\"x\"", "{\"a\":}", "{\"reason\":\"\\ud800\"}", "{\"reason\":\"a\\u0000b\"}", "{\"reason\":1,\"reason\":2}", "{\"\":0}", "\uFEFF{}"])),
        1 => [0xff, 0xfe, .. Encoding.Unicode.GetBytes(example.ToJsonString())],
        2 => [.. Encoding.UTF8.GetBytes(example.ToJsonString()[..^1]), 0xc3, 0x28, (byte)'}'],
        3 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"values\":", 200)) + "1" + new string('}', 200)),
        4 => Encoding.UTF8.GetBytes($"{{\"reason\":\"{new string('y', 40_000)}\"}}"),
        _ => Encoding.UTF8.GetBytes(Changed(example, schema)?.ToJsonString() ?? "null"),
    };

    private JsonNode? Changed(JsonNode? value, JsonNode schema)
    {
        schema = document.Resolve(schema);
        if (schema["oneOf"] is JsonArray any) schema = document.Resolve(any.First(s => s!["type"]?.ToString() != "null")!);
        if (random.Next(5) == 0) return Anything();
        if (schema["properties"] is not JsonObject properties) return value is JsonArray a && schema["items"] is { } items ? new JsonArray([.. a.Select(v => Changed(v, items))]) : value?.DeepClone();
        var changed = new JsonObject();
        foreach (var (name, field) in properties)
            if (random.Next(6) > 0) changed[name] = Changed((value as JsonObject)?[name], field!);
        if (random.Next(6) == 0) changed[Text()] = Anything();
        return changed;
    }

    private JsonNode? Anything() => random.Next(8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.NextInt64(),
        3 => -1.5e300,
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(400)).Select(i => (JsonNode)i)]),
        5 => new JsonObject { ["a"] = Text(), ["$type"] = "System.Object" },
        _ => Text(),
    };

    private string Noise(int length)
    {
        var text = new StringBuilder();
        while (text.Length < length) text.Append(new Rune(random.Next(2) == 0 ? random.Next(0x20, 0x2fff) : random.Next(0x1f300, 0x1fa00)).ToString());
        return text.ToString();
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
