using System.Buffers;
using System.Text.Json;

namespace ProdSprint.Supply;

/// <summary>
/// The items of arrays in a JSON document that is larger than memory, one after the other. Only one item is held at a time, so what is read needs as much memory as its largest item.
/// </summary>
/// <param name="wanted">Says of the path of an object (names joined by '/', "*" for a place in an array) whether it is an item.</param>
public sealed class JsonItems(Stream stream, Func<string, bool> wanted) : IDisposable
{
    /// <summary>No scanner writes a finding of this length.</summary>
    private const int LargestItem = 4 << 20;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly List<string> _path = [];
    private readonly List<bool> _arrays = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int _filled;
    private int _done;
    private bool _end;
    private string? _name;
    private JsonReaderState _state = new(Options);

    /// <summary>Of the outermost object, as far as it was read.</summary>
    public HashSet<string> OuterNames { get; } = new(StringComparer.Ordinal);

    /// <summary>The outermost is an array.</summary>
    public bool IsArray { get; private set; }

    /// <exception cref="JsonException">It is no JSON, or an item is too long.</exception>
    public IEnumerable<(string Path, JsonElement Item)> Read()
    {
        while (Next() is { } found)
        {
            using (found.Item) yield return (found.Path, found.Item.RootElement);
        }
    }

    private (string Path, JsonDocument Item)? Next()
    {
        while (true)
        {
            var all = _end;
            if (Step() is { } found) return found;
            if (all) return _path.Count == 0 ? null : throw new JsonException("the report ends in the middle");
            Fill();
        }
    }

    /// <summary>As far as the buffer goes; null: more is needed.</summary>
    private (string Path, JsonDocument Item)? Step()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_done, _filled - _done), _end, _state);
        var (start, state) = (_done, _state);
        while (true)
        {
            var (before, resume) = (start + (int)reader.BytesConsumed, reader.CurrentState);
            if (!reader.Read())
            {
                (_done, _state) = (before, resume);
                return null;
            }
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    _name = reader.GetString();
                    if (_path.Count == 1 && OuterNames.Count < 100) OuterNames.Add(_name!);
                    break;
                case JsonTokenType.StartObject:
                    var path = Path();
                    if (wanted(path))
                    {
                        // the whole item has to be in the buffer; else this token is read again when more is there
                        if (!JsonDocument.TryParseValue(ref reader, out var item))
                        {
                            (_done, _state) = (before, resume);
                            return null;
                        }
                        (_done, _state) = (start + (int)reader.BytesConsumed, reader.CurrentState);
                        return (path, item!);
                    }
                    Enter(array: false);
                    break;
                case JsonTokenType.StartArray: Enter(array: true); break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _path.RemoveAt(_path.Count - 1);
                    _arrays.RemoveAt(_arrays.Count - 1);
                    break;
            }
        }
    }

    private string Path() => string.Join('/', _path.Skip(1).Append(_path.Count == 0 ? "" : Part()));

    private string Part() => _arrays[^1] ? "*" : _name!;

    private void Enter(bool array)
    {
        if (_path.Count == 0) IsArray = array;
        _path.Add(_path.Count == 0 ? "" : Part());
        _arrays.Add(array);
    }

    private void Fill()
    {
        if (_done > 0)
        {
            _buffer.AsSpan(_done, _filled - _done).CopyTo(_buffer);
            (_filled, _done) = (_filled - _done, 0);
        }
        if (_filled == _buffer.Length)
        {
            if (_buffer.Length >= LargestItem) throw new JsonException($"one item is longer than {LargestItem >> 20} MiB");
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        var read = stream.Read(_buffer, _filled, _buffer.Length - _filled);
        if (read == 0) _end = true;
        _filled += read;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
