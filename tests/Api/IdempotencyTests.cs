using System.Net;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api;

public sealed class IdempotencyTests(ServerFixture server)
{
    [Fact]
    public async Task SameKey_GetsTheSameAnswer_AtOnceLaterAndAfterARestart()
    {
        await server.Import("once", await server.Repository("once", ("index.html", "x")));
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());

        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Send(HttpMethod.Post, "/v1/projects/once/plans", new { reason = "one" }, key)));
        together.ShouldAllBe(a => a.Response.StatusCode == HttpStatusCode.Accepted);
        together.Select(a => a.Body!.ToJsonString()).Distinct().Count().ShouldBe(1);
        together.Count(a => !a.Response.Headers.Contains("Idempotency-Replayed")).ShouldBe(1);
        await server.Until("/v1/projects/once/plans/1", p => p["status"]!.ToString() != "generating");

        await server.StopAsync();
        await server.StartAsync();
        var later = await server.Send(HttpMethod.Post, "/v1/projects/once/plans", new { reason = "one" }, key);
        later.Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        later.Response.Headers.Location!.ToString().ShouldBe("/v1/projects/once/plans");
        JsonNode.DeepEquals(later.Body, together[0].Body).ShouldBeTrue();
        ((int)(await server.Send(HttpMethod.Get, "/v1/projects/once")).Body!["lastPlan"]!).ShouldBe(1);

        var other = await server.Send(HttpMethod.Post, "/v1/projects/once/plans", new { reason = "two" }, key);
        other.Response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        other.Body!["code"]!.ToString().ShouldBe("idempotency.other-request");
    }

    [Fact]
    public async Task Refusal_IsKept_AndKeysBelongToTheirUser()
    {
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var first = await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { }, key);
        first.Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        first.Response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var again = await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { }, key);
        again.Response.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        JsonNode.DeepEquals(again.Body, first.Body).ShouldBeTrue();

        var someone = await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { reason = "x" }, key, ("X-ProdSprint-User", "someone"));
        someone.Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        someone.Response.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
    }

    /// <summary>A lost answer loses no secret, and the database alone gives none away.</summary>
    [Fact]
    public async Task AnswerWithASecret_IsGivenAgain_AndLiesSealedInTheDatabase()
    {
        (string, string)[] sent = [("Idempotency-Key", Guid.NewGuid().ToString()), ("X-ProdSprint-Workspace", "sealed-answers")];
        var first = await server.Send(HttpMethod.Post, "/v1/webhooks", new { url = "https://hooks.example.com/sealed" }, sent);
        await server.StopAsync();
        await server.StartAsync();
        var again = await server.Send(HttpMethod.Post, "/v1/webhooks", new { url = "https://hooks.example.com/sealed" }, sent);
        again.Response.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        again.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        again.Body!["secret"]!.ToString().ShouldBe(first.Body!["secret"]!.ToString());
        (await server.Send(HttpMethod.Get, "/v1/webhooks", null, sent[1])).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await server.Send(HttpMethod.Post, "/v1/webhooks", new { url = "https://hooks.example.com/other" }, sent)).Body!["code"]!.ToString().ShouldBe("idempotency.other-request");

        await using var owner = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        await using var kept = owner.CreateCommand("SELECT body, fingerprint FROM prodsprint.idempotency_key WHERE workspace = 'sealed-answers'");
        await using var row = await kept.ExecuteReaderAsync();
        (await row.ReadAsync()).ShouldBeTrue();
        System.Text.Encoding.Latin1.GetString(row.GetFieldValue<byte[]>(0)).ShouldNotContain("whsec_");
        row.GetFieldValue<byte[]>(1).ShouldNotBe(System.Security.Cryptography.SHA256.HashData("POST /v1/webhooks\n{\"url\":\"https://hooks.example.com/sealed\"}"u8));
    }

    [Fact]
    public async Task UnreadableBody_DoesNotUseTheKeyUp()
    {
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        (await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", "{", key)).Response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", "{}", key)).Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
