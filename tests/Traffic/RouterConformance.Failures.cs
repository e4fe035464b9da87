namespace ProdSprint.Traffic.Tests;

public abstract partial class RouterConformance
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Failure_DeadCanary_IsServedByStable_AndChargedToTheCanary(string method)
    {
        await using var scene = new Scene(Router, $"dead-{method}");
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable(5_000), Routes.Dead("v2", 5_000));
        for (var i = 0; i < 40; i++)
        {
            using var request = new HttpRequestMessage(new(method), method == "GET" ? "/" : "/count") { Content = method == "GET" ? null : new StringContent("body") };
            using var response = await scene.Client.SendAsync(request);
            ((int)response.StatusCode).ShouldBe(200);
            response.Headers.GetValues("X-ProdSprint-Served-By").ShouldBe(["v1"]);
        }
        v1.Hits.ShouldBe(40);
        var reports = await scene.ReportsAsync(40);
        reports.Values.Sum(r => r.Requests).ShouldBe(40);
        reports["v2"].Errors.ShouldBe(reports["v2"].Requests);
        reports["v2"].Requests.ShouldBeInRange(Harness.IsOurs ? 19 : 4, Harness.IsOurs ? 21 : 36);
        reports["v1"].Errors.ShouldBe(0);
    }

    [Fact]
    public async Task Failure_OneOfTwoBackendsDead_TheOtherServes()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable(5_000), Routes.Dead("v1", 5_000, stable: true));
        for (var i = 0; i < 20; i++) (await scene.GetAsync()).ShouldBe("v1");
    }

    [Fact]
    public async Task Failure_NobodyListens_Is502Or503WithTheNextStep()
    {
        await using var scene = new Scene(Router);
        await scene.RouteAsync(Routes.Dead("v1", 10_000, stable: true));
        using var response = await scene.Client.GetAsync("/");
        ((int)response.StatusCode).ShouldBeOneOf(502, 503);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"detail\"");
        (await scene.ReportsAsync(1))["v1"].Errors.ShouldBe(1);
    }

    [Fact]
    public async Task Failure_PostThatWasSent_IsNotSentTwice()
    {
        await using var scene = await OneVersionAsync();
        await scene.GetAsync();
        try
        {
            using var response = await scene.Client.PostAsync("/reset", new StringContent("once"));
            ((int)response.StatusCode).ShouldBe(502);
        }
        catch (HttpRequestException) when (!Harness.IsOurs)
        {
            // HAProxy hangs up on its client when a kept connection to the server broke, and leaves the decision to it.
        }
        scene.Hits("v1").ShouldBe(2);
        // HAProxy does not log what it leaves to its client.
        if (Harness.IsOurs) (await scene.ReportsAsync(2))["v1"].Errors.ShouldBe(1);
    }

    [Fact]
    public async Task Failure_KeptConnectionHungUp_IsRetriedForGet()
    {
        await using var scene = new Scene(Router);
        var backend = scene.Backend(async connection =>
        {
            // Answers once, then hangs up without a word as soon as the next request comes: a keep-alive time that ran out.
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await connection.ReadHeadAsync();
            connection.Reset();
        });
        await scene.RouteAsync(backend.Stable("v1"));
        for (var i = 0; i < 6; i++) (await scene.GetAsync()).ShouldBe("ok");
        (await scene.ReportsAsync(6))["v1"].Errors.ShouldBe(0);
    }

    [Fact]
    public async Task Failure_Silence_Is504()
    {
        await using var scene = new Scene(Router) { Options = RoutingOptions.Default with { FirstByte = TimeSpan.FromMilliseconds(300) } };
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable());
        using var response = await scene.Client.GetAsync("/hang");
        ((int)response.StatusCode).ShouldBe(504);
        await v1.HangCancelled.Task.WaitAsync(RawClient.Patience);
    }

    [Fact]
    public async Task Failure_AnswerCutShort_IsNotTakenForTheWhole_AndIsAnError()
    {
        await using var scene = await OneVersionAsync();
        await Should.ThrowAsync<HttpRequestException>(() => scene.Client.GetStringAsync("/cut"));
        var row = (await scene.ReportsAsync(1))["v1"];
        row.Errors.ShouldBe(1);
        row.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task Failure_Nonsense_Is502()
    {
        await using var scene = new Scene(Router);
        var backend = scene.Backend(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("I am not HTTP at all, sorry\r\n\r\n");
        });
        await scene.RouteAsync(backend.Stable("v1"));
        using var response = await scene.Client.GetAsync("/");
        ((int)response.StatusCode).ShouldBe(502);
    }

    [Fact]
    public async Task Failure_ClientGoesAway_CancelsTheVersionsWork()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable());
        using var leave = new CancellationTokenSource();
        var request = scene.Client.GetAsync("/hang", leave.Token);
        await v1.HangBegun.Task.WaitAsync(RawClient.Patience);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => request);
        await v1.HangCancelled.Task.WaitAsync(RawClient.Patience);
        (await Router.WaitDrainedAsync("ws", "project", scene.Name, "v1", RawClient.Patience)).ShouldBeTrue();
        var row = (await scene.ReportsAsync(1))["v1"];
        row.Classes.Aborted.ShouldBe(1);
        row.Errors.ShouldBe(0);
    }
}
