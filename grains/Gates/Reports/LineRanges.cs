using System.Globalization;
using System.Text;

namespace ProdSprint.Gates;

/// <summary>Line numbers as text, the way people write them: <c>1-4,9</c>.</summary>
public static class LineRanges
{
    /// <param name="lines">Rising, each once.</param>
    public static string Write(IEnumerable<int> lines)
    {
        var text = new StringBuilder();
        var (from, to) = (0, -1);
        foreach (var line in lines)
        {
            if (line == to + 1 && to > 0) to = line;
            else
            {
                Add(text, from, to);
                (from, to) = (line, line);
            }
        }
        Add(text, from, to);
        return text.ToString();
    }

    public static IEnumerable<int> Read(string ranges)
    {
        foreach (var (from, to) in Parts(ranges))
            for (var line = from; line <= to; line++) yield return line;
    }

    public static int Count(string ranges) => Parts(ranges).Sum(p => p.To - p.From + 1);

    private static IEnumerable<(int From, int To)> Parts(string ranges)
    {
        foreach (var part in ranges.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var from = int.Parse(dash < 0 ? part : part.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture);
            yield return (from, dash < 0 ? from : int.Parse(part.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture));
        }
    }

    private static void Add(StringBuilder text, int from, int to)
    {
        if (to < 0) return;
        if (text.Length > 0) text.Append(',');
        text.Append(CultureInfo.InvariantCulture, $"{from}");
        if (to > from) text.Append(CultureInfo.InvariantCulture, $"-{to}");
    }
}
