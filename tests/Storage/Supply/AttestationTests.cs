using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Jobs;
using ProdSprint.Postgres;

namespace ProdSprint.Supply;

/// <summary>Real builds, a real database, and somebody who can write into it.</summary>
public sealed class AttestationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Build_Ended_IsAttestedOnce_WithItsCommitAndLockFiles()
    {
        await using var bench = new AttestedBench(postgres, "once");
        var built = await bench.BuildAsync();
        await bench.BuildAsync();

        var kept = (await bench.KeptAsync(built)).ShouldHaveSingleItem();
        kept.PredicateType.ShouldBe("https://slsa.dev/provenance/v1");
        (await bench.CheckAsync(built)).Attestation.ShouldBe(kept.Id);
        var statement = JsonNode.Parse(DsseEnvelope.Read(kept.Envelope).Payload.AsSpan())!;
        var definition = statement["predicate"]!["buildDefinition"]!;
        ((string)definition["externalParameters"]!["commit"]!).ShouldBe(bench.Commit);
        ((string)definition["externalParameters"]!["ref"]!).ShouldBe("v1");
        ((string)definition["externalParameters"]!["source"]!).ShouldStartWith("git+file:///");
        var dependencies = definition["resolvedDependencies"]!.AsArray();
        ((string)dependencies[0]!["digest"]!["gitCommit"]!).ShouldBe(bench.Commit);
        ((string)dependencies[1]!["name"]!).ShouldBe("package-lock.json");
        ((string)dependencies[1]!["digest"]!["sha256"]!).ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(AttestedBench.LockFile))));
    }

    [Fact]
    public async Task Start_WithoutAnyAttestation_IsRefusedWithTheNextStep()
    {
        await using var bench = new AttestedBench(postgres, "none");
        var built = await bench.Target.BuildAsync(bench.Request, _ => { }, TestContext.Current.CancellationToken);

        var refused = await Should.ThrowAsync<JobFailedException>(() => bench.StartAsync(built.ArtifactDigest));

        refused.Message.ShouldContain("there is none");
        refused.Next.ShouldContain("prodsprint release --project shop");
        refused.Retry.ShouldBeFalse();
        bench.Target.List().ShouldBeEmpty();
        await Should.ThrowAsync<JobFailedException>(() => bench.MigrateAsync(built.ArtifactDigest));
    }

    [Fact]
    public async Task Start_AttestedForAnotherCommit_IsRefused()
    {
        await using var bench = new AttestedBench(postgres, "other");
        var built = await bench.BuildAsync();
        (await Should.ThrowAsync<JobFailedException>(() => bench.StartAsync(built.ArtifactDigest, new('d', 40)))).Message.ShouldContain($"it is about commit {bench.Commit}");
    }

    /// <summary>Whoever owns the tables can change a row past the triggers. Then nothing starts; building again attests what the builder finds on its disk.</summary>
    [Fact]
    public async Task Envelope_ChangedInTheDatabase_CountsNoMore_AndABuildHealsIt()
    {
        await using var bench = new AttestedBench(postgres, "bent");
        var built = await bench.BuildAsync();
        var kept = (await bench.KeptAsync(built)).Single();
        var envelope = DsseEnvelope.Read(kept.Envelope);
        var text = Encoding.UTF8.GetString(envelope.Payload.AsSpan()).Replace("\"testsFailed\":0", "\"testsFailed\":9", StringComparison.Ordinal);
        await postgres.ExecuteAsync("SET session_replication_role = replica; UPDATE attestation SET envelope = '" + (envelope with { Payload = [.. Encoding.UTF8.GetBytes(text)] }).Write() + "' WHERE workspace = 'bent'; SET session_replication_role = origin");

        (await Should.ThrowAsync<JobFailedException>(() => bench.StartAsync(built.ArtifactDigest))).Message.ShouldContain("does not fit its content");

        await bench.BuildAsync();
        (await bench.CheckAsync(built)).Problem.ShouldBeNull();
        (await bench.KeptAsync(built)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Reused_WithoutAttestation_AndChangedOnDisk_IsNotVouchedFor()
    {
        await using var bench = new AttestedBench(postgres, "disk");
        var built = await bench.Target.BuildAsync(bench.Request, _ => { }, TestContext.Current.CancellationToken);
        bench.Spoil();

        (await Should.ThrowAsync<JobFailedException>(() => bench.BuildAsync())).Message.ShouldContain("was changed on disk");

        (await bench.KeptAsync(built)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_WrittenIntoTheTable_VerifiesNothing()
    {
        await using var bench = new AttestedBench(postgres, "forged");
        var built = await bench.Target.BuildAsync(bench.Request, _ => { }, TestContext.Current.CancellationToken);
        using var forger = AttestationSigner.New();
        var facts = new BuildFacts("forged", "shop", built.ArtifactDigest, null, null, bench.Commit, [], [], "x", 1, 0, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        await bench.Store.AddAsync("forged", "shop", built.ArtifactDigest, Provenance.Build, "x", forger.Sign(Provenance.PayloadType, Provenance.OfBuild(facts)), TestContext.Current.CancellationToken);
        await postgres.ExecuteAsync("INSERT INTO attestation_key (workspace, id, public_key, proof, made_by) VALUES ('forged', $1, $2, $2, 'me')", forger.Key.Id, forger.Key.PublicKey.AsSpan().ToArray());

        (await bench.CheckAsync(built)).Problem!.ShouldContain("not the workspace's");
    }

    [Fact]
    public async Task Rotate_OldSignaturesStillCount_AndTheOldPrivateKeyIsGone()
    {
        await using var bench = new AttestedBench(postgres, "rotated");
        var built = await bench.BuildAsync();
        var before = (await bench.Keys.TrustedAsync("rotated", TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        before.Active.ShouldBeTrue();

        var after = await bench.Keys.RotateAsync("rotated", "user:ana", TestContext.Current.CancellationToken);

        (await bench.CheckAsync(built)).KeyId.ShouldBe(before.Key.Id);
        (await bench.Keys.TrustedAsync("rotated", TestContext.Current.CancellationToken)).Select(k => (k.Key.Id, k.Active, k.MadeBy))
            .ShouldBe([(after!.Id, true, "user:ana"), (before.Key.Id, false, AttestationKeys.Maker)]);
        using var signer = await bench.Keys.SignerAsync("rotated", TestContext.Current.CancellationToken);
        signer.Key.Id.ShouldBe(after.Id);
        (await postgres.ScalarAsync<long>("SELECT count(*) FROM attestation_signer WHERE workspace = 'rotated'")).ShouldBe(1);
    }

    [Fact]
    public async Task Signer_AskedForByManyAtOnce_IsOneKey()
    {
        var keys = new AttestationKeys(postgres.Database, new SecretBox(postgres.Database));
        var signers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => keys.SignerAsync("crowd", TestContext.Current.CancellationToken)));
        signers.Select(s => s.Key.Id).Distinct().ShouldHaveSingleItem();
        (await keys.TrustedAsync("crowd", TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        foreach (var s in signers) s.Dispose();
    }

    [Fact]
    public async Task Secret_OfTheServerChanged_ANewKeySigns_AndOldOnesAreTrustedNoMore()
    {
        using (var old = await new AttestationKeys(postgres.Database, new SecretBox(postgres.Database)).SignerAsync("moved", TestContext.Current.CancellationToken)) old.Key.Id.ShouldNotBeEmpty();
        await using var elsewhere = new Database(new DatabaseOptions { ConnectionString = postgres.ConnectionString, RoleSecret = "another" });
        var keys = new AttestationKeys(postgres.Database, new SecretBox(elsewhere));

        (await keys.TrustedAsync("moved", TestContext.Current.CancellationToken)).ShouldBeEmpty();
        using var signer = await keys.SignerAsync("moved", TestContext.Current.CancellationToken);
        (await keys.TrustedAsync("moved", TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Key.Id.ShouldBe(signer.Key.Id);
    }

    [Theory]
    [InlineData("UPDATE attestation SET source = 'x'")]
    [InlineData("DELETE FROM attestation")]
    [InlineData("TRUNCATE attestation")]
    [InlineData("DELETE FROM attestation_key")]
    [InlineData("TRUNCATE attestation_key")]
    public async Task Tables_AreAppendOnly_EvenForTheirOwner(string sql)
    {
        await using var bench = new AttestedBench(postgres, "kept");
        await bench.BuildAsync();
        (await Should.ThrowAsync<PostgresException>(() => postgres.ExecuteAsync(sql))).Message.ShouldContain("append-only");
    }
}
