using System.Text;

namespace ProdSprint.Deploy;

/// <summary>
/// The lines of one build: to the file, to whoever watches, and the last of them in memory for error messages. All bounded: a build that floods its
/// log goes on, and the log says where it was cut. Safe for the two threads that read stdout and stderr.
/// </summary>
internal sealed class BuildLog : IDisposable
{
    public const int LongestLine = 4096;
    private const int KeptLines = 40;

    /// <summary>Watchers get this many lines; the file holds more. A progress feed is no archive, and each line of it may be a database row.</summary>
    private const int WatchedLines = 2000;

    private readonly Lock _gate = new();
    private readonly Queue<string> _last = new();
    private readonly Action<string> _watcher;
    private readonly StreamWriter _file;
    private readonly long _limit;
    private long _written;
    private int _lines;

    /// <param name="append">What stands in the file already stays.</param>
    public BuildLog(string path, long limitBytes, Action<string> watcher, bool append = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = new StreamWriter(new FileStream(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete), new UTF8Encoding(false)) { AutoFlush = true };
        _limit = limitBytes;
        _watcher = watcher;
    }

    public void Line(string line)
    {
        if (line.Length > LongestLine) line = line[..LongestLine] + " … (line cut)";
        lock (_gate)
        {
            _last.Enqueue(line);
            if (_last.Count > KeptLines) _last.Dequeue();
            if (_lines++ < WatchedLines) _watcher(line);
            else if (_lines == WatchedLines + 1) _watcher($"… more than {WatchedLines} lines: the rest is in the build's log (prodsprint logs --source build).");
            if (_written > _limit) return;
            _written += Encoding.UTF8.GetByteCount(line) + 1;
            try
            {
                _file.WriteLine(_written > _limit ? $"… log cut here: it reached its limit of {_limit >> 10} KiB. The build goes on." : line);
            }
            catch (IOException e) when (Checkout.IsDiskFull(e))
            {
                _written = _limit + 1; // the build's own error says so; the log must not hide it
            }
        }
    }

    /// <summary>From here on <see cref="Last"/> knows only what comes.</summary>
    public void Forget()
    {
        lock (_gate) _last.Clear();
    }

    /// <summary>The last lines, oldest first.</summary>
    public string Last(int lines)
    {
        lock (_gate) return string.Join('\n', _last.Skip(Math.Max(0, _last.Count - lines)));
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // Disk full: what could be written was flushed line by line.
        }
    }
}
