namespace ProdSprint.Projects;

/// <summary>Where a repository comes from, checked before git sees it: a word that looks like an option or names a helper program is refused.</summary>
/// <param name="Address">An absolute path, or a URL of an allowed transport.</param>
public sealed record GitSource(string Address, bool IsLocal)
{
    private static readonly string[] Transports = ["https://", "http://", "ssh://"];

    public static GitSource Parse(string source)
    {
        source = source.Trim();
        if (source.Length is 0 or > 2000 || source[0] == '-' || source.Any(char.IsControl)) throw Invalid("That is no path and no git URL.");
        if (source.StartsWith("file://", StringComparison.OrdinalIgnoreCase)) source = Uri.TryCreate(source, UriKind.Absolute, out var file) ? file.LocalPath : throw Invalid("That is no file URL.");
        if (Transports.Any(t => source.StartsWith(t, StringComparison.OrdinalIgnoreCase)))
        {
            if (!Uri.TryCreate(source, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.Host[0] == '-') throw Invalid("That is no git URL.");
            if (url.UserInfo.Contains(':')) throw Invalid("The address has a password in it, which would end up in logs. Leave it out and use an SSH key.");
            return new(source, false);
        }
        if (source.Contains("://", StringComparison.Ordinal) || source.Contains("::", StringComparison.Ordinal)) throw Invalid("Only https, http and ssh addresses and local paths are read.");
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

    private static GitProblem Invalid(string message) => new("source.invalid", message);
}
