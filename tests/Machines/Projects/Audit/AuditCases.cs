using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

/// <summary>The fixtures in tests/cases/audit: a small tree each, and the report it must give to the byte.</summary>
public static class AuditCases
{
    public static string Folder { get; } = Find();

    public static IEnumerable<TheoryDataRow<string>> Names() => Directory.EnumerateDirectories(Folder).Select(d => new TheoryDataRow<string>(Path.GetFileName(d)));

    public static MemoryTree Tree(string name)
    {
        var root = Path.Combine(Folder, name, "tree");
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(root, f).Replace('\\', '/'), File.ReadAllBytes);
        return new(files.Select(f => new TreeEntry(f.Key, f.Value.Length, TreeEntryKind.File)), files, new string('a', 40));
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "tests", "cases", "audit"))) return Path.Combine(folder.FullName, "tests", "cases", "audit");
        throw new DirectoryNotFoundException("tests/cases/audit");
    }
}
