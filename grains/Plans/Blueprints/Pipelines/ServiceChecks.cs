using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>What a pipeline does with one service before its image is built, in words that both GitHub and GitLab can carry out.</summary>
/// <param name="Directory">Its folder, relative to the repository's root.</param>
/// <param name="Setup">What brings the language on GitHub, or null where the runner has it.</param>
/// <param name="With">Options of <see cref="Setup"/>.</param>
/// <param name="Image">What brings the language on GitLab.</param>
/// <param name="Steps">Install, lint, types, unit, integration: in this order, each with its command.</param>
/// <param name="CodeQl">The language's name for CodeQL, or null when it does not know it.</param>
public sealed record ServiceChecks(
    string Service, string Directory, PinnedAction? Setup, ImmutableArray<(string Name, string Value)> With, string Image, ImmutableArray<ServiceCheck> Steps, string? CodeQl)
{
    /// <summary>Lines covered in percent, below which the pipeline fails.</summary>
    public const int Coverage = 80;

    /// <summary>What has to be there before <see cref="Setup"/>, which asks it where its cache is; null when nothing has.</summary>
    public string? Before { get; init; }

    /// <summary>What is kept from one run to the next; null when nothing says what it belongs to.</summary>
    public ServiceCache? Cache { get; init; }

    /// <summary>Relative to the repository's root: its own, or the one written for it.</summary>
    public string Dockerfile { get; init; } = Dockerfiles.PathOf(Service);

    /// <summary>What the image is built from: the Dockerfile's own folder when the repository has one, else everything.</summary>
    public string Context { get; init; } = ".";
}

/// <param name="Report">A file it leaves behind that is kept, or null.</param>
/// <param name="Directory">Where it runs, relative to the repository's root; null: in the service's folder.</param>
public sealed record ServiceCheck(string Name, string Command, string? Report = null, string? Directory = null);

/// <summary>Packages that were downloaded: the program is told by a variable to keep them inside the checkout, the only place that GitLab keeps anything of.</summary>
/// <param name="Lock">The file whose change makes them anew, relative to the repository's root.</param>
public sealed record ServiceCache(string Lock, ImmutableArray<(string Variable, string Folder)> Folders);
