using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ProdSprint.Plans;

namespace ProdSprint.Deploy;

/// <summary>What is known about an artifact; its file appears, by rename, when the artifact is complete.</summary>
/// <param name="Key">Of what it was made: <see cref="ArtifactIdentity.Key"/>.</param>
/// <param name="Digest"><c>sha256:…</c> of what came out: <see cref="ArtifactIdentity.Digest"/>.</param>
/// <param name="Bytes">Of its files.</param>
/// <param name="TestLine">The tests that ran on it, or null; the same tests need not run again.</param>
/// <param name="GoodAt">When it was last kept as good (promoted); null: never.</param>
/// <param name="PinnedArtifacts">How many good ones its project keeps, as its policy said then.</param>
public sealed record ArtifactManifest(
    string Key,
    string Digest,
    string Workspace,
    string Project,
    string Commit,
    string Service,
    long Bytes,
    int Files,
    double BuildSeconds,
    DateTimeOffset BuiltAt,
    string? TestLine = null,
    int TestsPassed = 0,
    int TestsFailed = 0,
    DateTimeOffset? GoodAt = null,
    int PinnedArtifacts = 0)
{
    /// <summary><c>sha256:…</c> of what the tests reported (<c>tests.json</c> beside the manifest); null when they wrote no report.</summary>
    public string? TestReport { get; init; }
}

internal static class ArtifactIdentity
{
    /// <summary>Raised when the same input would be built differently than before.</summary>
    private const int Recipe = 2;

    /// <summary>
    /// What goes into a build: the same key means that the artifact there is may be used. Not in it: how it is started, checked and limited, and the
    /// port, for these change nothing in what is built.
    /// </summary>
    public static string Key(string workspace, string project, string commit, params IEnumerable<ServicePlan> services)
    {
        var input = JsonSerializer.SerializeToUtf8Bytes(new
        {
            Recipe, workspace, project, commit,
            Services = services.Select(s => new
            {
                s.Name, s.Path, s.Kind, s.Language, s.LanguageVersion, s.PackageManager, s.Install, s.Build, s.StaticDirectory,
                Variables = s.Variables.IsDefault ? [] : s.Variables.OrderBy(v => v.Name, StringComparer.Ordinal).Select(v => new { v.Name, v.Value }).ToArray(),
            }),
        });
        return Convert.ToHexStringLower(SHA256.HashData(input))[..32];
    }

    /// <summary>
    /// Over a listing with one line for each entry, sorted by path as bytes: directories, files with mode (executable or not), length and SHA-256,
    /// links with their target. Times and owners do not count. Sockets and pipes are not content.
    /// </summary>
    public static (string Digest, long Bytes, int Files) Digest(string tree, CancellationToken cancellation = default)
    {
        var lines = new List<string>();
        long bytes = 0;
        var files = 0;
        var buffer = new byte[128 << 10];
        foreach (var (e, path) in FileTree.Walk(tree))
        {
            cancellation.ThrowIfCancellationRequested();
            if (e.LinkTarget is { } link) lines.Add($"{path}\0l\0{link}\0");
            else if (e is DirectoryInfo) lines.Add($"{path}\0d\0");
            else if (FileTree.IsRegular(e))
            {
                var (hash, length) = Content(e.FullName, buffer);
                var mode = (e.UnixFileMode & UnixFileMode.UserExecute) != 0 ? 'x' : 'f';
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{path}\0{mode}\0{length}\0{hash}\0"));
                bytes += length;
                files++;
            }
        }
        lines.Sort(StringComparer.Ordinal);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines) all.AppendData(Encoding.UTF8.GetBytes(line));
        return ("sha256:" + Convert.ToHexStringLower(all.GetHashAndReset()), bytes, files);
    }

    private static (string Hash, long Length) Content(string path, byte[] buffer)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long at = 0;
        for (int n; (n = RandomAccess.Read(file, buffer, at)) > 0; at += n) hash.AppendData(buffer, 0, n);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), at);
    }
}
