using ProdSprint.Supply;

namespace ProdSprint.Tests.Supply;

public sealed class VersionOrderTests
{
    public static TheoryData<string, string> Published()
    {
        using var stream = typeof(VersionOrderTests).Assembly.GetManifestResourceStream("version-order.txt")!;
        using var reader = new StreamReader(stream);
        return new(reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(": ", 2)).Select(l => (l[0], l[1])));
    }

    [Theory, MemberData(nameof(Published))]
    public void Compare_AsTheEcosystemHasIt(string ecosystem, string line)
    {
        var order = VersionOrder.For(ecosystem)!;
        var words = line.Split(' ');
        var rank = 0;
        List<(string Version, int Rank)> all = [(words[0], 0)];
        for (var i = 1; i < words.Length; i += 2) all.Add((words[i + 1], rank += words[i] == "<" ? 1 : 0));
        foreach (var (a, m) in all)
            foreach (var (b, n) in all)
                Math.Sign(order.Compare(a, b)).ShouldBe(Math.Sign(m.CompareTo(n)), $"{ecosystem}: {a} and {b}");
    }

    /// <summary>Held against files of lines "a &lt; b", as OSV publishes them, when a folder of them is given; they are not ours to copy.</summary>
    [Fact]
    public void Compare_PublishedVectors_AllAgree()
    {
        var folder = Environment.GetEnvironmentVariable("PRODSPRINT_VERSION_VECTORS");
        Assert.SkipWhen(folder is null, "PRODSPRINT_VERSION_VECTORS names no folder");
        var (checkedLines, wrong) = (0, new List<string>());
        foreach (var (file, ecosystem) in ((string, string)[])[("semver", "npm"), ("pypi", "PyPI"), ("maven", "Maven"), ("nuget", "NuGet"), ("rubygems", "RubyGems"), ("packagist", "Packagist"), ("pub", "Pub"), ("hackage", "Hackage")])
            foreach (var path in Directory.GetFiles(folder!, $"{file}-versions*.txt"))
                foreach (var line in File.ReadLines(path).Where(l => l.Length > 0 && !l.StartsWith("# ") && !l.StartsWith("// ")))
                {
                    var parts = line.Split(' ');
                    checkedLines++;
                    var order = Math.Sign(VersionOrder.For(ecosystem)!.Compare(parts[0], parts[2]));
                    if (order != parts[1] switch { "<" => -1, ">" => 1, _ => 0 }) wrong.Add($"{ecosystem}: {line}");
                }
        wrong.ShouldBeEmpty($"{wrong.Count} of {checkedLines}");
        checkedLines.ShouldBeGreaterThan(1000);
    }
}
