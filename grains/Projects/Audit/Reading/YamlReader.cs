using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ProdSprint.Projects;

/// <summary>A YAML value with its place. Exactly one of <see cref="Text"/>, <see cref="Items"/>, <see cref="Fields"/> is set; an empty value has none.</summary>
public sealed record YamlValue(int Line, int Column, string? Text, IReadOnlyList<YamlValue>? Items, IReadOnlyList<YamlField>? Fields, bool Quoted = false)
{
    public YamlValue? this[string name] => Fields?.FirstOrDefault(f => f.Name == name)?.Value;

    public bool IsEmpty => Items is null && Fields is null && (Text is null || !Quoted && Text is "" or "~" or "null");
}

public sealed record YamlField(string Name, int Line, int Column, YamlValue Value);

public sealed class YamlProblem(int line, int column, string message) : Exception(message)
{
    public int Line { get; } = line;
    public int Column { get; } = column;
}

/// <summary>
/// YAML as data only: no anchors or aliases unless asked for (that is how ten lines become gigabytes), no tags, one document unless several are asked for, a key once, a bounded depth.
/// </summary>
public static class YamlReader
{
    private const int MostDepth = 32;

    /// <param name="aliases">
    /// Compose files use them. An alias is then the very value its anchor names, not a copy, so ten lines stay ten lines; it cannot name what it is inside of.
    /// </param>
    public static YamlValue Parse(string text, bool aliases = false) => Documents(text, aliases, several: false) is [var only] ? only : new(1, 1, null, null, null);

    /// <summary>The documents of a file that may have several, parted by "---".</summary>
    public static IReadOnlyList<YamlValue> Documents(string text) => Documents(text, aliases: false, several: true);

    private static List<YamlValue> Documents(string text, bool aliases, bool several)
    {
        try
        {
            var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
            parser.Consume<StreamStart>();
            var documents = new List<YamlValue>();
            while (!parser.Accept<StreamEnd>(out _))
            {
                if (documents.Count > 0 && !several) throw Problem(parser.Current!, "only one document is allowed in this file");
                parser.Consume<DocumentStart>();
                documents.Add(Value(parser, 0, aliases ? new(StringComparer.Ordinal) : null));
                parser.Consume<DocumentEnd>();
            }
            return documents;
        }
        catch (YamlException e)
        {
            throw new YamlProblem((int)e.Start.Line, (int)e.Start.Column, e.InnerException?.Message ?? e.Message);
        }
    }

    private static YamlValue Value(IParser parser, int depth, Dictionary<string, YamlValue>? anchors)
    {
        var at = parser.Current ?? throw new YamlProblem(1, 1, "the file ends too early");
        if (depth > MostDepth) throw Problem(at, $"nested more than {MostDepth} deep");
        if (at is AnchorAlias alias)
        {
            if (anchors is null) throw Problem(at, "aliases (*name) are not allowed: write the value out");
            parser.MoveNext();
            return anchors.GetValueOrDefault(alias.Value.Value) ?? throw Problem(at, $"no anchor is named {alias.Value.Value} before this");
        }
        var anchor = (at as NodeEvent)?.Anchor is { IsEmpty: false } named ? named.Value : null;
        var value = Content(parser, at, depth, anchors);
        if (anchor is not null) anchors![anchor] = value;
        return value;
    }

    private static YamlValue Content(IParser parser, ParsingEvent at, int depth, Dictionary<string, YamlValue>? anchors)
    {
        if (at is NodeEvent node)
        {
            if (!node.Anchor.IsEmpty && anchors is null) throw Problem(at, "anchors (&name) are not allowed: write the value out");
            if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific) throw Problem(at, "tags (!name) are not allowed");
        }
        if (parser.TryConsume<Scalar>(out var scalar)) return new(Line(scalar), Column(scalar), scalar.Value, null, null, scalar.Style != ScalarStyle.Plain);
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<YamlValue>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Value(parser, depth + 1, anchors));
            return new(Line(sequence), Column(sequence), null, items, null);
        }
        var map = parser.Consume<MappingStart>();
        var fields = new List<YamlField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Current!;
            if (Value(parser, depth + 1, anchors).Text is not { } name) throw Problem(key, "a field's name must be plain text");
            if (!names.Add(name) && name != "<<") throw Problem(key, $"\"{name}\" is given twice");
            fields.Add(new(name, Line(key), Column(key), Value(parser, depth + 1, anchors)));
        }
        return new(Line(map), Column(map), null, null, fields);
    }

    private static int Line(ParsingEvent e) => (int)e.Start.Line;

    private static int Column(ParsingEvent e) => (int)e.Start.Column;

    private static YamlProblem Problem(ParsingEvent e, string message) => new(Line(e), Column(e), message);
}
