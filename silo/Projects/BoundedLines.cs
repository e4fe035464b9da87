using System.Text;

namespace ProdSprint.Projects;

/// <summary>Lines of a text that somebody else wrote: each is cut to <paramref name="longest"/> characters, and after <paramref name="most"/> characters the text is over.</summary>
public sealed class BoundedLines(TextReader reader, int longest, long most)
{
    private readonly char[] _buffer = new char[64 << 10];
    private int _at, _end;
    private long _left = most;

    /// <summary>The next line without its end, or null.</summary>
    public string? Next()
    {
        var line = new StringBuilder();
        for (var any = false; ; any = true)
        {
            if (_at == _end && !Fill()) return any || line.Length > 0 ? line.ToString() : null;
            var rest = _buffer.AsSpan(_at, _end - _at);
            var length = rest.IndexOf('\n');
            var part = length < 0 ? rest : rest[..length];
            if (line.Length < longest) line.Append(part[..Math.Min(part.Length, longest - line.Length)]);
            _at += length < 0 ? rest.Length : length + 1;
            if (length >= 0) return line.ToString();
        }
    }

    private bool Fill()
    {
        if (_left <= 0) return false;
        (_at, _end) = (0, reader.Read(_buffer, 0, (int)Math.Min(_buffer.Length, _left)));
        _left -= _end;
        return _end > 0;
    }
}
