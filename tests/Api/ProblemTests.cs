using System.Net;

namespace ProdSprint.Tests.Api;

public sealed class ProblemTests(ServerFixture server)
{
    [Theory]
    [InlineData("GET", "/v1/projects/nobody", null, 404, "project.not-found")]
    [InlineData("GET", "/v1/projects?limit=0", null, 422, "page.bad-limit")]
    [InlineData("GET", "/v1/projects?limit=501", null, 422, "page.bad-limit")]
    [InlineData("GET", "/v1/projects/x/releases?after=nonsense", null, 422, "page.bad-cursor")]
    [InlineData("GET", "/v1/projects?limit=many", null, 400, "request.bad-parameter")]
    [InlineData("GET", "/v1/projects?limit=1&limit=2", null, 400, "request.repeated-parameter")]
    [InlineData("GET", "/v1/projects?stat=live", null, 400, "request.unknown-parameter")]
    [InlineData("POST", "/v1/projects/x/rollback?dryRun=true", "{}", 400, "request.unknown-parameter")]
    [InlineData("GET", "/v1/projects?state=zzz", null, 400, "request.bad-parameter")]
    [InlineData("GET", "/v1/projects?sort=size", null, 400, "request.bad-parameter")]
    [InlineData("GET", "/v1/projects/x/plans?status=zzz", null, 400, "request.bad-parameter")]
    [InlineData("GET", "/v1/projects/x/releases?phase=Canary", null, 400, "request.bad-parameter")]
    [InlineData("GET", "/v1/projects/x/waivers?state=", null, 400, "request.bad-parameter")]
    [InlineData("GET", "/v1/projects/x/logs?source=build", null, 400, "request.missing-parameter")]
    [InlineData("GET", "/v1/support/tickets?status=published", null, 400, "request.bad-parameter")]
    [InlineData("GET", "/v1/admin/audit-logs?after=nonsense", null, 422, "page.bad-cursor")]
    [InlineData("POST", "/v1/projects", "{\"source\":5}", 400, "request.bad-field")]
    [InlineData("POST", "/v1/projects", "{\"source\":\"/x\",\"source\":\"/y\"}", 400, "request.bad-field")]
    [InlineData("GET", "/v1/nothing", null, 404, "http.404")]
    [InlineData("GET", "/v1/projects/x/releases/99999999999999", null, 404, "http.404")]
    [InlineData("DELETE", "/v1/projects", null, 405, "http.405")]
    [InlineData("POST", "/v1/projects", "{\"source\":", 400, "request.bad-json")]
    [InlineData("POST", "/v1/projects", "[]", 400, "request.bad-json")]
    [InlineData("POST", "/v1/projects", "{\"source\":\"/x\",\"sauce\":1}", 400, "request.unknown-field")]
    [InlineData("POST", "/v1/projects", "{\"source\":\"\"}", 422, "project.no-source")]
    [InlineData("POST", "/v1/projects", "{\"source\":\"/x\",\"name\":\"../../etc\"}", 422, "project.bad-name")]
    [InlineData("POST", "/v1/projects", "{\"source\":\"/x\",\"name\":\"Shop\"}", 422, "project.bad-name")]
    [InlineData("PUT", "/v1/projects/x/variables", "{}", 400, "request.missing-field")]
    [InlineData("POST", "/v1/projects/x/releases/1/explode", "{}", 404, "release.no-such-verb")]
    [InlineData("POST", "/v1/projects/nobody/rollback", "{}", 404, "project.not-found")]
    [InlineData("GET", "/v1/projects/..%2F..%2Fetc", null, 404, "project.not-found")]
    [InlineData("GET", "/v1/runs?state=odd", null, 400, "request.bad-parameter")]
    public async Task BadRequest_IsItsProblem(string method, string path, string? body, int status, string code)
    {
        var (response, problem) = await server.Send(new(method), path, body, ("X-Request-ID", "mine-1"));
        ((int)response.StatusCode).ShouldBe(status, problem?.ToJsonString());
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        problem!["type"]!.ToString().ShouldBe("https://prodsprint.dev/problems/" + code);
        problem["requestId"]!.ToString().ShouldBe("mine-1");
        response.Headers.GetValues("X-Request-ID").ShouldBe(["mine-1"]);
        problem["title"]!.ToString().ShouldNotBeEmpty();
        problem["next"]!.ToString().ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("GET", "/v1/projects?limit=many", null, "'limit' must be a whole number within bounds.", "Send that, or leave the parameter out where it may be")]
    [InlineData("GET", "/v1/admin/audit-logs?from=yesterday", null, "'from' must be a time, as 2026-11-21T06:00:00Z.", "Send that, or leave the parameter out where it may be")]
    [InlineData("GET", "/v1/projects/x/logs", null, "'release' has to be there; it is a whole number within bounds.", "Add it to the query")]
    [InlineData("GET", "/v1/runs?state=odd", null, "'state' is 'odd'.", "One of: active, ended; or leave it out")]
    [InlineData("GET", "/v1/me?x=1", null, "'x' is no parameter of GetMe.", "Use some of: fields")]
    [InlineData("POST", "/v1/webhooks", "{\"url\":\"https://hooks.example.com\",\"events\":\"all\"}", "'events' must be a list.", "Compare it with /openapi/v1.json")]
    [InlineData("POST", "/v1/webhooks", "{\"url\":null}", "'url' must not be null; leave it out where it may be.", "Compare it with /openapi/v1.json")]
    [InlineData("POST", "/v1/webhooks", "{\"url\":\"x\",\"paused\":\"no\"}", "'paused' must be true or false.", "Compare it with /openapi/v1.json")]
    [InlineData("PUT", "/v1/members/ana", "{\"roles\":[\"king\"]}", "'roles[0]' must be one of what its description names.", "Compare it with /openapi/v1.json")]
    [InlineData("PUT", "/v1/members/ana", "{\"roles\":[99]}", "'roles[0]' must be one of what its description names.", "Compare it with /openapi/v1.json")]
    [InlineData("PUT", "/v1/members/ana", "{\"roles\":[\"5\"]}", "'roles[0]' must be one of what its description names.", "Compare it with /openapi/v1.json")]
    public async Task WhatCannotBeRead_IsNamed_WithWhatItMustBe_AndNoTypeOfOurs(string method, string path, string? body, string detail, string next)
    {
        var (_, problem) = await server.Send(new(method), path, body);
        problem!["detail"]!.ToString().ShouldBe(detail);
        problem["next"]!.ToString().ShouldBe(next);
    }

