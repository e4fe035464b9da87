using ProdSprint.Deploy;

namespace ProdSprint.Gates;

/// <summary>The reports that a run of tests has left in its directory: what is there afterwards and was not before, or not so.</summary>
internal sealed class TestReportFiles
{
    /// <summary>Written by one run; tests that write more than this write no reports in the last of them.</summary>
    private const int MostLookedAt = 20_000;
    private const int MostRead = 1000;

    private static readonly string[] Foreign = ["node_modules", ".git", ".venv", "venv", "site-packages", "vendor"];

    private readonly string _directory;
    private readonly Dictionary<string, (DateTime Written, long Length)> _before;

    private TestReportFiles(string directory) => (_directory, _before) = (directory, Files(directory).ToDictionary(f => f.Path, f => (f.File.LastWriteTimeUtc, f.File.Length), StringComparer.Ordinal));

    /// <summary>Before the tests run: a report that is checked in says nothing about this run.</summary>
    public static TestReportFiles Before(string directory) => new(directory);

    public TestReport Read(ReportPaths paths, CancellationToken cancellation)
    {
        var tally = new TestTally(paths.Local);
        var (read, unread) = (new List<string>(), new List<string>());
        var written = Files(_directory).Where(f => f.File.Length > 0 && (!_before.TryGetValue(f.Path, out var was) || was != (f.File.LastWriteTimeUtc, f.File.Length)));
        foreach (var (path, file) in written.Take(MostLookedAt).OrderBy(f => f.Path, StringComparer.Ordinal).ToList())
        {
            cancellation.ThrowIfCancellationRequested();
            if (read.Count >= MostRead) break;
            try
            {
                // a link could lead out of the build, and opening a pipe would wait for ever
                if (file.LinkTarget is not null || !FileTree.IsRegular(file)) continue;
                using var stream = file.OpenRead();
                if (TestReportReader.Read(stream, file.Length, tally) is { } format) read.Add($"{format} {path}");
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                if (unread.Count < 100) unread.Add($"{path}: {e.Message}");
            }
        }
        return tally.Any || unread.Count > 0 ? tally.Build(read, unread) : TestReport.Nothing;
    }

    private static IEnumerable<(string Path, FileInfo File)> Files(string directory)
    {
        foreach (var (entry, path) in FileTree.Walk(directory))
            if (entry is FileInfo { LinkTarget: null } file && !path.Split('/').SkipLast(1).Any(Foreign.Contains) && Exists(file)) yield return (path, file);
    }

    /// <summary>Asks once, so that what is compared is of one moment; a file that vanishes meanwhile is none.</summary>
    private static bool Exists(FileInfo file)
    {
        file.Refresh();
        return file.Exists;
    }
}
