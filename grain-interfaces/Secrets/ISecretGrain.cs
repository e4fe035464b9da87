using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>One secret of one environment: <c>secret/{workspace}/{project}/{environment}/{name}</c>. It never sees a value, only references to sealed ones.</summary>
[Alias("secrets.ISecretGrain")]
public interface ISecretGrain : IGrainWithStringKey, IJobOwner
{
    [Alias("Do")]
    Task<CommandResult> Do(SecretCommand command);

    [Alias("View")]
    Task<SecretView?> View();
}
