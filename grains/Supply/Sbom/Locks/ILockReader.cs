namespace ProdSprint.Supply;

/// <summary>Reads one kind of lock file. Pure; throws <see cref="LockException"/>, <c>JsonException</c>, <c>TomlException</c> or <c>YamlProblem</c> on what it cannot read.</summary>
internal interface ILockReader
{
    /// <param name="path">Relative to the repository's root.</param>
    bool Reads(string path);

    IEnumerable<LockedPackage> Read(string text);
}

/// <param name="Needs">Keys of other packages of the same file; resolved once the whole file is read.</param>
internal sealed record LockedPackage(string Key, string Ecosystem, string Name, string Version, bool Development = false, IReadOnlyList<string>? Needs = null, string? Licence = null);

internal sealed class LockException(string message) : Exception(message);
