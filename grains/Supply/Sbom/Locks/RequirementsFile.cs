using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>Requirements files, with what they include and what constrains them: only what is pinned to one version is a component; the rest is a wish.</summary>
internal sealed class RequirementsFile : ILockReader
{
    public bool Reads(string path) => path.EndsWith(".txt", StringComparison.Ordinal)
        && (TreePaths.NameOf(path).Contains("requirements", StringComparison.Ordinal) || TreePaths.NameOf(TreePaths.DirectoryOf(path)) == "requirements");

    public bool Locks => false;

    public IEnumerable<LockedPackage> Read(string text) => throw new NotSupportedException();

    public IEnumerable<LockedPackage> Read(LockFile file) => Requirements.Read(file.Path, p => p == file.Path ? file.Text : file.Files.Text(p))
        .Where(r => r is { Name.Length: > 0, Version: not null })
        .Select(r => new LockedPackage($"{Requirements.Normal(r.Name)}=={r.Version}", "PyPI", r.Name, r.Version!, Direct: true, File: r.File));
}
