using System.ComponentModel;
using System.Text.RegularExpressions;
using ProdSprint.Audit;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Supply;

/// <summary>What is said of artifacts, by which key, and the keys to hold it against.</summary>
public static partial class AttestationsApi
{
    /// <param name="Id"><c>sha256:…</c> of the envelope.</param>
    /// <param name="Source">Of what: the input of a build by digest, or deployment/production/3.</param>
    /// <param name="Envelope">A DSSE envelope in JSON, as it was signed: its payload is an in-toto statement.</param>
    /// <param name="KeyId">The key of the workspace that signed it; left out when none did.</param>
    /// <param name="Problem">Why it does not count; left out when a key of the workspace signed it.</param>
    public sealed record AttestationView(string Id, string PredicateType, string Source, DateTimeOffset CreatedAt, string Envelope, string? KeyId, string? Problem);

    /// <param name="Id">SHA-256 of the public key, hex.</param>
    /// <param name="PublicKey">PEM.</param>
    /// <param name="Active">It signs what is built now; the others verify what they signed.</param>
    public sealed record AttestationKeyView(string Id, string Algorithm, string PublicKey, bool Active, string MadeBy, DateTimeOffset CreatedAt);

    public sealed record RotateKeyBody(string? Reason = null) : IReasoned;

    private const string Algorithm = "ecdsa-p256-sha256";

    public static void MapAttestationsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/projects/{project}/artifacts/{digest}/attestations", List).WithTags("Supply").WithName("ListAttestations").WithSummary("Where an artifact came from and where it went, signed; newest first")
            .Refuses(404, "project.not-found").Refuses(422, "artifact.bad-digest");
        var keys = routes.MapGroup("/v1/attestation-keys").WithTags("Supply");
        keys.MapGet("", Keys).WithName("ListAttestationKeys").WithSummary("Public keys that attestations are held against, newest first; the first is made with the first build");
        keys.MapPost("", Rotate).WithName("RotateAttestationKey").WithSummary("A new key signs from now on; what the one before signed still counts").Refuses(409, "attestation-key.changed");
    }

    private static async Task<JsonPage<AttestationView>> List(string project, [Description("sha256:… of the artifact")] string digest, Caller caller, AttestationStore store, AttestationKeys keys, CancellationToken cancellation)
    {
        if (!Digest().IsMatch(digest)) throw ProblemException.Invalid("artifact.bad-digest", $"'{(digest.Length > 80 ? digest[..80] : digest)}' is no digest.", "sha256: and 64 hex digits, as the list of artifacts has it");
        var trusted = (await keys.TrustedAsync(caller.Workspace, cancellation)).Select(k => k.Key).ToList();
        return JsonPage<AttestationView>.Of((await store.OfArtifactAsync(caller.Workspace, project, digest, null, cancellation)).Select(a =>
        {
            var problem = AttestationCheck.Signed(new(a.Id, a.Envelope), trusted, out var key);
            return new AttestationView(a.Id, a.PredicateType, a.Source, a.MadeAt, a.Envelope, key?.Id, problem);
        }));
    }

    private static async Task<JsonPage<AttestationKeyView>> Keys(Caller caller, AttestationKeys keys, CancellationToken cancellation) =>
        JsonPage<AttestationKeyView>.Of((await keys.TrustedAsync(caller.Workspace, cancellation)).Select(View));

    private static async Task<AttestationKeyView> Rotate(RotateKeyBody? body, Caller caller, AttestationKeys keys, CancellationToken cancellation)
    {
        var made = await keys.RotateAsync(caller.Workspace, caller.Actor.Id, cancellation)
            ?? throw new ProblemException(StatusCodes.Status409Conflict, "attestation-key.changed", "Just rotated", "Somebody else has put a new key in place at the same moment.", "See the keys, and ask again if it should be another: GET /v1/attestation-keys");
        return View((await keys.TrustedAsync(caller.Workspace, cancellation)).First(k => k.Key.Id == made.Id));
    }

    private static AttestationKeyView View(KnownKey k) => new(k.Key.Id, Algorithm, k.Key.Pem, k.Active, k.MadeBy, k.MadeAt);

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Digest();
}
