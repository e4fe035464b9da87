using System.Globalization;
using System.Text;

namespace ProdSprint.Projects;

public sealed class TomlException(int line, int column, string message) : Exception(message)
{
    public int Line { get; } = line;
    public int Column { get; } = column;
}

/// <summary>A TOML table: values are string, bool, long, double, <see cref="List{T}"/> of those, or <see cref="TomlTable"/>; dates stay text.</summary>
public sealed class TomlTable
{
    public Dictionary<string, object> Values { get; } = new(StringComparer.Ordinal);

    public TomlTable? Table(params ReadOnlySpan<string> path)
    {
        var table = this;
        foreach (var name in path)
        {
            if (!table.Values.TryGetValue(name, out var value) || value is not TomlTable next) return null;
            table = next;
        }
        return table;
    }

    public string? Text(string name) => Values.GetValueOrDefault(name) as string;

    public IEnumerable<string> Texts(string name) => Values.GetValueOrDefault(name) is List<object> list ? list.OfType<string>() : [];
}

/// <summary>The TOML of pyproject.toml, Pipfile and uv.lock: tables, arrays of tables, dotted keys, all strings, inline values. Errors say where.</summary>
public sealed class TomlReader
{
    private const int MostDepth = 32;
    private readonly string _text;
    private int _at;

    private TomlReader(string text) => _text = text;

    public static TomlTable Parse(string text) => new TomlReader(text).Document();

    private TomlTable Document()
    {
        var root = new TomlTable();
        var current = root;
        while (true)
        {
            SkipLines();
            if (_at >= _text.Length) return root;
            if (_text[_at] == '[')
            {
                var many = Next(1) == '[';
                _at += many ? 2 : 1;
                var path = Key();
                if (!Take(']') || many && !Take(']')) throw Problem("expected ]");
                current = Open(root, path, many);
            }
            else Pair(current, 0);
            SkipBlanks();
            if (_at < _text.Length && _text[_at] is not ('\n' or '\r')) throw Problem("expected the end of the line");
        }
    }

    private TomlTable Open(TomlTable root, List<string> path, bool many)
    {
        var table = root;
        for (var i = 0; i < path.Count; i++)
        {
            var last = i == path.Count - 1;
            if (!table.Values.TryGetValue(path[i], out var value))
            {
                var next = new TomlTable();
                table.Values[path[i]] = last && many ? new List<object> { next } : next;
                table = next;
            }
            else if (value is List<object> list && (!last || many))
            {
                if (last) list.Add(new TomlTable());
                table = list.LastOrDefault() as TomlTable ?? throw Problem($"\"{path[i]}\" is no table");
            }
            else table = value as TomlTable ?? throw Problem($"\"{path[i]}\" is no table");
        }
        return table;
    }

    private void Pair(TomlTable table, int depth)
    {
        var path = Key();
        SkipBlanks();
        if (!Take('=')) throw Problem("expected = after the key");
        SkipBlanks();
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (!table.Values.TryGetValue(path[i], out var next)) table.Values[path[i]] = next = new TomlTable();
            table = next as TomlTable ?? throw Problem($"\"{path[i]}\" is no table");
        }
        if (!table.Values.TryAdd(path[^1], Value(depth))) throw Problem($"\"{path[^1]}\" is given twice");
    }

    private List<string> Key()
    {
        var parts = new List<string>();
        do
        {
            SkipBlanks();
            if (_at >= _text.Length) throw Problem("expected a key");
            if (_text[_at] is '"' or '\'') parts.Add(String());
            else
            {
                var start = _at;
                while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-')) _at++;
                if (_at == start) throw Problem("expected a key");
                parts.Add(_text[start.._at]);
            }
            SkipBlanks();
        } while (Take('.'));
        return parts;
    }

    private object Value(int depth)
    {
        if (depth > MostDepth) throw Problem($"nested more than {MostDepth} deep");
        if (_at >= _text.Length) throw Problem("expected a value");
        switch (_text[_at])
        {
            case '"' or '\'': return String();
            case '[': return Array(depth);
            case '{': return Inline(depth);
        }
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '+' or '-' or '_' or '.' or ':')) _at++;
        var word = _text[start.._at];
        if (word is "true" or "false") return word == "true";
        if (word.Length == 0 || !char.IsAsciiDigit(word[0]) && word[0] is not ('+' or '-') && word is not ("inf" or "nan")) { _at = start; throw Problem("expected a value"); }
        var digits = word.Replace("_", "");
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : word;
    }

    private List<object> Array(int depth)
    {
        _at++;
        var items = new List<object>();
        while (true)
        {
            SkipLines();
            if (Take(']')) return items;
            items.Add(Value(depth + 1));
            SkipLines();
            if (Take(',')) continue;
            if (Take(']')) return items;
            throw Problem("expected , or ]");
        }
    }

    private TomlTable Inline(int depth)
    {
        _at++;
        var table = new TomlTable();
        while (true)
        {
            SkipLines();
            if (Take('}')) return table;
            Pair(table, depth + 1);
            SkipLines();
            if (Take(',')) continue;
            if (Take('}')) return table;
            throw Problem("expected , or }");
        }
    }

    private string String()
    {
        var quote = _text[_at];
        var start = _at;
        var many = Next(1) == quote && Next(2) == quote;
        _at += many ? 3 : 1;
        if (many) { if (Next(0) == '\r') _at++; if (Next(0) == '\n') _at++; }
        var value = new StringBuilder();
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == quote && (!many || Next(1) == quote && Next(2) == quote))
            {
                _at += many ? 3 : 1;
                return value.ToString();
            }
            if (c == '\n' && !many) break;
            if (c == '\\' && quote == '"') { Escape(value); continue; }
            value.Append(c);
            _at++;
        }
        _at = start;
        throw Problem("this text has no end");
    }

    private void Escape(StringBuilder value)
    {
        var c = Next(1);
        _at += 2;
        switch (c)
        {
            case 'n': value.Append('\n'); break;
            case 't': value.Append('\t'); break;
            case 'r': value.Append('\r'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case '"' or '\\': value.Append(c); break;
            case 'u' or 'U':
                var length = c == 'u' ? 4 : 8;
                if (_at + length > _text.Length || !int.TryParse(_text.AsSpan(_at, length), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
                    throw Problem("not a character's number");
                value.Append(new Rune(code).ToString());
                _at += length;
                break;
            case '\n' or '\r' or ' ' or '\t':
                while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
                break;
            default: throw Problem($"unknown escape \\{c}");
        }
    }

    private void SkipBlanks()
    {
        while (Next(0) is ' ' or '\t') _at++;
        if (Next(0) == '#') while (_at < _text.Length && _text[_at] != '\n') _at++;
    }

    private void SkipLines()
    {
        while (true)
        {
            SkipBlanks();
            if (Next(0) is not ('\n' or '\r')) return;
            _at++;
        }
    }

    private char Next(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private bool Take(char c)
    {
        if (Next(0) != c) return false;
        _at++;
        return true;
    }

    private TomlException Problem(string message)
    {
        var before = _text.AsSpan(0, Math.Min(_at, _text.Length));
        return new(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), message);
    }
}
