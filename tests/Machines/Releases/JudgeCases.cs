using System.Text.Json;

namespace ProdSprint.Releases;

/// <summary>The case files under tests/cases, found from wherever the tests run.</summary>
internal static class JudgeCases
{
    public static string Folder { get; } = Find();

    public static JsonElement Kayenta { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "kayenta-cases.json"))).RootElement;

    public static TheoryData<string> Ids(string section) => [.. Kayenta.GetProperty(section).EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];

    public static JsonElement Case(string section, string id) => Kayenta.GetProperty(section).EnumerateArray().Single(c => c.GetProperty("id").GetString() == id);

    public static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String ? double.NaN : value.GetDouble();

    public static double[] Series(JsonElement value) => [.. value.EnumerateArray().Select(Number)];

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "tests", "cases", "kayenta-cases.json"))) return Path.Combine(at.FullName, "tests", "cases");
        throw new DirectoryNotFoundException("tests/cases was not found above " + AppContext.BaseDirectory);
    }
}
