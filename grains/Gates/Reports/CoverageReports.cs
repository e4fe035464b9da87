using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using ProdSprint.Supply;

namespace ProdSprint.Gates;

/// <summary>lcov, Cobertura (which coverage.py writes as its XML), coverage.py's JSON and Go's cover profile: which lines ran.</summary>
internal static class CoverageReports
{
    public static void Lcov(IEnumerable<string> lines, TestTally tally)
    {
        string? file = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("SF:", StringComparison.Ordinal)) file = line[3..].Trim();
            else if (line.StartsWith("end_of_record", StringComparison.Ordinal)) file = null;
            else if (file is not null && line.StartsWith("DA:", StringComparison.Ordinal))
            {
                var parts = line[3..].Split(',');
                if (parts.Length >= 2 && Number(parts[0]) is { } at) tally.Line(file, at, Ran(parts[1]));
            }
        }
    }

    /// <summary>mode: set, then <c>module/file.go:10.2,12.16 3 1</c>: from line and column, to, statements, count.</summary>
    public static void Go(IEnumerable<string> lines, TestTally tally)
    {
        foreach (var line in lines)
        {
            var colon = line.LastIndexOf(':');
            if (colon <= 0 || line.StartsWith("mode:", StringComparison.Ordinal)) continue;
            var parts = line[(colon + 1)..].Split(' ', ',');
            if (parts.Length != 4 || Number(parts[0].Split('.')[0]) is not { } from || Number(parts[1].Split('.')[0]) is not { } to) throw new InvalidDataException($"no line of a cover profile: {line[..Math.Min(80, line.Length)]}");
            tally.Lines(line[..colon], from, to, Ran(parts[3]));
        }
    }

    /// <summary>Paths are below a <c>source</c>; where there are several, the path is left as it is and told by the files there are.</summary>
    public static void Cobertura(Stream stream, TestTally tally)
    {
        using var xml = XmlReports.Open(stream);
        var sources = new List<string>();
        string? file = null;
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "class") file = null;
            if (xml.NodeType != XmlNodeType.Element) continue;
            switch (xml.LocalName)
            {
                case "source" when !xml.IsEmptyElement && sources.Count < 100: sources.Add(Text(xml)); break;
                case "class": file = Under(sources, xml.GetAttribute("filename")); break;
                case "line" when file is not null && Number(xml.GetAttribute("number")) is { } at: tally.Line(file, at, Ran(xml.GetAttribute("hits") ?? "0")); break;
            }
        }
    }

    public static void CoveragePy(Stream stream, TestTally tally)
    {
        // read and written again: bytes that are no UTF-8 become the replacement character
        using var utf8 = Encoding.CreateTranscodingStream(stream, Encoding.UTF8, Encoding.UTF8, leaveOpen: true);
        using var items = new JsonItems(utf8, p => p.StartsWith("files/", StringComparison.Ordinal));
        foreach (var (path, item) in items.Read())
        {
            foreach (var line in LinesOf(item, "executed_lines")) tally.Line(path["files/".Length..], line, true);
            foreach (var line in LinesOf(item, "missing_lines")) tally.Line(path["files/".Length..], line, false);
        }
    }

    private static IEnumerable<int> LinesOf(JsonElement item, string name) =>
        item.TryGetProperty(name, out var lines) && lines.ValueKind == JsonValueKind.Array
            ? lines.EnumerateArray().Where(l => l.ValueKind == JsonValueKind.Number && l.TryGetInt32(out _)).Select(l => l.GetInt32())
            : [];

    private static string Text(XmlReader xml)
    {
        var depth = xml.Depth;
        var text = "";
        while (xml.Read() && xml.Depth > depth)
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) text = xml.Value.Trim();
        return text;
    }

    private static string? Under(List<string> sources, string? file) =>
        file is null || file.StartsWith('/') || sources.Count != 1 || sources[0] is "" or "." ? file : $"{sources[0].TrimEnd('/')}/{file}";

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Counts of long runs are larger than any integer; what is not zero has run.</summary>
    private static bool Ran(string count) => count.AsSpan().Trim().TrimStart('0').Length > 0 && !count.StartsWith('-');
}
