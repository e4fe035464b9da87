namespace ProdSprint.Deploy;

/// <summary>The copies of artifacts that running versions may write to.</summary>
internal sealed class RunTrees(DeployPaths paths, ArtifactStore store)
{
    /// <summary>The version's copy, made when it is not there yet. The caller holds the gate of the version's entry.</summary>
    public string Make(InstanceKey key, string artifactKey, CancellationToken cancellation)
    {
        var copy = paths.RunTree(key);
        if (Directory.Exists(copy)) return copy;
        var half = copy + "~";
        FileTree.Delete(half);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        FileTree.Copy(store.Tree(artifactKey), half, cancellation);
        Directory.Move(half, copy);
        return copy;
    }
}
