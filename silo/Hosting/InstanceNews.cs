using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Hosting;

/// <summary>Tells a release what became of its running copies.</summary>
public sealed class InstanceNews(IGrainFactory grains) : IInstanceEvents
{
    private static readonly Actor Supervisor = Actor.System("supervisor");

    public Task HappenedAsync(InstanceEvent happened, CancellationToken cancellation)
    {
        var key = happened.Key;
        ReleaseCommand? command = happened.Kind switch
        {
            InstanceEventKind.Died or InstanceEventKind.Unhealthy => new InstanceFailed(key.Environment, key.Release, happened.Text, Supervisor, null),
            InstanceEventKind.Recovered or InstanceEventKind.Adopted => new Releases.InstanceStarted(key.Environment, key.Release, happened.Address, Supervisor, null),
            _ => null,
        };
        return command is null
            ? Task.CompletedTask
            : grains.GetGrain<IReleaseGrain>(GrainKeys.Release(key.Workspace, key.Project, key.Release)).Do(command);
    }
}
