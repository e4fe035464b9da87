using System.Collections.Immutable;
using ProdSprint.Bench;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Supply;

/// <summary>Which versions an advisory is about: lines of our own after the schema's evaluation, and every range that the published orders make.</summary>
public sealed class AdvisoryRangeTests
{
    public static TheoryData<string> Lines()
    {
        using var reader = new StreamReader(typeof(AdvisoryRangeTests).Assembly.GetManifestResourceStream("osv-ranges.txt")!);
        return [.. reader.ReadToEnd().Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0 && l[0] != '#')];
    }

    [Theory, MemberData(nameof(Lines))]
    public void Affects_AsTheSchemaEvaluates(string line)
    {
        var (ecosystem, events, affected, others) = line.Split(" | ") is [var e, var v, var a, var o] ? (e, v, a.Split(' '), o.Split(' ')) : throw new FormatException(line);
        var told = events.Split(", ").Select(w => w.Split(' ')).ToList();
        // the order in which events are told says nothing
        foreach (var order in new[] { told, [.. Enumerable.Reverse(told)] })
        {
            var advisory = new Advisory("X-1", null, [], [new(new(ecosystem, "a"), [new("ECOSYSTEM", [.. order.Select(Event)])], [])], null, [], null);
            foreach (var version in affected) AdvisoryMatch.Affects(advisory, ecosystem, "a", version).ShouldBeTrue($"{version} of {line}");
            foreach (var version in others) AdvisoryMatch.Affects(advisory, ecosystem, "a", version).ShouldBeFalse($"{version} of {line}");
        }
    }

    private static RangeEvent Event(string[] words) => words[0] switch
    {
        "introduced" => new(words[1], null, null, null),
        "fixed" => new(null, words[1], null, null),
        "last_affected" => new(null, null, words[1], null),
        "limit" => new(null, null, null, words[1]),
        var other => throw new FormatException(other),
    };

    [Fact]
    public void Affects_EveryRangeThatThePublishedOrdersMake()
    {
        var (asked, right) = VersionRanges.Decide();
        right.ShouldBe(asked);
        asked.ShouldBeGreaterThan(15_000);
    }
}
