using System.Collections.Immutable;
using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>One imported repository: <c>project/{workspace}/{project}</c>. Owns what is stable, what is in flight and what waits.</summary>
[Alias("projects.IProjectGrain")]
public interface IProjectGrain : IGrainWithStringKey, IJobOwner, ICommandTarget
{
    [Alias("Do")]
    Task<CommandResult> Do(ProjectCommand command);

    /// <summary>Null before the import.</summary>
    [Alias("View")]
    Task<ProjectView?> View();

    /// <summary>Null before the import.</summary>
    [Alias("Waivers")]
    Task<WaiverList?> Waivers();

    /// <summary>Sealed; for whoever starts its processes. Empty before the import.</summary>
    [Alias("Variables")]
    Task<ImmutableDictionary<string, string>> Variables();
}
