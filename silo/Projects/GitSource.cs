namespace ProdSprint.Projects;

/// <summary>Where a repository comes from, checked before git sees it (<see cref="SourceAddress"/>), and found to be there when it is on this machine.</summary>
/// <param name="Address">An absolute path, or a URL of an allowed transport.</param>
public sealed record GitSource(string Address, bool IsLocal)
{
    public static GitSource Parse(string source)
    {
        if (SourceAddress.Problem(source) is { } problem) throw new GitProblem("source.invalid", problem);
        source = source.Trim();
        if (source.StartsWith("file://", StringComparison.OrdinalIgnoreCase)) source = new Uri(source).LocalPath;
        if (SourceAddress.Transports.Any(t => source.StartsWith(t, StringComparison.OrdinalIgnoreCase))) return new(source, false);
        if (Directory.Exists(source)) return Local(Path.GetFullPath(source));
        // user@host:path, the short form of ssh
        var colon = source.IndexOf(':');
        var at = source.IndexOf('@');
        if (at > 0 && colon > at && source[at + 1] != '-' && !source.AsSpan(0, colon).Contains('/')) return new(source, false);
        throw new GitProblem("source.invalid", $"There is no directory {source}, and it is no git URL. Give a path that exists, or https://…, ssh://… or git@host:path.");
    }

    private static GitSource Local(string path)
    {
        if (Path.Exists(Path.Combine(path, ".git")) || File.Exists(Path.Combine(path, "HEAD")) && Directory.Exists(Path.Combine(path, "objects"))) return new(path, true);
        throw new GitProblem("source.not-a-repository", $"{path} is not a git repository. In it, run: git init && git add -A && git commit -m \"first version\"");
    }
}
