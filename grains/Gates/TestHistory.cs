using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Gates;

/// <summary>What one run of a build's tests said about one test.</summary>
/// <param name="Code">The same for commits that differ in documents only.</param>
public sealed record TestSeen(string Suite, string Name, string Commit, string Code, DateTimeOffset At, TestOutcome Outcome, bool Wavered)
{
    public (string Suite, string Name) Identity() => (Suite, Name);
}

/// <summary>A test that may fail without stopping a release, until a day, because it fails and passes on the same code.</summary>
/// <param name="By"><c>system:tests</c> when its history put it there.</param>
public sealed record TestQuarantine(string Suite, string Name, string Reason, string? Ticket, string By, DateTimeOffset Since, DateTimeOffset Until, DateTimeOffset? EndedAt = null, string? EndedBy = null)
{
    public bool HoldsAt(DateTimeOffset now) => EndedAt is null && now < Until;

    public (string Suite, string Name) Identity() => (Suite, Name);

    public override string ToString() => Suite.Length == 0 ? Name : $"{Suite} › {Name}";
}

/// <summary>Whose tests are the same, and which code is.</summary>
public static class TestIdentity
{
    /// <summary>Sixteen bytes that stand for a suite and a name.</summary>
    public static byte[] Of(string suite, string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"{suite}\n{name}"))[..16];

    /// <summary>Over the commit's files without its documents, which no test's outcome depends on.</summary>
    /// <param name="files">Path, mode and object of each.</param>
    public static string Code(IEnumerable<(string Path, string Content)> files)
    {
        var lines = files.Where(f => !IsDocument(f.Path)).Select(f => $"{f.Path}\0{f.Content}\n").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))))[..32];
    }

    private static bool IsDocument(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return path.StartsWith(".github/", StringComparison.Ordinal) || name is ".gitignore" or ".gitattributes" or "CODEOWNERS" || name.StartsWith("LICENSE", StringComparison.Ordinal)
            || name.EndsWith(".md", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".rst", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".adoc", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>What the history of a project's tests says about those that matter for one decision.</summary>
/// <param name="Seen">Of the tests that failed or wavered in any run of the window.</param>
/// <param name="Quarantines">The last of each test, whether it holds or has ended.</param>
public sealed record TestHistory(ImmutableArray<TestSeen> Seen, ImmutableArray<TestQuarantine> Quarantines)
{
    public static TestHistory None { get; } = new([], []);
}
