namespace ProdSprint.Deploy;

/// <summary>Whether a set of symbolic links stays inside the tree they lie in. Resolved as the kernel does it, link by link: a purely textual check
/// is fooled by a link that goes through another one.</summary>
internal static class SymbolicLinks
{
    private const int MostHops = 40; // Linux gives up here as well

    /// <param name="links">Path of each link → its target as written, both relative to the root; forward slashes.</param>
    public static void Check(IReadOnlyDictionary<string, string> links)
    {
        foreach (var (path, target) in links)
        {
            var problem = Problem(links, path, target);
            if (problem is not null)
                throw new DeployException($"The symbolic link '{path}' → '{target}' {problem}. Replace it by a file, or by a link to something in the repository.");
        }
    }

    private static string? Problem(IReadOnlyDictionary<string, string> links, string path, string target)
    {
        if (target.Length == 0 || target.Contains('\0')) return "has no usable target";
        var slash = path.LastIndexOf('/');
        var at = slash < 0 ? [] : path[..slash].Split('/').ToList();
        var ahead = new Stack<string>();
        var hops = 0;
        if (!Push(ahead, target)) return "is absolute: it leads out of the repository";
        while (ahead.TryPop(out var part))
        {
            if (part is "" or ".") continue;
            if (part == "..")
            {
                if (at.Count == 0) return "leads out of the repository";
                at.RemoveAt(at.Count - 1);
                continue;
            }
            at.Add(part);
            if (!links.TryGetValue(string.Join('/', at), out var next)) continue;
            if (++hops > MostHops) return null; // a loop resolves nowhere: useless, and harmless
            at.RemoveAt(at.Count - 1);
            if (!Push(ahead, next)) return "leads out of the repository through another link";
        }
        return null;
    }

    private static bool Push(Stack<string> ahead, string target)
    {
        if (target.StartsWith('/')) return false;
        var parts = target.Split('/');
        for (var i = parts.Length - 1; i >= 0; i--) ahead.Push(parts[i]);
        return true;
    }
}
