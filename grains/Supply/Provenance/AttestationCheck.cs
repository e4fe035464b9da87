using System.Text.Json;

namespace ProdSprint.Supply;

/// <summary>What has to be attested before a version may have traffic.</summary>
/// <param name="Commit">Full hash, of the release.</param>
public sealed record AttestationDemand(string Workspace, string Project, string ArtifactDigest, string Commit);

/// <param name="Id"><c>sha256:…</c> of the envelope's text.</param>
/// <param name="Envelope">A DSSE envelope in JSON, as it was stored.</param>
public sealed record StoredAttestation(string Id, string Envelope);

/// <param name="Attestation">The one that was accepted; null: none.</param>
/// <param name="Problem">Half a sentence, why nothing was accepted; null when something was.</param>
public sealed record AttestationFinding(string? Attestation, string? KeyId, string? Problem);

/// <summary>
/// Is this artifact what a trusted key says was built from this commit? The order is the one that counts: first the signature, over the bytes as they
/// are, and only what it holds for is read.
/// </summary>
public static class AttestationCheck
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>One that fits is enough: a wrong one beside it proves nothing about the artifact.</summary>
    /// <param name="stored">Newest first; of those that do not fit, the first says why.</param>
    public static AttestationFinding Of(AttestationDemand demand, IEnumerable<StoredAttestation> stored, IReadOnlyCollection<AttestationKey> trusted)
    {
        string? problem = null;
        foreach (var s in stored)
        {
            if (Signed(s, trusted, out var key) is not { } why) why = Wrong(demand, DsseEnvelope.Read(s.Envelope).Payload.AsMemory());
            if (why is null) return new(s.Id, key!.Id, null);
            problem ??= $"{Short(s.Id)} is not accepted: {why}";
        }
        return new(null, null, problem ?? "there is none");
    }

    /// <summary>Null when a trusted key signed it, else why it does not count.</summary>
    public static string? Signed(StoredAttestation stored, IReadOnlyCollection<AttestationKey> trusted, out AttestationKey? signer)
    {
        signer = null;
        DsseEnvelope envelope;
        try { envelope = DsseEnvelope.Read(stored.Envelope); }
        catch (AttestationException e) { return e.Message; }
        if (envelope.Signatures.IsEmpty) return "it has no signature";
        signer = envelope.Signatures.SelectMany(s => trusted.OrderByDescending(k => k.Id == s.KeyId).Where(k => k.Fits(envelope.PayloadType, envelope.Payload.AsSpan(), s.Signature.AsSpan()))).FirstOrDefault();
        if (signer is null) return trusted.Any(k => envelope.Signatures.Any(s => s.KeyId == k.Id)) ? "its signature does not fit its content" : "it was signed by a key that is not the workspace's";
        return envelope.PayloadType == Provenance.PayloadType ? null : $"its payload is '{envelope.PayloadType}', not an in-toto statement";
    }

    /// <summary>Null when the statement says what is demanded.</summary>
    private static string? Wrong(AttestationDemand demand, ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            var root = document.RootElement;
            if (Text(root, "_type") != Provenance.StatementType) return "it is no in-toto statement of version 1";
            if (Text(root, "predicateType") != Provenance.Build) return $"it is no provenance of a build but '{Text(root, "predicateType")}'";
            var subjects = root.GetProperty("subject").EnumerateArray().ToList();
            if (!subjects.Exists(s => s.GetProperty("digest").TryGetProperty("sha256", out var d) && d.GetString() == Provenance.Hex(demand.ArtifactDigest))) return "it is about another artifact";
            if (!subjects.Exists(s => Text(s, "name") == Provenance.Subject(demand.Workspace, demand.Project))) return "it is about another project";
            var definition = root.GetProperty("predicate").GetProperty("buildDefinition");
            if (Text(definition, "buildType") != Provenance.BuildType) return $"its build type is '{Text(definition, "buildType")}'";
            var parameters = definition.GetProperty("externalParameters");
            if (Text(parameters, "commit") != demand.Commit) return $"it is about commit {Text(parameters, "commit")}, and the release is {demand.Commit}";
            var builder = root.GetProperty("predicate").GetProperty("runDetails").GetProperty("builder");
            return Text(builder, "id") == Provenance.Builder ? null : $"its builder is '{Text(builder, "id")}'";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"its statement cannot be read: {e.Message}";
        }
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Short(string id) => id[..Math.Min(id.Length, 19)];
}
