using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Machines.Supply;

/// <summary>An artifact without a statement that a trusted key signed, and that says exactly this, is not accepted; whatever was changed.</summary>
public sealed class AttestationCheckTests : IDisposable
{
    private static readonly string Commit = new('c', 40);
    private static readonly string Digest = "sha256:" + new string('a', 64);
    private static readonly AttestationDemand Demand = new("acme", "shop", Digest, Commit);
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly BuildFacts Facts = new(
        "acme", "shop", Digest, "https://example.com/shop.git", "v2", Commit,
        [
            new("web", ".", ServiceKind.Web, "node", "22", "npm", null, new("npm ci", ".", "lock"), new("npm run build", ".", "script"), null, null, null, null, null, null,
                new(512, 64, 1024, TimeSpan.FromMinutes(5), 512, TimeSpan.FromSeconds(5)), [new("API_URL", VariableState.Repository, "https://internal.example", false, "test")]),
        ],
        [new("web/package-lock.json", new('1', 64)), new("package-lock.json", new('2', 64))], "input-1", 40, 0, At, At.AddSeconds(12));

    private readonly AttestationSigner _signer = AttestationSigner.New();

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void OfBuild_IsSlsaProvenance_TheSameBytesForTheSameFacts()
    {
        var bytes = Provenance.OfBuild(Facts);
        Provenance.OfBuild(Facts with { LockFiles = [.. Facts.LockFiles.Reverse()] }).ShouldBe(bytes);
        var s = JsonNode.Parse(bytes)!;
        ((string)s["_type"]!).ShouldBe("https://in-toto.io/Statement/v1");
        ((string)s["predicateType"]!).ShouldBe("https://slsa.dev/provenance/v1");
        ((string)s["subject"]![0]!["digest"]!["sha256"]!).ShouldBe(new string('a', 64));
        var definition = s["predicate"]!["buildDefinition"]!;
        ((string)definition["externalParameters"]!["source"]!).ShouldBe("git+https://example.com/shop.git");
        ((string)definition["resolvedDependencies"]![0]!["digest"]!["gitCommit"]!).ShouldBe(Commit);
        ((string)definition["resolvedDependencies"]![1]!["name"]!).ShouldBe("package-lock.json");
        ((string)s["predicate"]!["runDetails"]!["metadata"]!["finishedOn"]!).ShouldBe("2026-11-21T12:00:12Z");
        Encoding.UTF8.GetString(bytes).ShouldNotContain("internal.example", Case.Insensitive, "values of variables are nobody's business");
    }

    [Fact]
    public void Of_ProvenanceOfThisCommitBySignedKey_IsAccepted()
    {
        var stored = Signed(Provenance.OfBuild(Facts));
        Of(stored).ShouldBe(new(stored.Id, _signer.Key.Id, null));
    }

    [Fact]
    public void Of_Nothing_IsRefused() => AttestationCheck.Of(Demand, [], [_signer.Key]).Problem.ShouldBe("there is none");

    [Fact]
    public void Of_AWrongOneBesideARightOne_IsAccepted()
    {
        var right = Signed(Provenance.OfBuild(Facts));
        AttestationCheck.Of(Demand, [new("sha256:wrong", "{}"), right], [_signer.Key]).Attestation.ShouldBe(right.Id);
    }

    [Fact]
    public void Of_KeyOfSomebodyElse_IsRefused()
    {
        using var other = AttestationSigner.New();
        var stored = Signed(Provenance.OfBuild(Facts));
        AttestationCheck.Of(Demand, [stored], [other.Key]).Problem!.ShouldContain("not the workspace's");
        AttestationCheck.Of(Demand, [stored], []).Problem!.ShouldContain("not the workspace's");
    }

    [Fact]
    public void Of_AfterRotation_TheOldKeyStillCounts()
    {
        using var newer = AttestationSigner.New();
        AttestationCheck.Of(Demand, [Signed(Provenance.OfBuild(Facts))], [newer.Key, _signer.Key]).KeyId.ShouldBe(_signer.Key.Id);
    }

    [Fact]
    public void Of_KeyIdThatNamesAnotherKey_ChangesNothing()
    {
        var envelope = DsseEnvelope.Read(Signed(Provenance.OfBuild(Facts)).Envelope);
        var renamed = envelope with { Signatures = [envelope.Signatures[0] with { KeyId = new('0', 64) }] };
        Of(new("sha256:x", renamed.Write())).Problem.ShouldBeNull("the name of a key is a hint");
    }

