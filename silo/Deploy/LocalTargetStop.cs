namespace ProdSprint.Deploy;

/// <summary>Stops every copy of a root while no server runs over it. Their records stay, so the next server starts them again.</summary>
public static class LocalTargetStop
{
    /// <summary>How many were running.</summary>
    public static async Task<int> AllAsync(string root, TimeSpan grace, CancellationToken cancellation)
    {
        var options = new LocalDeployOptions { Root = root };
        var paths = new DeployPaths(root);
        var registry = new InstanceRegistry(paths, options);
        var (store, time) = (new ArtifactStore(paths, options), TimeProvider.System);
        var launcher = new ProcessLauncher(options, paths, new Sandbox(options, paths), store, new RunTrees(paths, store), registry, new RunEnvironment(options, registry, new NoVariables()), time);
        var running = registry.All().Where(r => launcher.FindRunning(r) is not null).ToList();
        await Task.WhenAll(running.Select(r => launcher.TerminateAsync(r, grace, cancellation)));
        return running.Count;
    }
}
