using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Infrastructure;

/// <summary>What one environment of one project stands on: <c>infrastructure/{workspace}/{project}/{environment}</c>.</summary>
[Alias("infrastructure.IInfrastructureGrain")]
public interface IInfrastructureGrain : IGrainWithStringKey, IJobOwner, ICommandTarget
{
    [Alias("Do")]
    Task<CommandResult> Do(InfrastructureCommand command);

    [Alias("View")]
    Task<InfrastructureView?> View();
}
