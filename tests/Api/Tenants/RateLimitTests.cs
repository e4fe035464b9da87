using System.Diagnostics;
using System.Net;
using ProdSprint.Postgres;
using ProdSprint.Tenants;

namespace ProdSprint.Tests.Api.Tenants;

/// <summary>A tenant has one bucket, however many processes serve it, and is told what is left.</summary>
public sealed class RateLimitTests(ServerFixture server, PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly (string, string) Narrow = ("X-ProdSprint-Workspace", "narrow");

    [Fact]
    public async Task OverTheLimit_Is429_WithWhenToComeBack_AndNobodyElseIsHeldUp()
    {
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 12; i++) answers.Add((await server.Send(HttpMethod.Get, "/v1/projects", null, Narrow)).Response);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBeInRange(5, 11);
        var (refused, problem) = await server.Send(HttpMethod.Get, "/v1/projects", null, Narrow);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        problem!["code"]!.ToString().ShouldBe("rate.exceeded");
        problem["next"]!.ToString().ShouldContain("Try again in");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        refused.Headers.GetValues("RateLimit").Single().ShouldStartWith("\"read\";r=0;t=");
        refused.Headers.GetValues("RateLimit-Policy").ShouldBe(["\"read\";q=5;w=10"]);

        var (other, _) = await server.Send(HttpMethod.Get, "/v1/projects");
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        int.Parse(other.Headers.GetValues("X-RateLimit-Remaining").Single()).ShouldBeInRange(1, 5_000);
        other.Headers.GetValues("X-RateLimit-Limit").ShouldBe(["5000"]);
    }

    [Fact]
    public async Task OverTheLimit_OfADirectory_IsToldAsScimTellsIt()
    {
        HttpResponseMessage answer;
        var tries = 0;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/scim/v2/Users") { Headers = { { Narrow.Item1, "directory" } } };
            answer = await server.Http.SendAsync(request);
        }
        while (answer.StatusCode != HttpStatusCode.TooManyRequests && ++tries < 20);
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/scim+json");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        var body = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        (body["schemas"]![0]!.ToString(), body["status"]!.ToString()).ShouldBe(("urn:ietf:params:scim:api:messages:2.0:Error", "429"));
        body["detail"]!.ToString().ShouldContain("Try again in");
    }

    [Fact]
    public async Task SeveralProcesses_TogetherGiveWhatOneBucketHolds()
    {
        var limits = new LimitOptions { Read = new() { PerSecond = 50, Burst = 200 } };
        RateLimits[] processes = [.. Enumerable.Range(0, 3).Select(_ => new RateLimits(postgres.Database, limits, TimeProvider.System))];
        var clock = Stopwatch.StartNew();
        var allowed = 0;
        var asked = 0;
        await Task.WhenAll(processes.SelectMany(p => Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 60; i++)
            {
                Interlocked.Increment(ref asked);
                if ((await p.TakeAsync("shared", RateTier.Read)).Allowed) Interlocked.Increment(ref allowed);
            }
        })));
        asked.ShouldBe(1440);
        // What was granted flows from the bucket; what was allowed is part of it, up to leases not yet spent.
        allowed.ShouldBeLessThanOrEqualTo((int)(200 + 50 * clock.Elapsed.TotalSeconds) + 1);
        allowed.ShouldBeGreaterThanOrEqualTo(200 - 3 * 20);
    }

    [Fact]
    public async Task SteadyCaller_NeedsFewRoundTrips()
    {
        var limits = new RateLimits(postgres.Database, new LimitOptions { Read = new() { PerSecond = 1_000, Burst = 5_000 } }, TimeProvider.System);
        await limits.TakeAsync("steady", RateTier.Read);
        var waited = 0;
        for (var i = 0; i < 400; i++)
        {
            var take = limits.TakeAsync("steady", RateTier.Read);
            if (!take.IsCompleted) waited++;
            (await take).Allowed.ShouldBeTrue();
        }
        waited.ShouldBeLessThanOrEqualTo(4, "tokens are asked for ahead");
    }

    [Fact]
    public void Lease_NotSpentSoon_IsGivenUp_AndAnEmptyBucketIsNotAskedAgainAtOnce()
    {
        var lease = new TokenLease(new() { PerSecond = 2, Burst = 100 });
        var now = DateTimeOffset.UnixEpoch;
        lease.TryTake(now).ShouldBeNull("nothing was asked yet");
        lease.Add(10, 90, now);
        lease.TryTake(now)!.Value.ShouldBe(new(true, 99, TimeSpan.Zero));
        lease.TryTake(now.AddSeconds(4)).ShouldBeNull("what lay for 4 s is back in the bucket");
        lease.Add(0, 0.5, now.AddSeconds(4));
        lease.TryTake(now.AddSeconds(4))!.Value.ShouldBe(new(false, 0, TimeSpan.FromSeconds(0.25)));
        lease.TryTake(now.AddSeconds(4.25)).ShouldBeNull("by now there is a whole token");
    }
}
