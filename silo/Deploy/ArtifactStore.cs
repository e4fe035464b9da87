using ProdSprint.Data;

namespace ProdSprint.Deploy;

/// <summary>
/// Finished builds, immutable. A build happens in the very place where its artifact stays, because many package managers write absolute paths into
/// what they install; it becomes an artifact in one step, when its manifest is renamed into place. Anything without a manifest is a build that was cut
/// off, and is swept away. Applications run from a copy, so that nothing they write changes what a rollback starts.
/// </summary>
internal sealed class ArtifactStore(DeployPaths paths, LocalDeployOptions options)
{
    private readonly Lock _gate = new();

    public string Tree(string key) => Path.Combine(paths.Artifact(key), "tree");

    public ArtifactManifest? Find(string key) => Read(Path.Combine(paths.Artifact(key), "manifest.json"));

    public ArtifactManifest? FindByDigest(string digest, string workspace, string project) =>
        All().Where(m => m.Digest == digest).OrderByDescending(m => m.Workspace == workspace && m.Project == project).FirstOrDefault();

    public ArtifactManifest Need(string digest, string workspace, string project, string version) => FindByDigest(digest, workspace, project)
        ?? throw new DeployException($"The artifact {digest} of {version} is not on this machine any more. Release the commit again: it is then built anew.");

    public List<ArtifactManifest> All()
    {
        if (!Directory.Exists(paths.Artifacts)) return [];
        return [.. Directory.EnumerateDirectories(paths.Artifacts).Select(d => Read(Path.Combine(d, "manifest.json"))).OfType<ArtifactManifest>()];
    }

    /// <summary>An empty place to build in; what a build that was cut off left there is gone.</summary>
    public string Reserve(string key)
    {
        var place = paths.Artifact(key);
        FileTree.Delete(place);
        Directory.CreateDirectory(place);
        return Tree(key);
    }

    public void Discard(string key)
    {
        lock (_gate)
        {
            // The manifest first: from then on nobody takes what is left for an artifact.
            File.Delete(Path.Combine(paths.Artifact(key), "manifest.json"));
            FileTree.Delete(paths.Artifact(key));
        }
    }

    /// <summary>Makes the tree read-only, then an artifact.</summary>
    public ArtifactManifest Seal(ArtifactManifest draft, CancellationToken cancellation)
    {
        FileTree.MakeReadOnly(Tree(draft.Key));
        var (digest, bytes, files) = ArtifactIdentity.Digest(Tree(draft.Key), cancellation);
        var manifest = draft with { Digest = digest, Bytes = bytes, Files = files };
        Write(manifest);
        return manifest;
    }

    public void Update(string key, Func<ArtifactManifest, ArtifactManifest> change)
    {
        lock (_gate)
        {
            if (Find(key) is { } m) Write(change(m));
        }
    }

    /// <summary>Keeps what the tests of an artifact reported, and answers with its digest. It goes when the artifact goes.</summary>
    public string KeepReport(string key, string json)
    {
        var path = Path.Combine(paths.Artifact(key), "tests.json");
        File.WriteAllText(path + "~", json);
        File.Move(path + "~", path, overwrite: true);
        return DocumentStore.Digest(json);
    }

    /// <summary>Null when there is none, or it is not the one that is asked for.</summary>
    public string? Report(string key, string digest)
    {
        try
        {
            var json = File.ReadAllText(Path.Combine(paths.Artifact(key), "tests.json"));
            return DocumentStore.Digest(json) == digest ? json : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads every byte. A damaged artifact is taken out of the store, so that the next build makes it anew.</summary>
    public void Verify(ArtifactManifest m, CancellationToken cancellation)
    {
        var found = ArtifactIdentity.Digest(Tree(m.Key), cancellation).Digest;
        if (found == m.Digest) return;
        Discard(m.Key);
        throw new DeployException($"The artifact of commit {Short(m.Commit)} was changed on disk (it should be {m.Digest}, and is {found}); it was removed. Release the commit again: it is then built anew.");
    }

    /// <summary>Removes what is neither pinned, nor running, nor among the newest of its project, and what builds that were cut off left. Returns what was removed.</summary>
    /// <param name="running">Digests in use.</param>
    public List<ArtifactManifest> Collect(IReadOnlySet<string> running, DateTimeOffset now)
    {
        var removed = new List<ArtifactManifest>();
        foreach (var project in All().GroupBy(m => (m.Workspace, m.Project)))
        {
            var pinned = Pinned(project).Select(m => m.Key).ToHashSet();
            var recent = project.OrderByDescending(m => m.BuiltAt).Take(options.KeepRecentArtifacts).Select(m => m.Key).ToHashSet();
            foreach (var m in project)
            {
                if (pinned.Contains(m.Key) || recent.Contains(m.Key) || running.Contains(m.Digest) || now - m.BuiltAt < options.KeepArtifactsFor) continue;
                Discard(m.Key);
                removed.Add(m);
            }
        }
        SweepCutOff(now);
        return removed;
    }

    /// <summary>A checkout that never became an artifact, and that nobody asked to build again. No build takes as long as artifacts are kept.</summary>
    private void SweepCutOff(DateTimeOffset now)
    {
        if (!Directory.Exists(paths.Artifacts)) return;
        foreach (var directory in new DirectoryInfo(paths.Artifacts).EnumerateDirectories())
            if (Find(directory.Name) is null && now - directory.LastWriteTimeUtc >= options.KeepArtifactsFor) Discard(directory.Name);
    }

    /// <summary>The last good ones, as many as the newest of them asks for.</summary>
    public static IEnumerable<ArtifactManifest> Pinned(IEnumerable<ArtifactManifest> project)
    {
        var good = project.Where(m => m.GoodAt is not null).OrderByDescending(m => m.GoodAt).ToList();
        return good.Take(good.Count == 0 ? 0 : Math.Max(1, good[0].PinnedArtifacts));
    }

    public static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;

    private static ArtifactManifest? Read(string path) => DurableFile.Read<ArtifactManifest>(path);

    private void Write(ArtifactManifest m) => DurableFile.Write(Path.Combine(paths.Artifact(m.Key), "manifest.json"), m);
}
