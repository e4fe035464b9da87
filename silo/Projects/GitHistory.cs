using System.Globalization;
using System.Text;

namespace ProdSprint.Projects;

/// <summary>The lines that the commits up to one added, straight from git, newest first. Bounded by commits and by bytes, never by time: the same commit gives the same lines.</summary>
public static class GitHistory
{
    /// <summary>A longer line is a bundle or data; its beginning is enough to see what it is.</summary>
    private const int LongestLine = 4096;

    private const int LongestText = 64 << 10;

    public static RepositoryHistory Read(string repository, string commit, int commits, long bytes, GitOptions options)
    {
        var total = int.Parse(Encoding.ASCII.GetString(GitCommand.RunAsync(repository, ["rev-list", "--count", commit], options.LookTimeout, default).GetAwaiter().GetResult()).Trim(), CultureInfo.InvariantCulture);
        return new(new(Math.Min(total, commits), total <= commits), Lines(repository, commit, commits, bytes));
    }

    private static IEnumerable<HistoryText> Lines(string repository, string commit, int commits, long bytes)
    {
        // no text conversion and no external diff: both run programs that the repository's configuration names
        string[] arguments = ["log", "-p", "-U0", "--no-color", "--no-textconv", "--no-ext-diff", "--no-renames", "--no-prefix", "--diff-filter=AM", "--format=format:commit %H", $"--max-count={commits}", commit, "--"];
        using var process = GitCommand.Start(GitCommand.StartInfo(repository, arguments));
        try
        {
            using var reader = new StreamReader(process.StandardOutput.BaseStream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 64 << 10);
            var lines = new BoundedLines(reader, LongestLine, bytes);
            var (at, path) = ("", "");
            var header = false;
            var added = new StringBuilder();
            // lines that were added together stay together: a private key is more than its first line
            while (lines.Next() is { } line)
            {
                var more = !header && line.Length > 0 && line[0] == '+' && path.Length > 0;
                if (more && added.Length < LongestText) added.Append(line, 1, line.Length - 1).Append('\n');
                else if (added.Length > 0)
                {
                    yield return new(at, path, added.ToString());
                    added.Clear();
                    if (more) added.Append(line, 1, line.Length - 1).Append('\n');
                }
                if (line.StartsWith("commit ", StringComparison.Ordinal) && line.Length == 47) at = line[7..];
                else if (line.StartsWith("diff --git ", StringComparison.Ordinal)) (header, path) = (true, "");
                else if (header && line.StartsWith("+++ ", StringComparison.Ordinal)) path = line[4..].TrimEnd('\t');
                else if (line.StartsWith("@@", StringComparison.Ordinal)) header = false;
            }
            if (added.Length > 0) yield return new(at, path, added.ToString());
        }
        finally { GitCommand.Kill(process); }
    }
}
