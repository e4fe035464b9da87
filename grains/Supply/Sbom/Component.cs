using System.Collections.Immutable;

namespace ProdSprint.Supply;

/// <summary>A package of somebody else's that a repository is built from, as a lock file names it.</summary>
/// <param name="Ecosystem">By its name in OSV: npm, PyPI, Go, Maven, NuGet, RubyGems, Packagist, crates.io, Hex, Pub, SwiftURL, Hackage, ConanCenter; GitHub and generic where OSV has none.</param>
/// <param name="Name">As the ecosystem writes it: @scope/name, group:artifact, github.com/owner/module.</param>
/// <param name="Development">Needed to build or test only, as far as the lock file says so.</param>
/// <param name="DependsOn">Package URLs of what it needs in turn, sorted; empty when the lock file does not say.</param>
/// <param name="Files">The lock files that name it, sorted.</param>
/// <param name="Licence">SPDX expression, when the lock file has one.</param>
/// <param name="Direct">The repository asks for it itself. Where a lock file does not tell, that is what nothing else in it needs.</param>
/// <param name="Registry">Whose package URL it has, when that is not the ecosystem: Clojars.</param>
public sealed record Component(string Ecosystem, string Name, string Version, bool Development, ImmutableArray<string> DependsOn, ImmutableArray<string> Files, string? Licence = null, bool Direct = false, string? Registry = null)
{
    public string Purl => PackageUrl.Of(Registry ?? Ecosystem, Name, Version);
}

/// <summary>Everything found, sorted by package URL, and what could not be read.</summary>
/// <param name="Commit">Full hash, or "" for a plain folder.</param>
/// <param name="Unread">Lock files that were left out, with the reason.</param>
public sealed record BillOfMaterials(string Commit, ImmutableArray<Component> Components, ImmutableArray<string> LockFiles, ImmutableArray<UnreadLock> Unread);

public sealed record UnreadLock(string Path, string Why);
