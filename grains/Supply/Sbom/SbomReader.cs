using System.Collections.Immutable;
using System.Text.Json;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>Finds every lock file of a repository and says what is in it. Pure: the same commit gives the same bill. Nothing is resolved or downloaded.</summary>
public static class SbomReader
{
    /// <summary>A lock file is seldom above 5 MiB; what is larger is told and left out, because reading it takes several times its size in memory.</summary>
    public const int Largest = 32 << 20;

    private static readonly ImmutableArray<ILockReader> Readers =
    [
        new NpmLock(), new YarnLock(), new PnpmLock(), new BunLock(), new BunBinaryLock(), new TomlPackagesLock(), new PipfileLock(), new RequirementsFile(), new GoModules(), new GradleLock(), new MavenProject(),
        new NuGetLock(), new GemfileLock(), new ComposerLock(), new CargoLock(), new MixLock(), new PubspecLock(), new SwiftLock(), new ProjectReferences(), new WorkflowActions(),
        new DenoLock(), new GleamManifest(), new ShardLock(), new StackLock(), new CabalFreeze(), new ZigPackage(), new ConanLock(), new PylockFile(), new PackagesConfig(), new PaketLock(), new GradleCatalogue(),
        new ClojureProject(), new ScalaProject(), new SbtLock(),
    ];

    /// <summary>Whether a path of a repository is one that says what it is built from.</summary>
    public static bool IsLockFile(string path) => Readers.Any(r => r.Reads(path));

    /// <summary>Whether a tool wrote it to hold versions fast, so that nothing else says what is in it.</summary>
    public static bool HoldsVersions(string path) => Readers.FirstOrDefault(r => r.Reads(path))?.Locks == true;

    public static BillOfMaterials Read(IRepositoryTree tree) => Read(new RepositoryFiles(tree, new GapList()), tree.Commit);

    public static BillOfMaterials Read(RepositoryFiles files, string commit)
    {
        var components = new Dictionary<string, Found>(StringComparer.Ordinal);
        var (read, unread) = (new List<string>(), new List<UnreadLock>());
        var others = new SbomFiles(files);
        foreach (var entry in files.All)
        {
            if (Readers.FirstOrDefault(r => r.Reads(entry.Path)) is not { } reader) continue;
            if (entry.Size > Largest) { unread.Add(new(entry.Path, $"it has {entry.Size >> 20} MiB; at most {Largest >> 20} are read")); continue; }
            try
            {
                if (reader is BunBinaryLock && others.Has(TreePaths.Join(TreePaths.DirectoryOf(entry.Path), "bun.lock"))) continue;
                var text = reader is BunBinaryLock ? "" : files.Beginning(entry.Path, Largest) ?? throw new LockException("it is not text");
                if (reader.Locks && HasConflict(text)) throw new LockException("it has the marks of a merge that was not finished");
                Add(components, entry.Path, reader.Read(new LockFile(entry.Path, text, others)).ToList());
                read.Add(entry.Path);
            }
            // The text is somebody else's: whatever a reader stumbles over is a fault of the file, never of the audit that reads it.
            catch (Exception e) when (e is LockException or JsonException or TomlException or YamlProblem)
            {
                unread.Add(new(entry.Path, e.Message));
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException or KeyNotFoundException)
            {
                unread.Add(new(entry.Path, $"it is not laid out as a {TreePaths.NameOf(entry.Path)} is"));
            }
        }
        return new(commit, [.. components.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Value.Component())], [.. read], [.. unread]);
    }

    private static void Add(Dictionary<string, Found> all, string path, List<LockedPackage> packages)
    {
        var keys = packages.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Purl, StringComparer.Ordinal);
        // Where a file does not tell what the repository asks for itself, that is what nothing else in it needs.
        var needed = packages.Any(p => p.Direct is not null) ? null : packages.SelectMany(p => p.Needs ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var package in packages)
        {
            var purl = package.Purl;
            if (!all.TryGetValue(purl, out var known)) all[purl] = known = new(package);
            known.Development &= package.Development;
            known.Direct |= package.Direct ?? needed?.Contains(package.Key) == false;
            known.Licence ??= package.Licence;
            known.Files.Add(path);
            if (package.File is { } named) known.Files.Add(named);
            foreach (var need in package.Needs ?? []) if (keys.GetValueOrDefault(need) is { } other && other != purl) known.Needs.Add(other);
        }
    }

    private static bool HasConflict(string text) =>
        (text.StartsWith("<<<<<<< ", StringComparison.Ordinal) || text.Contains("\n<<<<<<< ", StringComparison.Ordinal)) && text.Contains("\n>>>>>>> ", StringComparison.Ordinal);

    /// <summary>One package while lock files are read.</summary>
    private sealed class Found(LockedPackage first)
    {
        public bool Development { get; set; } = true;
        public bool Direct { get; set; }
        public string? Licence { get; set; }
        public HashSet<string> Needs { get; } = new(StringComparer.Ordinal);
        public HashSet<string> Files { get; } = new(StringComparer.Ordinal);

        public Component Component() => new(first.Ecosystem, first.Name, first.Version, Development, Sorted(Needs), Sorted(Files), Licence, Direct, first.Registry);

        private static ImmutableArray<string> Sorted(HashSet<string> items) => [.. items.Order(StringComparer.Ordinal)];
    }
}
