using System.Collections.Immutable;
using System.Net;

namespace ProdSprint.Projects;

/// <summary>Where a repository comes from, checked before git sees it (<see cref="SourceAddress"/>), and found to be there when it is on this machine.</summary>
/// <param name="Address">An absolute path, or a URL of an allowed transport.</param>
public sealed record GitSource(string Address, bool IsLocal)
{
    /// <summary>What git is told about the way there, beside what holds for all (<see cref="GitCommand"/>).</summary>
    public IReadOnlyDictionary<string, string> Environment { get; internal init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether git was sent on, and by what it was told (<see cref="Remote"/>) did not go.</summary>
    internal bool IsRedirected(string said) => Environment.Count > 0 && said.Contains("returned error: 30", StringComparison.Ordinal);

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

    /// <summary>
    /// A host that was looked at, and no other: no redirects, and the connection to one of <paramref name="addresses"/> (none: wherever its name leads). Its certificate and its ssh
    /// key are still those of its name. Before git 2.37 the pin of http is not known, and the name is looked up again.
    /// </summary>
    internal static GitSource Remote(string source, RemoteAddress remote, IReadOnlyList<IPAddress> addresses)
    {
        var settings = new Dictionary<string, string> { ["http.followRedirects"] = "false" };
        var environment = new Dictionary<string, string>();
        if (addresses.Count > 0 && remote.Scheme == "ssh")
            environment["GIT_SSH_COMMAND"] = $"{GitCommand.Ssh} -oHostName={addresses[0]} -oHostKeyAlias='{(remote.Port == 22 ? remote.Host : $"[{remote.Host}]:{remote.Port}")}'";
        else if (addresses.Count > 0 && !IPAddress.TryParse(remote.Host, out _))
            settings["http.curloptResolve"] = $"{remote.Host}:{remote.Port}:{string.Join(',', addresses)}";
        environment["GIT_CONFIG_COUNT"] = settings.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (n, (name, value)) in settings.Index()) (environment[$"GIT_CONFIG_KEY_{n}"], environment[$"GIT_CONFIG_VALUE_{n}"]) = (name, value);
        return new(source, false) { Environment = environment };
    }

    private static GitSource Local(string path)
    {
        if (Path.Exists(Path.Combine(path, ".git")) || File.Exists(Path.Combine(path, "HEAD")) && Directory.Exists(Path.Combine(path, "objects"))) return new(path, true);
        throw new GitProblem("source.not-a-repository", $"{path} is not a git repository. In it, run: git init && git add -A && git commit -m \"first version\"");
    }
}
