using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ProdSprint.Deploy;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>
/// On the target, which has seen the build. An artifact that is reused and has no provenance (it was built before there was any, or its rows are gone) gets it
/// now, from its own record, after every byte of it was read: the builder vouches for what it finds, not for what it remembers.
/// </summary>
internal sealed class TargetAttestor(AttestationKeys keys, AttestationStore attestations, ArtifactStore artifacts, ICommitSource commits, TimeProvider time) : IAttestor
{
    private static readonly GitOptions Git = new();

    public async Task AttestBuildAsync(BuildRequest r, BuildResult built, Action<string> log, CancellationToken cancellation)
    {
        if ((await CheckAsync(new(r.Workspace, r.Project, built.ArtifactDigest, r.Commit), cancellation)).Problem is null) return;
        var key = ArtifactIdentity.Key(r.Workspace, r.Project, r.Commit, [r.Service, .. r.Companions]);
        var artifact = artifacts.Find(key) is { } found && found.Digest == built.ArtifactDigest
            ? found
            : throw new DeployException($"The artifact {built.ArtifactDigest} is gone from this machine before it could be attested. Retry: it is then built anew.", retry: true);
        if (built.Reused) artifacts.Verify(artifact, cancellation);
        var git = await commits.GitDirectoryAsync(r.Workspace, r.Project, cancellation);
        var facts = new BuildFacts(
            r.Workspace, r.Project, artifact.Digest, await OriginAsync(git, cancellation), r.Ref, r.Commit, [r.Service, .. r.Companions], await LockFilesAsync(git, r.Commit, cancellation),
            key, artifact.TestsPassed, artifact.TestsFailed, artifact.BuiltAt - TimeSpan.FromSeconds(artifact.BuildSeconds), artifact.BuiltAt);
        using var signer = await keys.SignerAsync(r.Workspace, cancellation);
        var id = await attestations.AddAsync(
            r.Workspace, r.Project, artifact.Digest, Provenance.Build, key, signer.Sign(Provenance.PayloadType, Provenance.OfBuild(facts)), cancellation);
        log($"Attested: {id[..19]}…, signed by key {signer.Key.Id[..12]}…");
    }

    public async Task<AttestationFinding> CheckAsync(AttestationDemand demand, CancellationToken cancellation)
    {
        var stored = await attestations.OfArtifactAsync(demand.Workspace, demand.Project, demand.ArtifactDigest, Provenance.Build, cancellation);
        var trusted = stored.Count == 0 ? [] : await keys.TrustedAsync(demand.Workspace, cancellation);
        return AttestationCheck.Of(demand, stored.Select(s => new StoredAttestation(s.Id, s.Envelope)), [.. trusted.Select(k => k.Key)]);
    }

    public async Task AttestDeploymentAsync(StartRequest r, AttestationFinding accepted, CancellationToken cancellation)
    {
        var source = $"deployment/{r.Environment}/{r.Release}";
        var before = await attestations.OfArtifactAsync(r.Workspace, r.Project, r.ArtifactDigest, Provenance.Deployment, cancellation);
        if (before.Any(a => a.Source == source)) return;
        var statement = Provenance.OfDeployment(
            new(r.Workspace, r.Project, r.ArtifactDigest, r.AttestedCommit!, r.Environment, r.Release, r.Version, accepted.Attestation!, time.GetUtcNow()));
        using var signer = await keys.SignerAsync(r.Workspace, cancellation);
        await attestations.AddAsync(r.Workspace, r.Project, r.ArtifactDigest, Provenance.Deployment, source, signer.Sign(Provenance.PayloadType, statement), cancellation);
    }

    /// <summary>Where the mirror was cloned from; a password in it is nobody's business.</summary>
    private static async Task<string?> OriginAsync(string git, CancellationToken cancellation)
    {
        try
        {
            var url = Encoding.UTF8.GetString(await GitCommand.RunAsync(git, ["config", "--get", "remote.origin.url"], Git.LookTimeout, cancellation)).Trim();
            if (url.StartsWith('/')) return $"file://{url}";
            if (!url.Contains("://", StringComparison.Ordinal)) return url.Length == 0 ? null : url; // git@host:path has a user's name, and no password
            return Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? new UriBuilder(parsed) { UserName = "", Password = "", Query = "", Fragment = "" }.Uri.AbsoluteUri : null;
        }
        catch (GitProblem)
        {
            return null; // a repository that was made here, and cloned from nowhere
        }
    }

    private static async Task<ImmutableArray<LockFileDigest>> LockFilesAsync(string git, string commit, CancellationToken cancellation)
    {
        using var tree = await GitTree.OpenAsync(git, commit, Git, cancellation);
        var found = ImmutableArray.CreateBuilder<LockFileDigest>();
        foreach (var entry in tree.Entries.Where(e => e.Kind is TreeEntryKind.File or TreeEntryKind.Executable && e.Size <= SbomReader.Largest && SbomReader.IsLockFile(e.Path)))
        {
            cancellation.ThrowIfCancellationRequested();
            found.Add(new(entry.Path, Convert.ToHexStringLower(SHA256.HashData(tree.Read(entry, SbomReader.Largest).Span))));
        }
        return found.ToImmutable();
    }
}
