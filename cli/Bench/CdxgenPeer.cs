using System.Diagnostics;
using System.Text;
using ProdSprint.Projects;
using ProdSprint.Supply;

namespace ProdSprint.Bench;

/// <summary>
/// The bill of materials held against what @cyclonedx/cdxgen, fetched for the run, says of the same folders. Compared by package URL with its version, without qualifiers.
/// cdxgen is told to install and to run nothing of the repository, as we do. Not compared is what it cannot say then (Gradle's lock files, which it asks Gradle for), and the repository's own packages,
/// which are no part of what it is built from.
/// </summary>
public static class CdxgenPeer
{
    private const string Version = "12.8.4";
    private const double Least = 99;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <param name="folder">A repository, or a folder of several.</param>
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(string folder, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var home = Directory.CreateTempSubdirectory("prodsprint-bench-cdxgen-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(home, "package.json"), """{"private":true}""", cancellation);
            await RunAsync(home, "npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional", "--loglevel=error", $"@cyclonedx/cdxgen@{Version}"], cancellation);
            var rows = new List<BenchRow>();
            var (found, theirs, both) = (0, 0, 0);
            var repositories = Repositories(folder);
            foreach (var (repository, at) in repositories.Select((r, i) => (r, i)))
            {
                var output = Path.Combine(home, $"{at}.json");
                try
                {
                    await RunAsync(home, "node", ["node_modules/@cyclonedx/cdxgen/bin/cdxgen.js", "--no-install-deps", "--no-banner", "--no-validate", "--spec-version", "1.6", "--output", output, Path.GetFullPath(repository)], cancellation);
                }
                catch (InvalidOperationException) when (repositories.Count > 1)
                {
                    // it gives up at files that it cannot read; the others can be held against it all the same
                    rows.Add(new($"{Path.GetFileName(Path.GetFullPath(repository))}: cdxgen failed", 0, "packages", null, null, "not compared", true, []));
                    continue;
                }
                var peer = CycloneDxPurls.Of(await File.ReadAllBytesAsync(output, cancellation));
                using var local = await LocalTree.OpenAsync(repository, null, cancellation: cancellation);
                var ours = SbomReader.Read(local.Tree).Components.Select(c => CycloneDxPurls.Plain(c.Purl)).ToHashSet(StringComparer.Ordinal);
                var own = OwnPackages.Of(local.Tree);
                peer.RemoveWhere(p => !ours.Contains(p) && (own.Contains(CycloneDxPurls.NameOf(p)) || p.EndsWith("@0.0.0-use.local", StringComparison.Ordinal)));
                var types = peer.Select(CycloneDxPurls.TypeOf).ToHashSet(StringComparer.Ordinal);
                var alone = ours.RemoveWhere(p => !types.Contains(CycloneDxPurls.TypeOf(p)));
                var shared = ours.Count(peer.Contains);
                (found, theirs, both) = (found + ours.Count, theirs + peer.Count, both + shared);
                var name = Path.GetFileName(Path.GetFullPath(repository));
                if (alone > 0) rows.Add(new($"{name}: of kinds that cdxgen reads by running the build", alone, "packages", null, null, "not compared", true, []));
                rows.Add(new($"{name}: packages", ours.Count, "packages", peer.Count, Share(shared, peer.Count) / 100, "beside it", true, []));
                foreach (var (what, differ) in ((string, HashSet<string>)[])[("only cdxgen", [.. peer.Except(ours)]), ("only here", [.. ours.Except(peer)])])
                    if (differ.Count > 0) rows.Add(new($"{name}: {what} names {Some(differ)}", differ.Count, "packages", null, null, "beside it", true, []));
                progress?.Report((at + 1.0) / repositories.Count);
            }
            var (recall, precision) = (Share(both, theirs), Share(both, found));
            return
            [
                new($"of {theirs} packages that cdxgen {Version} names, found here", recall, "%", 100, recall / 100, $"≥ {Least} %", recall >= Least && theirs > 0, []),
                new($"of {found} packages found here, named by cdxgen", precision, "%", 100, precision / 100, $"≥ {Least} %", precision >= Least && found > 0, []), .. rows,
            ];
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static List<string> Repositories(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder {folder}.");
        var inner = Directory.EnumerateDirectories(folder).Where(d => Path.Exists(Path.Combine(d, ".git"))).Order(StringComparer.Ordinal).ToList();
        return inner.Count > 0 && !Path.Exists(Path.Combine(folder, ".git")) ? inner : [folder];
    }

    private static string Some(HashSet<string> purls) => string.Join(", ", purls.Order(StringComparer.Ordinal).Take(5)) + (purls.Count > 5 ? $" and {purls.Count - 5} more" : "");

    private static double Share(int part, int of) => of == 0 ? 100 : Math.Round(100.0 * part / of, 2);

    private static async Task RunAsync(string directory, string program, string[] arguments, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        // nothing is asked of registries about what is found, and nothing of the repository is run
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["FETCH_LICENSE"] = "false", ["CDXGEN_NO_BANNER"] = "true" } };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start. Next: install Node 20 or newer.");
        var said = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(said, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(said, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}: {said}");
    }

    private static void Keep(StringBuilder said, string? line)
    {
        lock (said) if (line is not null && said.Length < 4000) said.AppendLine(line);
    }
}
