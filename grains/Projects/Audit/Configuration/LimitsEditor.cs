using System.Globalization;
using ProdSprint.Plans.Blueprints.Costs;

namespace ProdSprint.Projects;

/// <summary>
/// Sets limits of services in prodsprint.yml and leaves every other character as it is, comments too: a reviewer sees the figures that change and nothing else.
/// What comes out is read again; unless it says what it said before, but for these figures, nothing is written.
/// </summary>
public static class LimitsEditor
{
    /// <param name="text">Null: there is no such file yet.</param>
    /// <returns>Null when the file is written in a way that cannot be edited line by line (services in braces, say).</returns>
    public static string? Edit(string? text, IEnumerable<LimitsChange> changes)
    {
        try
        {
            var (before, edited) = (text ?? "version: 1\n", text ?? "version: 1\n");
            var wanted = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var change in changes)
                foreach (var (field, value) in new[] { ("memory", change.MemoryMiB), ("cpus", change.Cpus) })
                {
                    if (value is not { } figure) continue;
                    wanted[$"/services/{change.Service}/{field}"] = figure.ToString(CultureInfo.InvariantCulture);
                    edited = Set(edited, change.Service, field, wanted[$"/services/{change.Service}/{field}"]);
                }
            var (then, now) = (Values(before), Values(edited));
            foreach (var (path, value) in wanted) then[path] = value;
            return then.SequenceEqual(now) ? edited : null;
        }
        catch (YamlProblem)
        {
            return null;
        }
    }

    private static string Set(string text, string service, string field, string value)
    {
        var lines = text.Split('\n').ToList();
        // What ends with a line break ends with an empty line here, which stays the last.
        var end = lines.Count > 1 && lines[^1].Length == 0 ? lines.Count - 1 : lines.Count;
        var services = YamlReader.Parse(text).Fields?.FirstOrDefault(f => f.Name == "services");
        if (services is null)
        {
            lines.InsertRange(end, ["services:", $"  {service}:", $"    {field}: {value}"]);
            if (end == lines.Count - 3) lines.Add("");
            return string.Join('\n', lines);
        }
        if (services.Value.Fields?.FirstOrDefault(f => f.Name == service) is not { } found)
        {
            var indent = services.Value.Fields is [var other, ..] ? other.Column - 1 : services.Column + 1;
            lines.InsertRange(services.Line, [Indented(indent, $"{service}:"), Indented(indent + 2, $"{field}: {value}")]);
        }
        else if (found.Value[field] is { Text: { } old } there)
        {
            var (line, at) = (lines[there.Line - 1], there.Column - 1);
            lines[there.Line - 1] = line[..at] + value + line[(at + old.Length + (there.Quoted ? 2 : 0))..];
        }
        else if (found.Value.Fields is [var first, ..]) lines.Insert(first.Line - 1, Indented(first.Column - 1, $"{field}: {value}"));
        else lines.Insert(found.Line, Indented(found.Column + 1, $"{field}: {value}"));
        return string.Join('\n', lines);
    }

    private static string Indented(int columns, string text) => new string(' ', columns) + text;

    /// <summary>Every plain value by its path; an empty one counts for nothing.</summary>
    private static SortedDictionary<string, string> Values(string text)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        void Walk(YamlValue value, string path)
        {
            if (value.Text is { } plain && !value.IsEmpty) values[path] = plain;
            for (var i = 0; i < (value.Items?.Count ?? 0); i++) Walk(value.Items![i], $"{path}/{i}");
            foreach (var field in value.Fields ?? []) Walk(field.Value, $"{path}/{field.Name}");
        }
        Walk(YamlReader.Parse(text), "");
        return values;
    }
}
