namespace ProdSprint.Projects;

/// <summary>What a repository's address may look like, decided before anything is read: a word that looks like an option or names a helper program is refused.</summary>
public static class SourceAddress
{
    private const int Longest = 2000;

    public static readonly IReadOnlyList<string> Transports = ["https://", "http://", "ssh://"];

    /// <summary>What is wrong with it, as a sentence; null when it may be a path or a git URL. Whether it is there only the machine it names can say.</summary>
    public static string? Problem(string source)
    {
        source = source.Trim();
        if (source.Length is 0 or > Longest || source[0] == '-' || source.Any(char.IsControl)) return "That is no path and no git URL.";
        if (source.StartsWith("file://", StringComparison.OrdinalIgnoreCase)) return Uri.TryCreate(source, UriKind.Absolute, out _) ? null : "That is no file URL.";
        if (Transports.Any(t => source.StartsWith(t, StringComparison.OrdinalIgnoreCase)))
        {
            if (!Uri.TryCreate(source, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.Host[0] == '-') return "That is no git URL.";
            return url.UserInfo.Contains(':') ? "The address has a password in it, which would end up in logs. Leave it out and use an SSH key." : null;
        }
        return source.Contains("://", StringComparison.Ordinal) || source.Contains("::", StringComparison.Ordinal)
            ? "Only https, http and ssh addresses and local paths are read."
            : null;
    }
}
