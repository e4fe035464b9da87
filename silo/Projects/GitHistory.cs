using System.Globalization;
using System.Text;

namespace ProdSprint.Projects;

/// <summary>
/// The lines that the commits up to one added, straight from git, newest first. Bounded by commits and by bytes, never by time: the same commit gives the same lines. What a
/// commit left just as it stands in the tree is searched there, and no difference is made for it: of many repositories that is most of the history.
/// </summary>
public static class GitHistory
{
    /// <summary>A longer line is a bundle or data; its beginning is enough to see what it is.</summary>
    private const int LongestLine = 4096;

    private const int LongestText = 64 << 10;

    /// <summary>What changed where is a line each; of a history with more of it the rest is not searched.</summary>
    private const long MostChanges = 256L << 20;

    /// <param name="searched">Whether the tree has the file at this path as this object, and all of it is searched there.</param>
    public static RepositoryHistory Read(string repository, string commit, int commits, long bytes, Func<string, string, bool> searched, GitOptions options)
    {
        var total = int.Parse(Encoding.ASCII.GetString(GitCommand.RunAsync(repository, ["rev-list", "--count", commit], options.LookTimeout, default).GetAwaiter().GetResult()).Trim(), CultureInfo.InvariantCulture);
        return new(new(Math.Min(total, commits), total <= commits), Lines(repository, Changing(repository, commit, commits, searched), bytes, searched));
    }

    // no text conversion and no external diff: both run programs that the repository's configuration names
    private static string[] Log(params string[] more) => ["log", "--no-color", "--no-textconv", "--no-ext-diff", "--no-renames", "--diff-filter=AM", "--format=format:commit %H", .. more, "--"];

    /// <summary>Commits that left something otherwise than it is searched now, newest first.</summary>
    private static List<string> Changing(string repository, string commit, int commits, Func<string, string, bool> searched)
    {
        using var process = GitCommand.Start(GitCommand.StartInfo(repository, Log("--raw", "--no-abbrev", $"--max-count={commits}", commit)));
        try
        {
            using var reader = new StreamReader(process.StandardOutput.BaseStream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 64 << 10);
            var lines = new BoundedLines(reader, LongestLine, MostChanges);
            var found = new List<string>();
            var (at, known) = ("", false);
            while (lines.Next() is { } line)
            {
                if (CommitOf(line) is { } next) (at, known) = (next, false);
                // ":100644 100644 <before> <after> M\t<path>"
                else if (!known && line.StartsWith(':') && line.IndexOf('\t') is var tab and > 0 && line[..tab].Split(' ') is [_, _, _, var after, _] && !searched(line[(tab + 1)..], after))
                {
                    found.Add(at);
                    known = true;
                }
            }
            return found;
        }
        finally { GitCommand.Kill(process); }
    }

    private static string? CommitOf(string line) => line.StartsWith("commit ", StringComparison.Ordinal) && line.Length is 47 or 71 ? line[7..] : null;

    private static IEnumerable<HistoryText> Lines(string repository, List<string> commits, long bytes, Func<string, string, bool> searched)
    {
        if (commits.Count == 0) yield break;
        using var process = GitCommand.Start(GitCommand.StartInfo(repository, Log("-p", "-U0", "--no-prefix", "--full-index", "--no-walk=unsorted", "--stdin")));
        try
        {
            // At most a thousand lines, which git takes whole before it answers.
            foreach (var commit in commits) process.StandardInput.Write($"{commit}\n");
            process.StandardInput.Close();
            using var reader = new StreamReader(process.StandardOutput.BaseStream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 64 << 10);
            var lines = new BoundedLines(reader, LongestLine, bytes);
            var (at, path, after) = ("", "", "");
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
                if (CommitOf(line) is { } next) at = next;
                else if (line.StartsWith("diff --git ", StringComparison.Ordinal)) (header, path, after) = (true, "", "");
                // "index <before>..<after> 100644"
                else if (header && line.StartsWith("index ", StringComparison.Ordinal)) after = line.Split(' ')[1].Split("..")[^1];
                else if (header && line.StartsWith("+++ ", StringComparison.Ordinal)) path = line[4..].TrimEnd('\t') is var name && searched(name, after) ? "" : name;
                else if (line.StartsWith("@@", StringComparison.Ordinal)) header = false;
            }
            if (added.Length > 0) yield return new(at, path, added.ToString());
        }
        finally { GitCommand.Kill(process); }
    }
}
