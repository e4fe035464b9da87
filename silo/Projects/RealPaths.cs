namespace ProdSprint.Projects;

/// <summary>Where a path really leads, so that no link leads out of a folder, or into one.</summary>
internal static class RealPaths
{
    /// <summary>A chain of more links leads nowhere: Linux itself gives up at 40.</summary>
    private const int MostLinks = 40;

    /// <summary>With every link on the way followed; what is not there stays as it is written.</summary>
    public static string Of(string path) => Of(Path.GetFullPath(path), MostLinks);

    /// <summary>Itself, or anything below it. Both are real paths.</summary>
    public static bool IsWithin(string path, string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        return path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static string Of(string path, int links)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (links > 0 && new DirectoryInfo(real).LinkTarget is { } target) real = Of(Path.GetFullPath(target, Path.GetDirectoryName(real)!), --links);
        }
        return Path.TrimEndingDirectorySeparator(real);
    }
}
