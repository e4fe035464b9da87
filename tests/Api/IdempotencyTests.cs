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

    /// <summary>What is left in the database by a server that was killed after it had done what was asked, and before it had kept the answer.</summary>
    [Theory]
    [InlineData("/v1/support/tickets", """{"title":"Router","body":"It is away"}""", "/v1/support/tickets")]
    [InlineData("/v1/community/posts", """{"title":"Router","body":"It is away"}""", "/v1/community/posts")]
    [InlineData("/v1/webhooks", """{"url":"https://hooks.example.com/died"}""", "/v1/webhooks")]
    [InlineData("/v1/projects/died/plans", """{"reason":"one"}""", "/v1/projects/died/plans")]
    [InlineData("/v1/invitations", """{"roles":["viewer"]}""", "/v1/members")]
    [InlineData("/v1/service-tokens", """{"service":"ci","name":"nightly","permissions":["projects.read"]}""", "/v1/service-tokens", "secret", "token")]
    public async Task ServerThatDiedBeforeItKeptItsAnswer_DoesNotDoItTwice(string path, string body, string list, params string[] newlyTold)
    {
        (string, string)[] here = path.Contains("/died/", StringComparison.Ordinal) ? [] : [("X-ProdSprint-Workspace", $"died-{Guid.NewGuid().ToString("N")[..8]}"), ("X-ProdSprint-User", "ana")];
        if (here.Length == 0) await server.Import("died", await server.Repository("died", ("index.html", "x")));
        else await server.Send(HttpMethod.Put, "/v1/members/ana", new { roles = new[] { "admin" } }, here);
        (string, string)[] sent = [.. here, ("Idempotency-Key", Guid.NewGuid().ToString())];
        var first = await server.Send(HttpMethod.Post, path, body, sent);
        first.Response.IsSuccessStatusCode.ShouldBeTrue(first.Body?.ToJsonString());

        await using var owner = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        await using (var died = owner.CreateCommand("UPDATE prodsprint.idempotency_key SET status = NULL, body = NULL, claimed_until = now() - interval '1 second' WHERE key = $1"))
        {
            died.Parameters.Add(new() { Value = sent[^1].Item2 });
            (await died.ExecuteNonQueryAsync()).ShouldBe(1);
        }
        var again = await server.Send(HttpMethod.Post, path, body, sent);
        again.Response.StatusCode.ShouldBe(first.Response.StatusCode);
        again.Response.Headers.Contains("Idempotency-Replayed").ShouldBeFalse("it was done once more, and made the same");
        Same(again.Body!, newlyTold).ShouldBe(Same(first.Body!, newlyTold));
        // a list may be behind what was made
        var there = await server.Until(list, l => (l["items"] ?? l["invitations"])!.AsArray().Count > 0, here);
        (there["items"] ?? there["invitations"])!.AsArray().Count.ShouldBe(1, there.ToJsonString());

        static string Same(JsonNode answer, string[] without)
        {
            foreach (var name in (string[])[.. without, "expires"]) answer.AsObject().Remove(name);
            return answer.ToJsonString();
        }
    }

    [Fact]
    public async Task Fault_KeepsNothing_AndTheKeyIsGoodForAnotherRequest()
    {
        (string, string)[] sent = [("X-ProdSprint-Workspace", "fault-keys"), ("Idempotency-Key", Guid.NewGuid().ToString())];
        (await server.Send(HttpMethod.Post, "/v1/support/tickets", new { title = "one", body = "x" }, sent)).Response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var owner = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        await using (var fault = owner.CreateCommand("UPDATE prodsprint.idempotency_key SET status = NULL, body = NULL, claimed_until = '-infinity' WHERE workspace = 'fault-keys'")) await fault.ExecuteNonQueryAsync();
        (await server.Send(HttpMethod.Post, "/v1/support/tickets", new { title = "two", body = "x" }, sent)).Body!["title"]!.ToString().ShouldBe("two");
        (await server.Send(HttpMethod.Get, "/v1/support/tickets", null, sent[0])).Body!["items"]!.AsArray().Count.ShouldBe(2);
    }
}
