namespace ProdSprint.Projects;

/// <summary>Paths inside a repository: relative, forward slashes, "." for the root.</summary>
public static class TreePaths
{
    /// <summary>What must not be written below a checkout: absolute, climbing, empty parts, backslashes, control characters, .git.</summary>
    public static bool IsSafe(string path)
    {
        if (path.Length is 0 or > 4096 || path[0] == '/') return false;
        foreach (var c in path)
            if (c is '\\' or < ' ' or '\u007f' or '\ufffd') return false;
        foreach (var part in path.AsSpan().Split('/'))
        {
            var name = path.AsSpan()[part];
            if (name.IsEmpty || name is "." or ".." || name.Equals(".git", StringComparison.OrdinalIgnoreCase)) return false;
        }
        return true;
    }

    /// <summary>
    /// Whether a link at <paramref name="path"/> ends inside the repository when it is really followed, links on the way included:
    /// "d/l -> .." and "x -> d/l/.." both look harmless, and together they leave.
    /// </summary>
    /// <param name="linkAt">The target of the link at a path, or null when there is none.</param>
    public static bool LinkStaysInside(string path, string target, Func<string, string?> linkAt)
    {
        var at = DirectoryOf(path) is var directory && directory == "." ? [] : directory.Split('/').ToList();
        var open = new Stack<string>(target.Split('/').Reverse());
        var budget = 40;
        if (!Usable(target)) return false;
        while (open.TryPop(out var part))
        {
            if (part is "" or ".") continue;
            if (part == "..")
            {
                if (at.Count == 0) return false;
                at.RemoveAt(at.Count - 1);
                continue;
            }
            if (part.Equals(".git", StringComparison.OrdinalIgnoreCase)) return false;
            at.Add(part);
            if (linkAt(string.Join('/', at)) is not { } next) continue;
            if (--budget < 0 || !Usable(next)) return false;
            at.RemoveAt(at.Count - 1);
            foreach (var piece in next.Split('/').Reverse()) open.Push(piece);
        }
        return true;

        static bool Usable(string link) => link.Length is > 0 and < 4096 && link[0] != '/' && !link.Contains('\\') && !link.Contains('\0');
    }

    public static string DirectoryOf(string path) => path.LastIndexOf('/') is var i && i < 0 ? "." : path[..i];

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static string ExtensionOf(string path)
    {
        var name = NameOf(path);
        var dot = name.LastIndexOf('.');
        return dot <= 0 ? "" : name[dot..].ToLowerInvariant();
    }

    public static string Join(string directory, string name) => directory is "." or "" ? name : name is "." ? directory : $"{directory}/{name}";

    public static bool IsBelow(string path, string directory) =>
        directory == "." || path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory, StringComparison.Ordinal);

    /// <summary>Resolves <paramref name="relative"/> against <paramref name="directory"/>; null when it leaves the repository.</summary>
    public static string? Resolve(string directory, string relative)
    {
        relative = relative.Replace('\\', '/');
        if (relative.StartsWith('/')) return null;
        var parts = directory == "." ? [] : directory.Split('/').ToList();
        foreach (var part in relative.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count == 0) return null;
            else parts.RemoveAt(parts.Count - 1);
        }
        return parts.Count == 0 ? "." : string.Join('/', parts);
    }
}
