using System.Collections.Immutable;
using ProdSprint.Supply;

namespace ProdSprint.Bench;

/// <summary>Every range that two versions of one line of <c>version-order.txt</c> make, asked about every version of that line: the line itself says the answer.</summary>
internal static class VersionRanges
{
    /// <returns>Decisions asked for, and how many were right.</returns>
    public static (int Asked, int Right) Decide()
    {
        var (asked, right) = (0, 0);
        foreach (var (ecosystem, versions) in Lines())
            foreach (var (from, low) in versions)
                foreach (var (to, high) in versions.Where(v => v.Rank >= low))
                    foreach (var (version, rank) in versions)
                    {
                        asked += 2;
                        if (AdvisoryMatch.Affects(Of(ecosystem, from, new(null, to, null, null)), ecosystem, "a", version) == (rank >= low && rank < high)) right++;
                        if (AdvisoryMatch.Affects(Of(ecosystem, from, new(null, null, to, null)), ecosystem, "a", version) == (rank >= low && rank <= high)) right++;
                    }
        return (asked, right);
    }

    private static Advisory Of(string ecosystem, string from, RangeEvent end) =>
        new("A-1", null, [], [new(new(ecosystem, "a"), [new("ECOSYSTEM", [new(from, null, null, null), end])], [])], null, [], null);

    private static IEnumerable<(string Ecosystem, ImmutableArray<(string Version, int Rank)> Versions)> Lines()
    {
        using var reader = new StreamReader(typeof(VersionRanges).Assembly.GetManifestResourceStream("version-order.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            var words = line[(colon + 2)..].Split(' ');
            var versions = ImmutableArray.CreateBuilder<(string, int)>();
            versions.Add((words[0], 0));
            for (var (i, rank) = (1, 0); i < words.Length; i += 2) versions.Add((words[i + 1], rank += words[i] == "<" ? 1 : 0));
            yield return (line[..colon], versions.ToImmutable());
        }
    }
}
