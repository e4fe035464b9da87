using Orleans.Runtime;
using ProdSprint.Jobs;

namespace ProdSprint.Kernel;

/// <summary>Carries a command from one grain's outbox to another grain; the receiver drops what it has seen.</summary>
public sealed class TellHandler(IGrainFactory grains) : IJobHandler
{
    public string Kind => TellJob.Kind;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var tell = context.Read<TellJob>();
        var target = grains.GetGrain<ICommandTarget>(GrainId.Create(GrainKeys.Kind(tell.GrainKey), tell.GrainKey));
        await target.Told(tell.EffectId, tell.CommandJson);
        return null;
    }
}
