using System.Collections.Immutable;

namespace ProdSprint.Deploy;

/// <summary>What people read of a deploy target, from whichever node they ask.</summary>
public interface IDeployReads
{
    /// <summary>Newest first.</summary>
    Task<ImmutableArray<ArtifactView>> ArtifactsAsync(string workspace, string project, CancellationToken cancellation);

    /// <summary>Bytes of all that is kept of a workspace: its builds and the mirrors of its repositories.</summary>
    Task<long> StoredBytesAsync(string workspace, CancellationToken cancellation);

    /// <summary>The output of a running or stopped copy.</summary>
    Task<LogPage> RunLogAsync(InstanceKey copy, LogQuery query, CancellationToken cancellation);

    Task<LogPage> BuildLogAsync(string workspace, string project, string commit, LogQuery query, CancellationToken cancellation);
}

/// <summary>On the target's own node: from its disk.</summary>
internal sealed class LocalDeployReads(IDeployTarget target, ICommitSource commits) : IDeployReads
{
    public Task<ImmutableArray<ArtifactView>> ArtifactsAsync(string workspace, string project, CancellationToken cancellation)
    {
        var running = target.List().Where(i => i.Key.Workspace == workspace && i.Key.Project == project).Select(i => i.ArtifactDigest).ToHashSet();
        return Task.FromResult<ImmutableArray<ArtifactView>>([.. target.Artifacts(workspace, project).Select(a =>
            new ArtifactView(a.Digest, a.Commit, a.Service, a.Bytes, a.Files, a.BuildSeconds, a.BuiltAt, a.GoodAt is not null, running.Contains(a.Digest)))]);
    }

    public Task<long> StoredBytesAsync(string workspace, CancellationToken cancellation) => Task.FromResult(target.StoredBytes(workspace) + commits.StoredBytes(workspace));

    public Task<LogPage> RunLogAsync(InstanceKey copy, LogQuery query, CancellationToken cancellation) => target.RunLogAsync(copy, query, cancellation);

    public Task<LogPage> BuildLogAsync(string workspace, string project, string commit, LogQuery query, CancellationToken cancellation) =>
        target.BuildLogAsync(workspace, project, commit, query, cancellation);
}
