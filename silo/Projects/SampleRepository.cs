using System.Collections.Immutable;
using System.Globalization;

namespace ProdSprint.Projects;

/// <summary>
/// Makes a real git repository of a folder under samples/: one commit and tag per version (v1, v2, …), each laid over the one before. Author and dates are fixed,
/// so the same sample has the same commit hashes on every machine.
/// </summary>
public static class SampleRepository
{
    private static readonly DateTimeOffset FirstCommit = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private static readonly ImmutableDictionary<string, string> Subjects = ImmutableDictionary.CreateRange(new KeyValuePair<string, string>[]
    {
        new("shop/v1", "The shop: catalogue, product pages, cart"),
        new("shop/v2", "Show related products, filter by category"),
        new("shop/v3", "Show star ratings and the best rated products"),
    });

    /// <summary>The samples that are there: names of folders.</summary>
    public static ImmutableArray<string> Names(string samples) =>
        [.. Directory.EnumerateDirectories(samples).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    /// <summary>Creates the repository at <paramref name="target"/> if it is not there, and returns the commit of each tag, in order.</summary>
    /// <exception cref="GitProblem">There is no such sample, or the target holds something else.</exception>
    public static async Task<ImmutableArray<GitReference>> CreateAsync(string samples, string name, string target, CancellationToken cancellation = default)
    {
        var source = Path.Combine(samples, name);
        if (!TreePaths.IsSafe(name) || !Directory.Exists(source)) throw new GitProblem("source.invalid", $"There is no sample \"{name}\". There are: {string.Join(", ", Names(samples))}.");
        target = Path.GetFullPath(target);
        if (!Directory.Exists(Path.Combine(target, ".git")))
        {
            if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()) throw new GitProblem("source.invalid", $"{target} is not empty and is not a git repository.");
            var temporary = $"{target}.making-{Guid.NewGuid():N}";
            try
            {
                await MakeAsync(source, name, temporary, cancellation);
                if (Directory.Exists(target)) Directory.Delete(target);
                Directory.Move(temporary, target);
            }
            finally
            {
                if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            }
        }
        var references = await GitRepository.Open(Path.Combine(target, ".git")).ReferencesAsync(cancellation);
        return [.. references.Where(r => r.IsTag).OrderBy(r => r.Name.Length).ThenBy(r => r.Name, StringComparer.Ordinal)];
    }

    private static async Task MakeAsync(string source, string name, string target, CancellationToken cancellation)
    {
        var git = Path.Combine(target, ".git");
        Task Git(ImmutableDictionary<string, string>? environment, params string[] arguments) =>
            GitCommand.RunAsync(arguments[0] == "init" ? null : git, arguments, TimeSpan.FromSeconds(60), cancellation, environment: environment);

        await Git(null, "init", "--quiet", "--template=", "--initial-branch=main", "--", target);
        var versions = Directory.EnumerateDirectories(source, "v*").Select(d => Path.GetFileName(d)).Where(v => v.Length > 1 && v.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
            .OrderBy(v => int.Parse(v.AsSpan(1), CultureInfo.InvariantCulture)).ToList();
        var layers = versions.Count > 0 ? versions.Select(v => (Tag: v, Folder: Path.Combine(source, v))) : [(Tag: "v1", Folder: source)];
        var date = FirstCommit;
        foreach (var (tag, folder) in layers)
        {
            Copy(new DirectoryInfo(folder), target);
            var when = date.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
            var who = ImmutableDictionary<string, string>.Empty
                .Add("GIT_AUTHOR_NAME", "Robin Sample").Add("GIT_AUTHOR_EMAIL", "robin@example.com").Add("GIT_AUTHOR_DATE", when)
                .Add("GIT_COMMITTER_NAME", "Robin Sample").Add("GIT_COMMITTER_EMAIL", "robin@example.com").Add("GIT_COMMITTER_DATE", when);
            // copies keep their time, and a version number changes without changing the size: git would take such a file for unchanged
            File.Delete(Path.Combine(git, "index"));
            await Git(null, "--work-tree=" + target, "-c", "core.autocrlf=false", "-c", "core.fileMode=false", "add", "--all");
            await Git(who, "--work-tree=" + target, "-c", "commit.gpgSign=false", "commit", "--quiet", "--no-verify", "-m", Subjects.GetValueOrDefault($"{name}/{tag}", $"The {name} sample"));
            await Git(who, "-c", "tag.gpgSign=false", "tag", tag);
            date = date.AddDays(1);
        }
    }

    /// <summary>What a build or an editor may have left in the sample's folder is not part of it.</summary>
    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles()) File.Copy(file.FullName, Path.Combine(to, file.Name), overwrite: true);
        foreach (var folder in from.EnumerateDirectories().Where(d => d.Name is not ("node_modules" or "dist" or "bin" or "obj" or "out" or "__pycache__" or ".venv")))
            Copy(folder, Path.Combine(to, folder.Name));
    }
}