    /// <summary>Every single member of the statement, changed after it was signed.</summary>
    [Fact]
    public void Of_AnyFieldChangedAfterSigning_IsRefused()
    {
        var envelope = DsseEnvelope.Read(Signed(Provenance.OfBuild(Facts)).Envelope);
        var paths = new List<string>();
        Paths(JsonNode.Parse(envelope.Payload.AsSpan())!, paths);
        paths.Count.ShouldBeGreaterThan(25);
        foreach (var path in paths)
        {
            var changed = JsonNode.Parse(envelope.Payload.AsSpan())!;
            Change(changed, path);
            Of(new("sha256:x", (envelope with { Payload = [.. CanonicalJson.Canonical(changed)] }).Write())).Problem!.ShouldContain("does not fit its content", Case.Sensitive, path);
        }
        Of(new("sha256:x", (envelope with { PayloadType = "application/vnd.in-toto+json2" }).Write())).Problem!.ShouldContain("does not fit its content");
        Of(new("sha256:x", (envelope with { Signatures = [] }).Write())).Problem!.ShouldContain("no signature");
        for (var i = 0; i < envelope.Signatures[0].Signature.Length; i++)
        {
            var bent = envelope.Signatures[0].Signature.SetItem(i, (byte)(envelope.Signatures[0].Signature[i] ^ 1));
            Of(new("sha256:x", (envelope with { Signatures = [envelope.Signatures[0] with { Signature = bent }] }).Write())).Problem.ShouldNotBeNull($"byte {i}");
        }
    }

    /// <summary>Signed by the right key, and about something else.</summary>
    [Theory]
    [InlineData("subject.0.digest.sha256", "another artifact")]
    [InlineData("subject.0.name", "another project")]
    [InlineData("_type", "no in-toto statement")]
    [InlineData("predicateType", "no provenance of a build")]
    [InlineData("predicate.buildDefinition.buildType", "its build type")]
    [InlineData("predicate.buildDefinition.externalParameters.commit", "it is about commit")]
    [InlineData("predicate.runDetails.builder.id", "its builder")]
    public void Of_SignedButAboutSomethingElse_IsRefused(string path, string why)
    {
        var statement = JsonNode.Parse(Provenance.OfBuild(Facts))!;
        Change(statement, path);
        Of(Signed(CanonicalJson.Canonical(statement))).Problem!.ShouldContain(why);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1","subject":[1]}""")]
    [InlineData("""{"_type":1}""")]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1","_type":"https://in-toto.io/Statement/v1"}""")]
    public void Of_SignedNonsense_IsRefusedAndNotThrown(string payload) => Of(Signed(Encoding.UTF8.GetBytes(payload))).Problem.ShouldNotBeNull();

    [Fact]
    public void Of_SignedUnderAnotherPayloadType_IsRefused()
    {
        var envelope = _signer.Sign("text/plain", Provenance.OfBuild(Facts));
        Of(new("sha256:x", envelope.Write())).Problem!.ShouldContain("text/plain");
    }

    [Fact]
    public void Of_DeploymentInsteadOfBuild_IsRefused()
    {
        var deployment = Provenance.OfDeployment(new("acme", "shop", Digest, Commit, "production", 2, "v2", "sha256:" + new string('e', 64), At));
        Of(Signed(deployment)).Problem!.ShouldContain("attestations/deployment/v1");
    }

    [Fact]
    public void Bundle_HoldsTheEnvelopeAndNamesTheKey()
    {
        var envelope = DsseEnvelope.Read(Signed(Provenance.OfBuild(Facts)).Envelope);
        var bundle = SigstoreBundle.Write(envelope, _signer.Key);
        var json = JsonNode.Parse(bundle)!;
        ((string)json["mediaType"]!).ShouldBe("application/vnd.dev.sigstore.bundle.v0.3+json");
        Convert.ToHexStringLower(Convert.FromBase64String((string)json["verificationMaterial"]!["publicKey"]!["hint"]!)).ShouldBe(_signer.Key.Id);
        SigstoreBundle.ReadEnvelope(bundle).Write().ShouldBe(envelope.Write());
        SigstoreBundle.ReadEnvelope(envelope.Write()).Write().ShouldBe(envelope.Write());
        Should.Throw<AttestationException>(() => SigstoreBundle.ReadEnvelope("nothing"));
    }

    private AttestationFinding Of(StoredAttestation stored) => AttestationCheck.Of(Demand, [stored], [_signer.Key]);

    private StoredAttestation Signed(byte[] statement)
    {
        var text = _signer.Sign(Provenance.PayloadType, statement).Write();
        return new(CanonicalJson.Digest(Encoding.UTF8.GetBytes(text)), text);
    }

    private static void Paths(JsonNode node, List<string> found)
    {
        if (node is JsonObject map) foreach (var (name, value) in map) Below(value, name, found);
        else if (node is JsonArray list) for (var i = 0; i < list.Count; i++) Below(list[i], $"{i}", found);
    }

    private static void Below(JsonNode? value, string name, List<string> found)
    {
        if (value is not (JsonObject or JsonArray)) { found.Add(name); return; }
        var inner = new List<string>();
        Paths(value, inner);
        found.AddRange(inner.Select(p => $"{name}.{p}"));
    }

    private static void Change(JsonNode root, string path)
    {
        var steps = path.Split('.');
        var at = steps[..^1].Aggregate(root, (node, step) => node is JsonArray list ? list[int.Parse(step)]! : node[step]!);
        JsonNode changed = (at is JsonArray l ? l[int.Parse(steps[^1])] : at[steps[^1]]) is JsonValue v && v.TryGetValue<long>(out var number) ? number + 1 : "changed";
        if (at is JsonArray array) array[int.Parse(steps[^1])] = changed;
        else at[steps[^1]] = changed;
    }
}
