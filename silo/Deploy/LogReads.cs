using System.Globalization;
using System.Text;

namespace ProdSprint.Deploy;

/// <summary>Reads logs while they are written: a build's single file, or the segments of a running copy as one stream.</summary>
internal static class LogReads
{
    private const int Step = 64 << 10;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static Task<LogPage> FileAsync(string path, LogQuery query, TimeProvider time, CancellationToken cancellation) =>
        ReadAsync(() => File.Exists(path) ? [(0, path)] : [], query, time, cancellation);

    /// <param name="directory">Holds <c>run-OFFSET.log</c>.</param>
    public static Task<LogPage> SegmentsAsync(string directory, LogQuery query, TimeProvider time, CancellationToken cancellation) =>
        ReadAsync(() => Segments(directory), query, time, cancellation);

    public static string Tail(string directory, int lines)
    {
        var segments = Segments(directory);
        return Page(segments, new LogQuery(TailLines: lines)).Text.TrimEnd('\n');
    }

    /// <summary>The segment that is written to, or would be first.</summary>
    public static string Newest(string directory) => Segments(directory) is { Count: > 0 } segments ? segments[^1].Path : Path.Combine(directory, "run-000000000000000.log");

    private static List<(long Start, string Path)> Segments(string directory)
    {
        if (!Directory.Exists(directory)) return [];
        var found = Directory.EnumerateFiles(directory, "run-*.log")
            .Select(p => (long.Parse(Path.GetFileNameWithoutExtension(p).AsSpan(4), CultureInfo.InvariantCulture), p)).ToList();
        found.Sort();
        return found;
    }

    private static async Task<LogPage> ReadAsync(Func<List<(long Start, string Path)>> segments, LogQuery query, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var page = Page(segments(), query);
            if (page.Text.Length > 0 || time.GetElapsedTime(began) >= query.WaitFor) return page;
            await Task.Delay(Look, time, cancellation);
        }
    }

    private static LogPage Page(List<(long Start, string Path)> segments, LogQuery query)
    {
        if (segments.Count == 0) return new("", query.Offset ?? 0, query.Offset ?? 0, 0);
        var first = segments[0].Start;
        var end = segments[^1].Start + Length(segments[^1].Path);
        if (query.Offset is not { } asked)
        {
            var from = Math.Max(first, end - query.MaxBytes);
            var bytes = Read(segments, from, end);
            var at = bytes.Length;
            for (var lines = 0; at > 0; at--)
                if (bytes[at - 1] == '\n' && at != bytes.Length && ++lines == query.TailLines) break;
            // A line that is still being written is shown, and comes again when it is whole.
            var known = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            return new(Encoding.UTF8.GetString(bytes, at, bytes.Length - at), from + at, from + (known == 0 ? bytes.Length : known), 0);
        }
        var begin = LineAfter(segments, Math.Clamp(asked, first, Math.Max(first, end)), first, end);
        var chunk = Read(segments, begin, Math.Min(end, begin + query.MaxBytes));
        // Ends after a line, so that no character or line is cut between two pages.
        var whole = Array.LastIndexOf(chunk, (byte)'\n') + 1;
        if (whole == 0 && chunk.Length >= query.MaxBytes) whole = chunk.Length;
        return new(Encoding.UTF8.GetString(chunk, 0, whole), begin, begin + whole, Math.Max(0, begin - asked));
    }

    // From the middle of a line a secret would be shown without its beginning, by which it is known: the next whole line is the first.
    private static long LineAfter(List<(long Start, string Path)> segments, long at, long first, long end)
    {
        if (at == 0) return at;
        for (var from = Math.Max(first, at - 1); from < end; from += Step)
        {
            var found = Array.IndexOf(Read(segments, from, Math.Min(end, from + Step)), (byte)'\n');
            if (found >= 0) return from + found + 1;
        }
        return end;
    }

    private static byte[] Read(List<(long Start, string Path)> segments, long from, long to)
    {
        using var all = new MemoryStream();
        foreach (var (start, path) in segments)
        {
            if (start >= to) break;
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                if (start + file.Length <= from) continue;
                file.Position = Math.Max(0, from - start);
                var left = to - start - file.Position;
                var buffer = new byte[Math.Min(left, file.Length - file.Position)];
                all.Write(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
            }
            catch (FileNotFoundException)
            {
                // The oldest segment went while we read: the next page says what was skipped.
            }
        }
        return all.ToArray();
    }

    private static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }
}
