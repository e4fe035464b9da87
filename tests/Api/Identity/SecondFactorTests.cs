using System.Net;
using System.Text.Json.Nodes;
using ProdSprint.Identity;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>One-time passwords over HTTP on two servers: a code once, on whichever; a few tries, on both together.</summary>
[Collection(AccountsCollection.Name)]
public sealed class SecondFactorTests(AccountsFixture servers)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static byte[] Secret(string base32)
    {
        var bits = string.Concat(base32.Select(c => Convert.ToString(Alphabet.IndexOf(c), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(n => Convert.ToByte(bits.Substring(n * 8, 8), 2))];
    }

    private static string Code(byte[] secret, int steps = 0) => Totp.Code(secret, Totp.StepAt(DateTimeOffset.UtcNow) + steps);

    private Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Response)> Confirm(HttpClient server, SessionStarted session, string code) =>
        Send(server, HttpMethod.Post, "/v1/session/confirm", new { code }, session.AccessToken);

    private async Task<(byte[] Secret, string[] Recovery)> TurnedOn(SessionStarted session)
    {
        var started = (await Send(servers.One, HttpMethod.Post, "/v1/second-factor/totp", null, session.AccessToken)).Body!;
        started["uri"]!.ToString().ShouldStartWith($"otpauth://totp/ProdSprint:{session.Account}?secret={started["secret"]}");
        started["svg"]!.ToString().ShouldStartWith("<svg");
        var secret = Secret(started["secret"]!.ToString());
        var confirmed = await Send(servers.Other, HttpMethod.Post, "/v1/second-factor/totp/confirm", new { code = Code(secret, -1) }, session.AccessToken);
        confirmed.Status.ShouldBe(HttpStatusCode.OK, confirmed.Body?.ToJsonString());
        (await servers.Scalar<long>($"SELECT count(*) FROM identity.totp WHERE account = '{session.Account}' AND secret LIKE '%{started["secret"]}%'")).ShouldBe(0);
        return (secret, [.. confirmed.Body!["codes"]!.AsArray().Select(c => c!.ToString())]);
    }

    [Fact]
    public async Task RefusalForWantOfASecondFactor_IsInTheLog_OverHttpAndOverALiveConnection()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        (string, string) there = ("X-ProdSprint-Workspace", "factor-live");
        var (root, session) = (await servers.SignIn("root"), await servers.SignIn("factor-listener"));
        foreach (var (member, role) in ((string, string)[])[("root", "admin"), ("factor-listener", "viewer")])
            (await Send(servers.One, HttpMethod.Put, $"/v1/members/{member}", new { roles = new[] { role } }, root.AccessToken, there)).Status.ShouldBe(HttpStatusCode.OK);
        await TurnedOn(session);
        var bare = await servers.SignIn("factor-listener");
        (await Send(servers.One, HttpMethod.Get, "/v1/runs", null, bare.AccessToken, there)).Body!["code"]!.ToString().ShouldBe("session.second-factor");
        using var socket = await LiveSessionTests.Connect(servers.One, limit.Token, ("Authorization", $"Bearer {bare.AccessToken}"), there);
        (await LiveSessionTests.Answer(socket, limit.Token)).ShouldContain("A second factor is asked for");
        var rows = (await servers.Get<ProdSprint.Audit.AuditLog>().ListAsync("factor-live", new(Actor: "user:factor-listener"), null, 10)).Rows;
        rows.Select(r => $"{r.Event.Action} {r.Event.Resource} {r.Event.Outcome}").Take(2).ShouldBe(["GetTimeline /hubs/live denied: session.second-factor", "ListRuns runs denied: session.second-factor"]);
        rows[0].Event.Credential.ShouldStartWith("session:");
    }

    [Fact]
    public async Task SecondFactor_IsAskedForBeforeAnythingElse_AndACodeCountsOnce()
    {
        var first = await servers.SignIn("tina");
        var (secret, recovery) = await TurnedOn(first);
        recovery.Distinct().Count().ShouldBe(10);
        // Who has just set it up has just shown it; the other server hears of it a moment later.
        await Until(async () => (await Send(servers.One, HttpMethod.Get, "/v1/sessions", null, first.AccessToken)).Status == HttpStatusCode.OK);

        var (second, third) = (await servers.SignIn("tina"), await servers.SignIn("tina"));
        foreach (var path in (string[])["/v1/projects", "/v1/sessions", "/v1/tokens", "/v1/passkeys"])
            (await Send(servers.One, HttpMethod.Get, path, null, second.AccessToken)).Body!["code"]!.ToString().ShouldBe("session.second-factor");
        // Which one to show is the one thing that has to be known.
        (await Send(servers.One, HttpMethod.Get, "/v1/second-factor", null, second.AccessToken)).Body!["totp"]!.GetValue<bool>().ShouldBeTrue();
        (await Send(servers.One, HttpMethod.Delete, "/v1/second-factor/totp", null, second.AccessToken)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(servers.One, HttpMethod.Get, "/v1/session", null, second.AccessToken)).Body!["needsFactor"]!.GetValue<bool>().ShouldBeTrue();

        var code = Code(secret);
        var both = await Task.WhenAll(Confirm(servers.One, second, code), Confirm(servers.Other, third, code));
        both.Count(b => b.Status == HttpStatusCode.OK).ShouldBe(1, "one code, two servers, one moment: once");
        var late = both[0].Status == HttpStatusCode.OK ? third : second;
        (await Confirm(servers.One, late, code)).Body!["code"]!.ToString().ShouldBe("factor.wrong-code");
        (await Confirm(servers.One, late, recovery[0].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal))).Status.ShouldBe(HttpStatusCode.OK);
        (await Confirm(servers.One, late, recovery[0])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var session in (SessionStarted[])[second, third]) await Until(async () => (await Send(servers.One, HttpMethod.Get, "/v1/sessions", null, session.AccessToken)).Status == HttpStatusCode.OK);
        (await Send(servers.One, HttpMethod.Get, "/v1/second-factor", null, third.AccessToken)).Body!["recoveryCodes"]!.GetValue<int>().ShouldBe(9);
    }

    [Fact]
    public async Task WrongCodes_OnBothServersTogether_LockForAWhile_AndTheRightOneAsWell()
    {
        var session = await servers.SignIn("ulla");
        var (secret, _) = await TurnedOn(session);
        for (var n = 0; n < 5; n++) (await Confirm(n % 2 == 0 ? servers.One : servers.Other, session, "000000")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var (status, problem, locked) = await Confirm(servers.Other, session, Code(secret));
        status.ShouldBe(HttpStatusCode.TooManyRequests);
        locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 30);
        problem!["code"]!.ToString().ShouldBe("factor.locked");
        await servers.Owner("UPDATE identity.factor_attempt SET locked_until = now() - interval '1 s' WHERE account = 'ulla'");
        (await Confirm(servers.Other, session, Code(secret))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Workspace_MayAskEverybodyForOne()
    {
        (string, string) there = ("X-ProdSprint-Workspace", "factor-policy");
        var (root, vic) = (await servers.SignIn("root", secondFactor: true), await servers.SignIn("vic"));
        foreach (var (user, role) in (ReadOnlySpan<(string, string)>)[("root", "admin"), ("vic", "viewer")])
            Send(servers.One, HttpMethod.Put, $"/v1/members/{user}", new { roles = new[] { role } }, root.AccessToken, there).GetAwaiter().GetResult().Status.ShouldBe(HttpStatusCode.OK);
        (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, vic.AccessToken, there)).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(servers.One, HttpMethod.Put, "/v1/security-policy", new { secondFactor = true }, (await servers.SignIn("root")).AccessToken, there)).Body!["code"]!.ToString().ShouldBe("security.not-yourself");
        (await Send(servers.One, HttpMethod.Put, "/v1/security-policy", new { secondFactor = true }, root.AccessToken, there)).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, vic.AccessToken, there)).Body!["code"]!.ToString().ShouldBe("workspace.second-factor");
        await Until(async () => (await Send(servers.Other, HttpMethod.Get, "/v1/projects", null, vic.AccessToken, there)).Status == HttpStatusCode.Forbidden);
        await TurnedOn(vic);
        await Until(async () => (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, vic.AccessToken, there)).Status == HttpStatusCode.OK);
        (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, root.AccessToken, there)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Enrolment_LetsInOnce_WhomTheOperatorNamed()
    {
        var code = await servers.Get<Enrolments>().MakeAsync("operator-ana", administrator: true, CancellationToken.None);
        (await Send(servers.One, HttpMethod.Post, "/v1/sign-in/enrol", new { code = "pse_guess", tool = true })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var session = (await Send(servers.One, HttpMethod.Post, "/v1/sign-in/enrol", new { code, tool = true })).Body!;
        (await Send(servers.Other, HttpMethod.Post, "/v1/sign-in/enrol", new { code, tool = true })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var me = (await Send(servers.One, HttpMethod.Get, "/v1/session", null, session["accessToken"]!.ToString())).Body!;
        me["account"]!.ToString().ShouldBe("operator-ana");
        me["administrator"]!.GetValue<bool>().ShouldBeTrue();
    }
}
