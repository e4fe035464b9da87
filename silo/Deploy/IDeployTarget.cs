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

    /// <param name="effect">Asked again with the same one after it has ended well, nothing runs a second time.</param>
    Task<MigrateResult> MigrateAsync(MigrateRequest request, string effect, Action<string> log, CancellationToken cancellation);

    /// <summary>Ends when every service of the version is well, or throws with the last answer and the last lines of the one that is not.</summary>
    Task<StartResult> StartAsync(StartRequest request, Action<string> log, CancellationToken cancellation);

    /// <summary>Drains, then stops every service of the version. Succeeds when nothing runs.</summary>
    Task StopAsync(StopRequest request, Action<string> log, CancellationToken cancellation);

    /// <summary>Pins a good artifact and collects what is neither pinned, running nor recent. Succeeds when it is gone.</summary>
    Task KeepAsync(KeepArtifact request, CancellationToken cancellation);

    /// <summary>Everything that is started here, from disk.</summary>
    IReadOnlyList<InstanceRecord> List();

    IReadOnlyList<ArtifactManifest> Artifacts(string workspace, string project);

    /// <summary>Bytes of all artifacts of a workspace.</summary>
    long StoredBytes(string workspace);

    /// <summary>The output of a running or stopped copy.</summary>
    Task<LogPage> RunLogAsync(InstanceKey key, LogQuery query, CancellationToken cancellation);

    Task<LogPage> BuildLogAsync(string workspace, string project, string commit, LogQuery query, CancellationToken cancellation);
}
