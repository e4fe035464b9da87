namespace ProdSprint.Data;

/// <summary>Finds the directory with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</summary>
public static class PostgresBinaries
{
    public const int OldestMajor = 15;

    public static string Find(string? preferred)
    {
        if (preferred is not null)
            return Has(preferred) ? preferred : throw new DatabaseException($"There is no initdb in {preferred}. Next: give the directory that has PostgreSQL's programs, or leave the setting out.");
        return Debian().Concat(OnPath()).FirstOrDefault(Has)
            ?? throw new DatabaseException($"PostgreSQL {OldestMajor} or newer is not installed. Next: apt-get install postgresql, or set ConnectionStrings__prodsprint to a server you have.");
    }

    /// <summary>Newest first.</summary>
    private static IEnumerable<string> Debian()
    {
        const string root = "/usr/lib/postgresql";
        return !Directory.Exists(root)
            ? []
            : Directory.GetDirectories(root)
                .Select(d => (Path: Path.Combine(d, "bin"), Major: int.TryParse(Path.GetFileName(d), out var major) ? major : 0))
                .Where(v => v.Major >= OldestMajor)
                .OrderByDescending(v => v.Major)
                .Select(v => v.Path);
    }

    private static IEnumerable<string> OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static bool Has(string directory) =>
        File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "pg_ctl")) && File.Exists(Path.Combine(directory, "postgres"));
}
