namespace ProdSprint.Deploy;

/// <summary>
/// A place where versions are built and run. Every call may be repeated with the same argument and then finds what is there. Failures a person can act on
/// are <see cref="DeployException"/>; a cancelled call leaves nothing running that it started.
/// </summary>
public interface IDeployTarget
{
    /// <summary>e.g. <c>local</c>.</summary>
    string Name { get; }

    /// <param name="log">Gets each line of output, at most a few thousand; the whole log is read by <see cref="BuildLogAsync"/>.</param>
    Task<BuildResult> BuildAsync(BuildRequest request, Action<string> log, CancellationToken cancellation);

    /// <summary>Ends when the version answers its health check, or throws with its last answer and its last lines.</summary>
    Task<StartResult> StartAsync(StartRequest request, Action<string> log, CancellationToken cancellation);

    /// <summary>Drains, then stops. Succeeds when nothing runs.</summary>
    Task StopAsync(StopRequest request, Action<string> log, CancellationToken cancellation);

    /// <summary>Pins a good artifact and collects what is neither pinned, running nor recent. Succeeds when it is gone.</summary>
    Task KeepAsync(KeepArtifact request, CancellationToken cancellation);

    /// <summary>Everything that is started here, from disk.</summary>
    IReadOnlyList<InstanceRecord> List();

    IReadOnlyList<ArtifactManifest> Artifacts(string workspace, string project);

    /// <summary>The output of a running or stopped copy.</summary>
    Task<LogPage> RunLogAsync(InstanceKey key, LogQuery query, CancellationToken cancellation);

    Task<LogPage> BuildLogAsync(string workspace, string project, string commit, LogQuery query, CancellationToken cancellation);
}
