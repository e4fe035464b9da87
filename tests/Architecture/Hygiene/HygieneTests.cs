using System.Text.RegularExpressions;

namespace ProdSprint.Hygiene;

public sealed partial class HygieneTests
{
    private const int MostLines = 400;
    private static readonly string[] NoPlace = ["Utils", "Helpers", "Common", "Managers", "Services", "Models", "Misc"];

    [Fact]
    public void Where_EveryPath_Exists()
    {
        var paths = TrackedFiles.Lines("docs/where.md").Select(l => WherePath().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value).ToList();
        paths.Count.ShouldBeGreaterThanOrEqualTo(20);
        paths.Where(p => !Path.Exists(Path.Combine(TrackedFiles.Root, p))).ShouldBeEmpty();
    }

    [Fact]
    public void Files_WrittenByPeople_AreShort() => TrackedFiles.Written
        .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && TrackedFiles.Lines(f).Length > MostLines).ShouldBeEmpty();

    [Fact]
    public void Folders_SayWhatTheyHold() => TrackedFiles.All
        .Where(f => !f.StartsWith("tests/cases/", StringComparison.Ordinal) && !f.StartsWith("samples/", StringComparison.Ordinal))
        .Where(f => f.Split('/')[..^1].Any(NoPlace.Contains)).ShouldBeEmpty();

    [Fact]
    public void Files_HoldNoSecrets() => Found(TrackedFiles.Written, Secret()).ShouldBeEmpty();

    [Fact]
    public void Secret_TokenShapes_AreSeen()
    {
        Secret().IsMatch("-----BEGIN RSA PRIVATE" + " KEY-----").ShouldBeTrue();
        Secret().IsMatch("ghp_" + new string('a', 36)).ShouldBeTrue();
        Secret().IsMatch("AKIA" + new string('A', 16)).ShouldBeTrue();
        Secret().IsMatch("a plain sentence").ShouldBeFalse();
    }

    [Fact]
    public void Product_AsksTimeProviderForTheTime() => Found(Product(), Clock()).ShouldBeEmpty();

    [Fact]
    public void Product_LeavesNothingForLater() => Found(Product(), Later()).ShouldBeEmpty();

    private static IEnumerable<string> Product() => TrackedFiles.Written
        .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && !f.StartsWith("tests/", StringComparison.Ordinal) && !f.StartsWith("samples/", StringComparison.Ordinal));

    private static IEnumerable<string> Found(IEnumerable<string> files, Regex pattern) =>
        files.SelectMany(f => TrackedFiles.Lines(f).Select((line, i) => (Line: line, At: $"{f}:{i + 1}"))).Where(l => pattern.IsMatch(l.Line)).Select(l => l.At);

    [GeneratedRegex(@"^\|.*\| `([^`]+)` \|$")]
    private static partial Regex WherePath();

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{36}|\bAKIA[0-9A-Z]{16}\b|\bxox[abpr]-[0-9A-Za-z-]{20,}|\bsk-[A-Za-z0-9]{40,}|\bps[ps]_[A-Za-z0-9]{42}\b")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(TODO|FIXME)\b|NotImplementedException")]
    private static partial Regex Later();
}
