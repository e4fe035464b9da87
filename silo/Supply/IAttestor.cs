using ProdSprint.Deploy;

namespace ProdSprint.Supply;

/// <summary>Signs what the target builds and deploys, and says whether what is to be deployed is signed. Every call may be repeated.</summary>
public interface IAttestor
{
    /// <summary>There is provenance of this build afterwards that <see cref="CheckAsync"/> accepts.</summary>
    /// <exception cref="DeployException">The artifact is not what was built.</exception>
    Task AttestBuildAsync(BuildRequest request, BuildResult built, Action<string> log, CancellationToken cancellation);

    Task<AttestationFinding> CheckAsync(AttestationDemand demand, CancellationToken cancellation);

    /// <summary>Says that a version which was accepted runs in an environment.</summary>
    Task AttestDeploymentAsync(StartRequest request, AttestationFinding accepted, CancellationToken cancellation);
}
