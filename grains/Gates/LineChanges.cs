using System.Collections.Immutable;
using System.Globalization;

namespace ProdSprint.Gates;

/// <summary>The lines of one file that differ between two commits.</summary>
/// <param name="Old">Lines of the older file that are gone or replaced, as ranges.</param>
/// <param name="New">Lines of the newer file that were added or replace others.</param>
public sealed record LineChange(string Path, string Old, string New)
{
    /// <summary>Reads <c>git diff -U0</c>. A line of a file that looks like a header is none: each hunk says how many lines it has.</summary>
    public static ImmutableArray<LineChange> Read(string diff)
    {
        var changes = ImmutableArray.CreateBuilder<LineChange>();
        var (path, skip) = ((string?)null, 0);
        var (old, fresh) = (new List<int>(), new List<int>());
        foreach (var range in diff.AsSpan().Split('\n'))
        {
            var line = diff.AsSpan()[range].TrimEnd('\r');
            if (skip > 0 && line is ['+' or '-', ..]) skip--;
            else if (line.StartsWith("diff --git "))
            {
                Add();
                path = null;
            }
            else if (line.StartsWith("--- a/") || line.StartsWith("--- \"a/")) path = Named(line[4..]);
            else if (line.StartsWith("+++ b/") || line.StartsWith("+++ \"b/")) path = Named(line[4..]);
            else if (line.StartsWith("@@ -") && line[3..].IndexOf(" @@") is > 0 and var end)
            {
                var parts = line.Slice(3, end).ToString().Split(' ');
                skip = Lines(parts[0], old) + Lines(parts[1], fresh);
            }
        }
        Add();
        return changes.ToImmutable();

        void Add()
        {
            if (path is not null && old.Count + fresh.Count > 0) changes.Add(new(path, LineRanges.Write(old), LineRanges.Write(fresh)));
            old.Clear();
            fresh.Clear();
        }
    }

    /// <summary><c>-12,3</c>, <c>+12</c> (one line), <c>+12,0</c> (none).</summary>
    private static int Lines(string part, List<int> into)
    {
        var numbers = part[1..].Split(',');
        var from = int.Parse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture);
        var count = numbers.Length > 1 ? int.Parse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture) : 1;
        into.AddRange(Enumerable.Range(from, count));
        return count;
    }

    /// <summary>A name with a space ends in a tab; one with a quote or a control character is quoted, and no report's path is compared with it.</summary>
    private static string Named(ReadOnlySpan<char> text) => text is ['"', .., '"'] ? text[3..^1].ToString() : text[2..].TrimEnd('\t').ToString();
}
