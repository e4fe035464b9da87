using ProdSprint.Kernel;

namespace ProdSprint.Jobs;

/// <summary>Tells the grain that asked: its key begins with its type, so the queue needs to know no capability.</summary>
public sealed class GrainOutcomes(IGrainFactory grains) : IOutcomeReceiver
{
    public Task TellAsync(string ownerKey, JobOutcome outcome, CancellationToken cancellation) =>
        grains.GetGrain<IJobOwner>(GrainId.Create(GrainKeys.Kind(ownerKey), ownerKey)).JobEnded(outcome).WaitAsync(cancellation);
}
