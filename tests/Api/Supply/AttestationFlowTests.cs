using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using ProdSprint.Supply;
using ProdSprint.Tests.Api.Cli;

namespace ProdSprint.Tests.Api.Supply;

/// <summary>Whole releases, with and without somebody who changes what is written about them.</summary>
public sealed class AttestationFlowTests(ServerFixture server)
{
    private static readonly (string, string) Ana = ("X-ProdSprint-User", "ana"), Ben = ("X-ProdSprint-User", "ben");

    [Fact]
    public async Task Release_Promoted_HasProvenanceAndDeployment_ThatAnybodyCanVerify()
    {
        await server.Approved("signed", Ana, Ben);
        await server.Begin("signed", Ana);
        (await server.Ended("signed"))["outcome"]!.ToString().ShouldBeOneOf("promoted", "fastPromoted");

        var artifact = (await server.Send(HttpMethod.Get, "/v1/projects/signed/artifacts")).Body!["items"]![0]!;
        var items = (await server.Send(HttpMethod.Get, $"/v1/projects/signed/artifacts/{artifact["digest"]}/attestations")).Body!["items"]!.AsArray();
        items.Select(a => a!["predicateType"]!.ToString()).ShouldBe([Provenance.Deployment, Provenance.Build]);
        items.ShouldAllBe(a => a!["problem"] == null);
        var build = items[1]!;
        var started = (await Timeline("signed")).Single(r => r["kind"]!.ToString() == "release.production-started");
        started["text"]!.ToString().ShouldContain($"attestation was verified: {build["id"]!.ToString()[..19]}");
        var deployment = JsonNode.Parse(DsseEnvelope.Read(items[0]!["envelope"]!.ToString()).Payload.AsSpan())!;
        ("sha256:" + deployment["predicate"]!["verified"]!["digest"]!["sha256"]).ShouldBe(build["id"]!.ToString());

        // The command verifies by itself, with a key that was kept in a file.
        var (key, bundle) = (Path.Combine(server.Home, "cosign.pub"), Path.Combine(server.Home, "bundle.json"));
        (await Run("attestation", "key", "--output", key)).Exit.ShouldBe(0);
        (await Run("attestation", "verify", "--project", "signed", "--key", key)).Envelope["data"]!["accepted"]!.GetValue<bool>().ShouldBeTrue();
        (await Run("attestation", "export", artifact["digest"]!.ToString(), "--project", "signed", "--output", bundle)).Exit.ShouldBe(0);
        SigstoreBundle.ReadEnvelope(await File.ReadAllTextAsync(bundle)).Write().ShouldBe(build["envelope"]!.ToString());
        (await Run("attestation", "show", "--project", "signed")).Envelope["data"]!["attestations"]!.AsArray().Count.ShouldBe(2);
        using var other = AttestationSigner.New();
        await File.WriteAllTextAsync(key, other.Key.Pem);
        var refused = await Run("attestation", "verify", "--project", "signed", "--key", key);
        refused.Exit.ShouldBe(3);
        refused.Envelope["data"]!["problem"]!.ToString().ShouldContain("not the workspace's");
    }

    /// <summary>Whoever owns the database lets what is written about an artifact vanish, or changes it on its way in.</summary>
    [Theory]
    [InlineData("unsigned", "RETURN NULL", "there is none")]
    [InlineData("bent", "NEW.envelope := replace(NEW.envelope, 'eyJf', 'eyJg'); RETURN NEW", "does not fit its content")]
    public async Task Release_WithoutAnAttestationThatCounts_NeverGetsTraffic_AndTheNextStepMendsIt(string project, string harm, string why)
    {
        await Owner($"CREATE FUNCTION harm_{project}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {harm}; END $$; CREATE TRIGGER harm_{project} BEFORE INSERT ON prodsprint.attestation FOR EACH ROW WHEN (NEW.project = '{project}') EXECUTE FUNCTION harm_{project}()");
        await server.Approved(project, Ana, Ben);
        await server.Begin(project, Ana);
        var release = await server.Ended(project);

        release["outcome"]!.ToString().ShouldBe("failed");
        release["message"]!.ToString().ShouldContain(why);
        var timeline = await Timeline(project);
        timeline.Single(r => r["kind"]!.ToString() == "release.stage-failed")["text"]!.ToString().ShouldContain("release the commit again");
        timeline.Select(r => r["kind"]!.ToString()).ShouldNotContain("release.step-started");
        timeline.Select(r => r["kind"]!.ToString()).ShouldNotContain("release.promotion-started");
        timeline.Select(r => r["kind"]!.ToString()).ShouldNotContain("release.production-started");
        (await server.Send(HttpMethod.Get, $"/v1/projects/{project}/traffic")).Body!["url"].ShouldBeNull();

        await Owner($"DROP TRIGGER harm_{project} ON prodsprint.attestation");
        (await server.Send(HttpMethod.Post, $"/v1/projects/{project}/releases", new { plan = 1, reason = "Again" }, Ana)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var again = await server.Until($"/v1/projects/{project}/releases/2", r => r["phase"]!.ToString() == "ended");
        again["outcome"]!.ToString().ShouldBeOneOf("promoted", "fastPromoted");
    }

    [Fact]
    public async Task Keys_RotatedInAWorkspaceOfItsOwn_AreListedNewestFirst()
    {
        (string, string) there = ("X-ProdSprint-Workspace", "keys");
        (await server.Send(HttpMethod.Get, "/v1/attestation-keys", null, there, Ana)).Body!["items"]!.AsArray().ShouldBeEmpty();
        var first = (await server.Send(HttpMethod.Post, "/v1/attestation-keys", new { }, there, Ana)).Body!;
        var second = (await server.Send(HttpMethod.Post, "/v1/attestation-keys", new { reason = "Once a year" }, there, Ana)).Body!;
        var keys = (await server.Send(HttpMethod.Get, "/v1/attestation-keys", null, there, Ana)).Body!["items"]!.AsArray();
        keys.Select(k => (k!["id"]!.ToString(), (bool)k["active"]!)).ShouldBe([(second["id"]!.ToString(), true), (first["id"]!.ToString(), false)]);
        AttestationKey.OfPem(keys[0]!["publicKey"]!.ToString()).Id.ShouldBe(second["id"]!.ToString());
        keys[0]!["madeBy"]!.ToString().ShouldBe("user:ana");
    }

    [Theory]
    [InlineData("sha256:abc")]
    [InlineData("latest")]
    public async Task List_WhatIsNoDigest_IsRefused(string digest)
    {
        var (response, problem) = await server.Send(HttpMethod.Get, $"/v1/projects/flow/artifacts/{digest}/attestations");
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem!["code"]!.ToString().ShouldBe("artifact.bad-digest");
    }

    private async Task<List<JsonNode>> Timeline(string project) => [.. (await server.Send(HttpMethod.Get, $"/v1/projects/{project}/timeline?limit=500")).Body!["items"]!.AsArray().Select(r => r!)];

    private Task<CliRun> Run(params string[] arguments) => CliRun.Of([.. arguments, "--json"], server.Home, ("PRODSPRINT_URL", server.Url.ToString()));

    private async Task Owner(string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
