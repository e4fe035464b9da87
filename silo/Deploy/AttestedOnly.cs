using ProdSprint.Jobs;
using ProdSprint.Supply;

namespace ProdSprint.Deploy;

/// <summary>The door to production: what no trusted key has signed is not started, and changes nothing that people have.</summary>
internal static class AttestedOnly
{
    public static async Task<AttestationFinding> EnterAsync(IAttestor attestor, AttestationDemand demand, string version, CancellationToken cancellation)
    {
        var finding = await attestor.CheckAsync(demand, cancellation);
        return finding.Problem is not { } problem
            ? finding
            : throw new JobFailedException(
                $"{version} has no attestation that counts, so it gets no traffic: {problem.TrimEnd('.')}.",
                $"release the commit again, which attests what is built: prodsprint release --project {demand.Project}; what there is shows prodsprint attestation verify {demand.ArtifactDigest} --project {demand.Project}");
    }
}
