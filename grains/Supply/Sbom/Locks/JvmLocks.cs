using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>gradle.lockfile: group:artifact:version=configurations.</summary>
internal sealed class GradleLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) is "gradle.lockfile" or "buildscript-gradle.lockfile";

    public IEnumerable<LockedPackage> Read(string text)
    {
        foreach (var line in text.Split('\n'))
            if (line.Split('=') is [var id, var configurations] && id.Split(':') is [var group, var artifact, var version])
                yield return new(id, "Maven", $"{group}:{artifact}", version, configurations.Split(',').All(c => c.Trim().StartsWith("test", StringComparison.Ordinal)));
    }
}

/// <summary>pom.xml: Maven has no lock file, so what it names directly is known, with the version that it or another pom of the repository gives.</summary>
internal sealed class MavenProject : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "pom.xml";

    public bool Locks => false;

    public IEnumerable<LockedPackage> Read(string text) => throw new NotSupportedException();

    public IEnumerable<LockedPackage> Read(LockFile file) => MavenPom.Of(file.Path, Xml.Load(file.Text), file.Files.Xml, file.Files.Pom)
        .Where(d => d.Exact is not null && file.Files.Pom($"{d.Group}:{d.Artifact}") is null)
        .Select(d => new LockedPackage($"{d.Group}:{d.Artifact}", "Maven", $"{d.Group}:{d.Artifact}", d.Exact!, d.Scope == "test", Direct: true, File: file.Path));
}
