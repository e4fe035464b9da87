using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using ProdSprint.Hosting;
using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>
/// Which repositories this server reads, asked each time before git is started. Where people sign in, tenants share the server: its disk and its private network are no tenant's, so
/// a repository is one of the open internet, or one that whoever runs the server has opened (<see cref="SourceOptions"/>). On a machine of one's own everything is one's own, save that
/// the mirrors of workspaces are nobody's source.
/// </summary>
public sealed class SourceRules
{
    /// <summary>For a name that is looked up. Beyond it the name is as good as none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SourceOptions _options;
    private readonly string _home;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <param name="signedIn">Whether people sign in here.</param>
    /// <param name="resolve">Null: as this machine does.</param>
    public SourceRules(SourceOptions options, string home, bool signedIn, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) =>
        (_options, _home, SignedIn, _resolve) = (options, RealPaths.Of(home), signedIn, resolve ?? Dns.GetHostAddressesAsync);

    private bool SignedIn { get; }

    public static SourceRules Read(IConfiguration configuration, string home, bool production) =>
        new(SourceOptions.Read(configuration, home), home, Tenancy.IsShared(configuration, production));

    /// <summary>What to do about a refusal.</summary>
    public string Next => SignedIn
        ? "Push it to a git server of the open internet and give https://…, ssh://… or git@host:path; or have whoever runs the server open its folder (Sources__LocalRoots__0) or its host (Sources__PrivateHosts__0)"
        : "Give a path on the server's machine, or https://…, ssh://… or git@host:path";

    /// <summary>What git is to be given; of a host, with the addresses that were looked at, so that its name cannot mean another one a moment later.</summary>
    /// <param name="here">Whether this is the machine whose paths are meant. Elsewhere nothing is said of what is there.</param>
    /// <exception cref="GitProblem">It is no source, or none that is read here. In the same words, whether it exists or not.</exception>
    public async Task<GitSource> AdmitAsync(string source, bool here = true, CancellationToken cancellation = default)
    {
        if (SourceAddress.Problem(source) is { } problem) throw new GitProblem("source.invalid", problem);
        source = source.Trim();
        if (!SignedIn) return await OwnAsync(source, here);
        if (!RemoteAddress.IsMeant(source)) return Opened(PathOf(source), here);
        var remote = RemoteAddress.Read(source) ?? throw new GitProblem("source.invalid", "That is no git URL of the form https://host/path, ssh://user@host/path or user@host:path.");
        return GitSource.Remote(source, remote, await AddressesAsync(remote, cancellation));
    }

    private Task<GitSource> OwnAsync(string source, bool here)
    {
        if (!here) return Task.FromResult(new GitSource(source, false));
        if (!RemoteAddress.IsMeant(source) && RealPaths.IsWithin(RealPaths.Of(PathOf(source)), Path.Combine(_home, "mirrors")))
            throw new GitProblem("source.refused", "A mirror of the server's is nobody's source. Give the repository that it was made of.");
        return Task.FromResult(GitSource.Parse(source));
    }

    private GitSource Opened(string path, bool here)
    {
        var opened = Path.IsPathFullyQualified(path) && _options.LocalRoots.Any(r => RealPaths.IsWithin(Path.GetFullPath(path), Path.GetFullPath(r)));
        if (opened && !here) return new(path, true);
        var real = opened ? RealPaths.Of(path) : "";
        if (!opened || RealPaths.IsWithin(real, _home) || !_options.LocalRoots.Any(r => RealPaths.IsWithin(real, RealPaths.Of(r))))
            throw new GitProblem("source.refused", "Repositories on the server's own disk are not read here, save below the folders that were opened for it.");
        return GitSource.Parse(real);
    }

    /// <summary>Empty: whoever runs the server trusts the host, wherever it is.</summary>
    private async Task<IPAddress[]> AddressesAsync(RemoteAddress remote, CancellationToken cancellation)
    {
        if (_options.PrivateHosts.Contains(remote.Host, StringComparer.OrdinalIgnoreCase)) return [];
        IPAddress[] found;
        try
        {
            found = await _resolve(remote.Host, cancellation).WaitAsync(Patience, cancellation);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            found = [];
        }
        // All of them: a name with one open and one private address is there for nothing good.
        return found.Length > 0 && found.All(PublicAddresses.IsPublic)
            ? [.. found.OrderBy(a => a.AddressFamily != AddressFamily.InterNetwork)]
            : throw new GitProblem("source.refused", $"'{remote.Host}' is no host of the open internet that is known here, and others are not asked.");
    }

    private static string PathOf(string source) =>
        source.StartsWith("file://", StringComparison.OrdinalIgnoreCase) ? new Uri(source).LocalPath : source;
}
