using System.Text.RegularExpressions;

namespace ProdSprint.Tests.Plans.Blueprints;

/// <summary>Reads the shape of Terraform's language: blocks with their labels, attributes with their expression as text. Fails on what it cannot read.</summary>
internal sealed class HclReader(string text, string path)
{
    private int _at;

    public static HclBlock Read(string path, string text)
    {
        var reader = new HclReader(text, path);
        return reader.Body("", [], top: true);
    }

    private HclBlock Body(string kind, string[] labels, bool top = false)
    {
        var block = new HclBlock(path, kind, labels, [], []);
        while (true)
        {
            Skip();
            if (_at >= text.Length) return top ? block : throw Broken("the end of the file inside a block");
            if (text[_at] == '}') { _at++; return top ? throw Broken("'}'") : block; }
            var name = Word();
            var words = new List<string>();
            while (true)
            {
                Blank();
                if (text[_at] == '=') { _at++; block.Attributes[name] = Expression(); break; }
                if (text[_at] == '{') { _at++; block.Blocks.Add(Body(name, [.. words])); break; }
                words.Add(text[_at] == '"' ? Quoted() : Word());
            }
        }
    }

    /// <summary>Up to the end of the line on which all brackets are closed.</summary>
    private string Expression()
    {
        var start = _at;
        for (var depth = 0; _at < text.Length; _at++)
        {
            var c = text[_at];
            if (c == '"') { Quoted(); _at--; }
            else if (c is '(' or '[' or '{') depth++;
            else if (c is ')' or ']' or '}') { if (--depth < 0) break; }
            else if (c == '\n' && depth == 0) break;
        }
        return text[start.._at].Trim();
    }

    private string Quoted()
    {
        var start = ++_at;
        for (var depth = 0; ; _at++)
        {
            if (text[_at] == '\\') _at++;
            else if (text[_at] == '$' && text[_at + 1] == '{') { depth++; _at++; }
            else if (text[_at] == '}' && depth > 0) depth--;
            else if (text[_at] == '"' && depth == 0) return text[start.._at++];
        }
    }

    private string Word()
    {
        var match = new Regex(@"\G[A-Za-z_][\w-]*").Match(text, _at);
        if (!match.Success) throw Broken($"'{text[_at]}'");
        _at += match.Length;
        return match.Value;
    }

    private void Blank() { while (text[_at] is ' ' or '\t') _at++; }

    private void Skip()
    {
        while (_at < text.Length && (char.IsWhiteSpace(text[_at]) || text[_at] == '#'))
            if (text[_at] == '#') while (_at < text.Length && text[_at] != '\n') _at++;
            else _at++;
    }

    private FormatException Broken(string what) => new($"{path}, line {text[..Math.Min(_at, text.Length)].Count(c => c == '\n') + 1}: {what} is not expected here");
}

internal sealed record HclBlock(string Path, string Kind, string[] Labels, Dictionary<string, string> Attributes, List<HclBlock> Blocks)
{
    public IEnumerable<string> Expressions => Attributes.Values.Concat(Blocks.SelectMany(b => b.Expressions));

    public override string ToString() => $"{Path}: {Kind} {string.Join('.', Labels)}";
}
