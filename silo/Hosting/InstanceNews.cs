using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Projects;
using ProdSprint.Releases;

namespace ProdSprint.Hosting;

/// <summary>Tells the release that owns a running copy what became of it. That need not be the one that started it: a rollback takes a warm copy over.</summary>
public sealed class InstanceNews(IGrainFactory grains) : IInstanceEvents
{
    private static readonly Actor Supervisor = Actor.System("supervisor");

    public async Task HappenedAsync(InstanceEvent happened, CancellationToken cancellation)
    {
        var key = happened.Key;
        ReleaseCommand? command = happened.Kind switch
        {
            InstanceEventKind.Died or InstanceEventKind.Unhealthy => new InstanceFailed(key.Environment, key.Release, happened.Text, Supervisor, null) { Service = key.Service },
            InstanceEventKind.Recovered or InstanceEventKind.Adopted => new Releases.InstanceStarted(key.Environment, key.Release, happened.Address, Supervisor, null) { Service = key.Service },
            _ => null,
        };
        if (command is null) return;
        var project = await grains.GetGrain<IProjectGrain>(GrainKeys.Project(key.Workspace, key.Project)).View();
        foreach (var release in Owners(project, key))
        {
            // A release that the copy does not belong to says so and changes nothing; then the next is asked.
            if ((await grains.GetGrain<IReleaseGrain>(GrainKeys.Release(key.Workspace, key.Project, release)).Do(command)).Accepted) return;
        }
    }

    /// <summary>
    /// Who may own a copy, the likeliest first. The stable one belongs to the release that promoted it, which tells the project, which tells the one in
    /// flight. Any other may be the new version of the release in flight, or kept warm by the one that promoted what is stable.
    /// </summary>
    internal static IEnumerable<int> Owners(ProjectView? project, InstanceKey key)
    {
        if (project is null || key.Environment != "production") return [key.Release];
        if (project.Stable is { PromotedBy: > 0 } stable && stable.Release == key.Release) return [stable.PromotedBy];
        return ((int?[])[project.ActiveRelease, project.Stable?.PromotedBy, key.Release]).OfType<int>().Where(n => n > 0).Distinct();
    }
}
