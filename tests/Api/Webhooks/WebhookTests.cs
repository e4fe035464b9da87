using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Webhooks;

namespace ProdSprint.Tests.Api.Webhooks;

/// <summary>What happens is told to whoever asked, signed, again when it was not taken, and never to an address of the inside.</summary>
public sealed class WebhookTests(ServerFixture server)
{
    private static (string, string)[] In(string workspace) => [("X-ProdSprint-Workspace", workspace)];

    private async Task<(string Id, byte[] Secret)> Make(string workspace, string url, params string[] events)
    {
        var made = await server.Send(HttpMethod.Post, "/v1/webhooks", new { url, events }, In(workspace));
        made.Response.StatusCode.ShouldBe(HttpStatusCode.OK, made.Body?.ToJsonString());
        return (made.Body!["id"]!.ToString(), Secret(made.Body));
    }

    private static byte[] Secret(JsonNode made) => Convert.FromBase64String(made["secret"]!.ToString()["whsec_".Length..]);

    /// <summary>As a receiver would, from the standard's text.</summary>
    private static bool IsSigned(Received r, byte[] secret) =>
        r.Signature.Split(' ').Contains("v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{r.Id}.{r.Timestamp}.{r.Body}"))));

    [Fact]
    public async Task List_IsPaged_OldestFirst()
    {
        var made = new List<string>();
        for (var i = 0; i < 3; i++) made.Add((await Make("hooks-paged", $"https://hooks.example.com/{i}")).Id);
        var first = (await server.Send(HttpMethod.Get, "/v1/webhooks?limit=2", null, In("hooks-paged"))).Body!;
        var rest = (await server.Send(HttpMethod.Get, $"/v1/webhooks?limit=2&after={Uri.EscapeDataString(first["next"]!.ToString())}", null, In("hooks-paged"))).Body!;
        first["items"]!.AsArray().Concat(rest["items"]!.AsArray()).Select(w => w!["id"]!.ToString()).ShouldBe(made);
        rest["next"].ShouldBeNull();
    }

    [Fact]
    public async Task Event_IsSentOnce_Signed_AndTriedAgainUntilItIsTaken()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers.Enqueue(500);
        var (id, secret) = await Make("hooked", receiver.Url, "project.imported");
        await server.Import("hooked", await server.Repository("hooked", ("index.html", "x")), In("hooked"));

        var first = await receiver.NextAsync();
        IsSigned(first, secret).ShouldBeTrue();
        var body = JsonNode.Parse(first.Body)!;
        body["type"]!.ToString().ShouldBe("project.imported");
        body["data"]!["project"]!.ToString().ShouldBe("hooked");
        var again = await receiver.NextAsync();
        (again.Id, again.Body).ShouldBe((first.Id, first.Body));
        IsSigned(again, secret).ShouldBeTrue();

        var log = await server.Until($"/v1/webhooks/{id}/deliveries", d => d["items"]![0]!["state"]!.ToString() == "delivered", In("hooked"));
        log["items"]!.AsArray().Count.ShouldBe(1, "only what was asked for, once");
        ((int)log["items"]![0]!["attempts"]!).ShouldBe(2);

        (await server.Send(HttpMethod.Post, $"/v1/webhooks/{id}/deliveries/{first.Id}/replay", null, In("hooked"))).Response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var replayed = await receiver.NextAsync();
        (replayed.Id, replayed.Body).ShouldBe((first.Id, first.Body));
    }

    [Fact]
    public async Task Delivery_NotTaken_SaysWhenItIsTriedNext()
    {
        await using var receiver = await Receiver.StartAsync();
        for (var i = 0; i < 15; i++) receiver.Answers.Enqueue(503);
        var (id, _) = await Make("waiting", receiver.Url);
        await server.Send(HttpMethod.Post, $"/v1/webhooks/{id}/test", null, In("waiting"));
        var log = await server.Until($"/v1/webhooks/{id}/deliveries", d => d["items"]![0]!["nextAt"] is not null, In("waiting"));
        (log["items"]![0]!["state"]!.ToString(), (int)log["items"]![0]!["status"]!).ShouldBe(("pending", 503));
        await server.Send(HttpMethod.Delete, $"/v1/webhooks/{id}", null, In("waiting"));
    }

    /// <summary>As when the server dies between the two: whoever asked sees that it failed, and nothing is left that says pending and never moves.</summary>
    [Fact]
    public async Task Delivery_WhoseJobCannotBeWritten_IsNotThereEither()
    {
        await using var receiver = await Receiver.StartAsync();
        var (id, _) = await Make("torn", receiver.Url, "webhook.test");
        (await server.Send(HttpMethod.Post, $"/v1/webhooks/{id}/test", null, In("torn"))).Response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var log = await server.Until($"/v1/webhooks/{id}/deliveries", d => d["items"]![0]!["state"]!.ToString() == "delivered", In("torn"));
        await using var owner = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        await owner.CreateCommand(
            """
            CREATE FUNCTION prodsprint.torn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'torn'; END $$;
            CREATE TRIGGER torn BEFORE INSERT ON prodsprint.job FOR EACH ROW WHEN (NEW.workspace = 'torn') EXECUTE FUNCTION prodsprint.torn();
            """).ExecuteNonQueryAsync();
        try
        {
            foreach (var what in (string[])["test", $"deliveries/{log["items"]![0]!["id"]}/replay"])
                ((int)(await server.Send(HttpMethod.Post, $"/v1/webhooks/{id}/{what}", null, In("torn"))).Response.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        }
        finally
        {
            await owner.CreateCommand("DROP TRIGGER torn ON prodsprint.job; DROP FUNCTION prodsprint.torn()").ExecuteNonQueryAsync();
        }
        var left = (await server.Send(HttpMethod.Get, $"/v1/webhooks/{id}/deliveries", null, In("torn"))).Body!["items"]!.AsArray();
        left.ShouldHaveSingleItem()!["state"]!.ToString().ShouldBe("delivered");
    }

    [Fact]
    public async Task Rotation_BothSecretsSign_ThenOnlyTheNewOne()
    {
        await using var receiver = await Receiver.StartAsync();
        var (id, old) = await Make("rotated", receiver.Url);
        var fresh = Secret((await server.Send(HttpMethod.Post, $"/v1/webhooks/{id}/secret", new { overlapHours = 1 }, In("rotated"))).Body!);
        await server.Send(HttpMethod.Post, $"/v1/webhooks/{id}/test", null, In("rotated"));
        var both = await receiver.NextAsync();
        (IsSigned(both, old), IsSigned(both, fresh)).ShouldBe((true, true));

        var last = Secret((await server.Send(HttpMethod.Post, $"/v1/webhooks/{id}/secret", new { overlapHours = 0 }, In("rotated"))).Body!);
        await server.Send(HttpMethod.Post, $"/v1/webhooks/{id}/test", null, In("rotated"));
        var one = await receiver.NextAsync();
        (IsSigned(one, old), IsSigned(one, fresh), IsSigned(one, last)).ShouldBe((false, false, true));
        (await server.Send(HttpMethod.Get, $"/v1/webhooks/{id}", null, In("rotated"))).Body!.ToJsonString().ShouldNotContain("secret", Case.Insensitive);
    }

    [Fact]
    public async Task Gone_PausesTheWebhook_AndALostUpdateIsRefused()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers.Enqueue(410);
        var (id, _) = await Make("gone", receiver.Url);
        var seen = (await server.Send(HttpMethod.Get, $"/v1/webhooks/{id}", null, In("gone"))).Response.Headers.ETag!.Tag;
        await server.Send(HttpMethod.Post, $"/v1/webhooks/{id}/test", null, In("gone"));
        await receiver.NextAsync();
        await server.Until($"/v1/webhooks/{id}", w => (bool)w["paused"]!, In("gone"));

        var change = new { url = receiver.Url, events = Array.Empty<string>() };
        ((int)(await server.Send(HttpMethod.Put, $"/v1/webhooks/{id}", change, In("gone"))).Response.StatusCode).ShouldBe(428);
        ((int)(await server.Send(HttpMethod.Put, $"/v1/webhooks/{id}", change, [.. In("gone"), ("If-Match", seen)])).Response.StatusCode).ShouldBe(412);
        var now = (await server.Send(HttpMethod.Get, $"/v1/webhooks/{id}", null, In("gone"))).Response.Headers.ETag!.Tag;
        (await server.Send(HttpMethod.Put, $"/v1/webhooks/{id}", change, [.. In("gone"), ("If-Match", now)])).Response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The example of the standard's own libraries.</summary>
    [Fact]
    public void Signature_IsTheStandards() =>
        WebhookSignature.Of([Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")], "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), "{\"test\": 2432232314}")
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2001:0:a00:1::", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    public void Address_OfThePrivate_IsNone(string address, bool open) => PublicAddresses.IsPublic(IPAddress.Parse(address)).ShouldBe(open);

    [Theory]
    [InlineData("http://example.com/x", "webhook.bad-url")]
    [InlineData("ftp://example.com/x", "webhook.bad-url")]
    [InlineData("https://user:pass@example.com/x", "webhook.bad-url")]
    [InlineData("/x", "webhook.bad-url")]
    [InlineData("https://127.0.0.1/x", "webhook.private-address")]
    [InlineData("https://2130706433/x", "webhook.private-address")]
    [InlineData("https://0x7f.1/x", "webhook.private-address")]
    [InlineData("https://[::ffff:a9fe:a9fe]/latest", "webhook.private-address")]
    [InlineData("https://localhost/x", "webhook.private-address")]
    public void Url_ToTheInside_IsRefused(string url, string code) => Should.Throw<ProdSprint.Kernel.ProblemException>(() => WebhookChecks.Url(url, new())).Code.ShouldBe(code);

    [Fact]
    public async Task NameThatMeansTheInside_IsNotConnectedTo()
    {
        await using var receiver = await Receiver.StartAsync();
        using var sender = new WebhookSender(new(), TimeProvider.System);
        var answer = await sender.SendAsync(new UriBuilder(receiver.Url) { Host = "localhost" }.Uri, [WebhookSignature.NewSecret()], "msg_1", "{}", CancellationToken.None);
        answer.Status.ShouldBeNull();
        answer.Problem!.ShouldContain("private network");
    }
}
