using System.Diagnostics;

namespace ProdSprint.Hygiene;

/// <summary>What git tracks in this clone, by path relative to its root.</summary>
internal static class TrackedFiles
{
    private static readonly string[] Text = [".cs", ".csproj", ".props", ".targets", ".md", ".sql", ".ts", ".tsx", ".css", ".html", ".sh", ".yml", ".yaml", ".json", ".mjs", ".js"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> All { get; } = List();

    /// <summary>Those people write: no lock files, no cases recorded elsewhere.</summary>
    public static IEnumerable<string> Written => All.Where(f => Text.Contains(Path.GetExtension(f)) && !f.EndsWith("package-lock.json", StringComparison.Ordinal)
        && !f.StartsWith("tests/cases/", StringComparison.Ordinal) && File.Exists(Path.Combine(Root, f)));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "ProdSprint.slnx"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("ProdSprint.slnx is in no folder above the tests");
    }

    private static string[] List()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files"]) { WorkingDirectory = Root, RedirectStandardOutput = true })!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return files.Length > 0 ? files : throw new InvalidOperationException("git ls-files named nothing");
    }
}