    [Theory]
    [InlineData("text/html", "/v1/projects/nobody", 404)]
    [InlineData("text/csv", "/v1/projects?limit=0", 422)]
    [InlineData("application/xml", "/v1/nothing", 404)]
    public async Task WhoeverTakesNoJson_IsToldAllTheSame(string accept, string path, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", accept } } };
        using var answer = await server.Http.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("bogus", 415)]
    [InlineData("utf-16", 415)]
    [InlineData("\"UTF-8\"", 422)]
    public async Task Charset_OtherThanUtf8_Is415(string charset, int status)
    {
        using var body = new StringContent("{\"source\":\"\"}");
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
        using var answer = await server.Http.PostAsync(new Uri("/v1/projects", UriKind.Relative), body);
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Body_Of2Mb_Is413()
    {
        // Asks before it sends, or the server's answer could be lost with the connection that it closes on the rest of the body.
        var (response, problem) = await server.Send(HttpMethod.Post, "/v1/projects", $"{{\"source\":\"{new string('x', 2 << 20)}\"}}", ("Expect", "100-continue"));
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        problem!["code"]!.ToString().ShouldBe("request.too-large");
    }

    [Fact]
    public async Task RequestId_WithUnprintables_IsReplaced()
    {
        var (response, _) = await server.Send(HttpMethod.Get, "/v1/server", null, ("X-Request-ID", "a b\"c"));
        response.Headers.GetValues("X-Request-ID").Single().ShouldMatch("^[0-9a-f]{32}$");
    }

    [Fact]
    public async Task Host_OfAnotherName_IsRefused()
    {
        var (response, problem) = await server.Send(HttpMethod.Get, "/v1/projects", null, ("Host", "evil.example"));
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        problem!["code"]!.ToString().ShouldBe("request.foreign-host");
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Mutation_FromAnotherSite_IsRefused(string header, string value)
    {
        var (response, problem) = await server.Send(HttpMethod.Post, "/v1/projects/x/rollback", "{}", (header, value));
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        problem!["code"]!.ToString().ShouldBe("request.cross-site");
        (await server.Send(HttpMethod.Post, "/hubs/live/negotiate?negotiateVersion=1", "", (header, value))).Response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Answers_CarrySecurityHeaders_AlsoProblems()
    {
        foreach (var path in (string[])["/v1/server", "/v1/projects/nobody"])
        {
            var (response, _) = await server.Send(HttpMethod.Get, path);
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none';");
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        }
        (await server.Send(HttpMethod.Post, "/v1/projects/nobody/rollback", "{}", ("Origin", server.Url.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin")))
            .Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
