using ProdSprint.Supply;

namespace ProdSprint.Tests.Supply;

public sealed class VersionOrderTests
{
    [Theory]
    // Semantic Versioning 2.0.0, section 11.
    [InlineData("npm", "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0 < 2.0.0 < 2.1.0 < 2.1.1")]
    [InlineData("npm", "1.2.3 = v1.2.3 = 1.2.3+build < 1.2.4-0 < 1.2.4")]
    [InlineData("Go", "v0.0.0-20190101000000-aaaaaaaaaaaa < v0.0.0-20200101000000-bbbbbbbbbbbb < v0.1.0 < v1.0.0+incompatible < v1.9.0 < v1.10.0")]
    [InlineData("crates.io", "0.1.0 < 0.1.9 < 0.1.10 < 99999999999999999999.0.0")]
    // PEP 440, "Summary of permitted suffixes and relative ordering".
    [InlineData("PyPI", "1.dev0 < 1.0.dev456 < 1.0a1 < 1.0a2.dev456 < 1.0a12.dev456 < 1.0a12 < 1.0b1.dev456 < 1.0b2 < 1.0b2.post345.dev456 < 1.0b2.post345 < 1.0rc1.dev456 < 1.0rc1 < 1.0 < 1.0+abc.5 < 1.0+abc.7 < 1.0+5 < 1.0.post456.dev34 < 1.0.post456 < 1.0.15 < 1.1.dev1 < 1!0.1")]
    [InlineData("PyPI", "1.0 = 1 = 1.0.0 = v1.0 < 1.0-1 = 1.0.post1 = 1.0.rev1")]
    [InlineData("PyPI", "1.0alpha1 = 1.0a1 = 1.0-A.1 < 1.0preview1 = 1.0c1 = 1.0rc1")]
    // The examples of Maven's version order specification.
    [InlineData("Maven", "1 < 1.1 < 1.1.1")]
    [InlineData("Maven", "1-snapshot < 1 < 1-sp")]
    [InlineData("Maven", "1-alpha < 1-beta < 1-milestone < 1-rc < 1-snapshot < 1 < 1-sp < 1-whatever < 1.1")]
    [InlineData("Maven", "1 = 1.0 = 1.0.0 = 1-ga = 1.final = 1.0-release")]
    [InlineData("Maven", "1-a1 = 1-alpha-1 = 1a1")]
    [InlineData("Maven", "1-foo2 < 1-foo10")]
    [InlineData("Maven", "1.foo < 1-foo < 1-1 < 1.1")]
    [InlineData("NuGet", "1.0.0-Alpha = 1.0.0-alpha < 1.0.0-beta < 1.0.0 = 1.0.0.0 = 1.0 < 1.0.0.1 < 1.0.1")]
    [InlineData("RubyGems", "1.0.a.2 < 1.0.b1 < 1.0 = 1 = 1.0.0 < 1.0.1 < 1.9 < 1.10")]
    [InlineData("Packagist", "1.0-dev < 1.0alpha1 < 1.0beta1 < 1.0RC1 < 1.0 < 1.0.1 < 1.0pl1 < 1.1")]
    [InlineData("Pub", "1.0.0-a < 1.0.0 < 1.0.0+1 < 1.0.0+2")]
    [InlineData("Hackage", "1.0 < 1.0.0 < 1.0.1 < 1.9 < 1.10")]
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
