using System.Xml.Linq;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>Reads one kind of lock file. Pure; whatever it throws over a text is that text's fault and is told as such (<see cref="LockException"/> in words for people).</summary>
internal interface ILockReader
{
    /// <param name="path">Relative to the repository's root.</param>
    bool Reads(string path);

    /// <summary>Written by a tool to hold versions fast: what is in it is known from nowhere else. False for what people write themselves.</summary>
    bool Locks => true;

    IEnumerable<LockedPackage> Read(string text);

    IEnumerable<LockedPackage> Read(LockFile file) => Read(file.Text);
}

/// <summary>One file that is read, and the files of the repository that it names.</summary>
/// <param name="path">Relative to the repository's root.</param>
internal sealed class LockFile(string path, string text, SbomFiles files)
{
    public string Path => path;

    public string Text => text;

    public SbomFiles Files => files;

    /// <summary>A file in the same folder, or null.</summary>
    public string? Beside(string name) => files.Text(TreePaths.Join(TreePaths.DirectoryOf(path), name));
}

/// <summary>Files that lock files and projects refer to. Bounded, so that a thousand projects with one large parent cost no more than they should.</summary>
internal sealed class SbomFiles(RepositoryFiles files)
{
    private const int LargestOther = RepositoryFiles.ManifestLimit;
    private long _budget = 512L << 20;
    private readonly Dictionary<string, XElement?> _xml = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _poms;

    public bool Has(string path) => files.HasFile(path);

    public string? Text(string path)
    {
        if (!files.HasFile(path)) return null;
        var text = files.Beginning(path, LargestOther + 1);
        Spend(text?.Length ?? 0);
        return text is { Length: <= LargestOther } ? text : null;
    }

    /// <summary>Null when there is none, or it is broken: that is told where it is read for itself.</summary>
    public XElement? Xml(string path)
    {
        if (_xml.TryGetValue(path, out var known)) { Spend(4096); return known; }
        try { return _xml[path] = Text(path) is { } text ? Supply.Xml.Load(text) : null; }
        catch (LockException) { return _xml[path] = null; }
    }

    /// <summary>The pom of the repository that has this group:artifact.</summary>
    public string? Pom(string name)
    {
        _poms ??= files.Named("pom.xml").Select(f => (f.Path, Name: Xml(f.Path) is { } pom ? MavenPom.Name(pom) : null)).Where(p => p.Name is not null).DistinctBy(p => p.Name).ToDictionary(p => p.Name!, p => p.Path, StringComparer.Ordinal);
        return _poms.GetValueOrDefault(name);
    }

    private void Spend(long characters)
    {
        if ((_budget -= characters) < 0) throw new LockException("together with what it refers to there is more than is read");
    }
}

/// <param name="Needs">Keys of other packages of the same file; resolved once the whole file is read.</param>
/// <param name="Direct">The repository asks for it itself; null when the file does not tell.</param>
/// <param name="File">Another file that names it, which the one that is read refers to.</param>
/// <param name="Registry">Whose package URL it has, when that is not the ecosystem whose advisories are about it.</param>
internal sealed record LockedPackage(
    string Key, string Ecosystem, string Name, string Version, bool Development = false, IReadOnlyList<string>? Needs = null, string? Licence = null, bool? Direct = null, string? File = null, string? Registry = null)
{
    public string Purl => PackageUrl.Of(Registry ?? Ecosystem, Name, Version);
}

internal sealed class LockException(string message) : Exception(message);
