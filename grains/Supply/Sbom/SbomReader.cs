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
        new NpmLock(), new YarnLock(), new PnpmLock(), new BunLock(), new TomlPackagesLock(), new PipfileLock(), new RequirementsFile(), new GoModules(), new GradleLock(), new MavenProject(),
        new NuGetLock(), new GemfileLock(), new ComposerLock(), new CargoLock(), new MixLock(), new PubspecLock(), new SwiftLock(), new ProjectReferences(), new WorkflowActions(),
    ];

    /// <summary>Whether a path of a repository is one that says what it is built from.</summary>
    public static bool IsLockFile(string path) => Readers.Any(r => r.Reads(path));

    public static BillOfMaterials Read(IRepositoryTree tree)
    {
        var files = new RepositoryFiles(tree, new GapList());
        var components = new Dictionary<string, Component>(StringComparer.Ordinal);
        var (read, unread) = (new List<string>(), new List<UnreadLock>());
        foreach (var entry in files.All)
        {
            if (Readers.FirstOrDefault(r => r.Reads(entry.Path)) is not { } reader) continue;
            if (entry.Size > Largest) { unread.Add(new(entry.Path, $"it has {entry.Size >> 20} MiB; at most {Largest >> 20} are read")); continue; }
            try
            {
                var text = files.Beginning(entry.Path, Largest) ?? throw new LockException("it is not text");
                Add(components, entry.Path, reader.Read(text).ToList());
                read.Add(entry.Path);
            }
            catch (Exception e) when (e is LockException or JsonException or TomlException or YamlProblem)
            {
                unread.Add(new(entry.Path, e.Message));
            }
        }
        return new(tree.Commit, [.. components.Values.OrderBy(c => c.Purl, StringComparer.Ordinal)], [.. read], [.. unread]);
    }

    private static void Add(Dictionary<string, Component> all, string path, List<LockedPackage> packages)
    {
        var keys = packages.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => PackageUrl.Of(p.Ecosystem, p.Name, p.Version), StringComparer.Ordinal);
        foreach (var package in packages)
        {
            var needs = (package.Needs ?? []).Select(keys.GetValueOrDefault).OfType<string>();
            var purl = PackageUrl.Of(package.Ecosystem, package.Name, package.Version);
            all[purl] = all.TryGetValue(purl, out var known)
                ? known with { Development = known.Development && package.Development, DependsOn = Sorted(known.DependsOn.Concat(needs)), Files = Sorted(known.Files.Append(path)), Licence = known.Licence ?? package.Licence }
                : new(package.Ecosystem, package.Name, package.Version, package.Development, Sorted(needs), [path], package.Licence);
        }
    }

    private static ImmutableArray<string> Sorted(IEnumerable<string> items) => [.. items.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
