using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace ProdSprint.Gates;

/// <summary>The built-in generator against a real server. Only what cannot be shorter is held against a time: a machine may always be slower.</summary>
public sealed class ScenarioLoadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static LoadScenario Scenario(double seconds, int requests, int timeoutMs, params string[] paths) =>
        new(1, "test", seconds, timeoutMs, [.. paths.Select(p => new LoadRoute($"GET {p}", "GET", p, ImmutableSortedDictionary<string, string>.Empty.Add("X-Test", "1"), requests, null))], []);

    [Fact]
    public async Task Errors_AreCounted_ByRoute_AndNamed()
    {
        await using var app = await LoadedApplication.StartAsync(c =>
        {
            c.Response.StatusCode = c.Request.Headers["X-Test"] != "1" ? 418 : c.Request.Path == "/broken" ? 503 : c.Request.Path == "/moved" ? 302 : 200;
            return Task.CompletedTask;
        });
        var measured = await new ScenarioLoad().RunAsync(Scenario(0.4, 20, 30_000, "/broken", "/moved", "/ok?q=1"), app.Address, Cancellation);
        measured.Select(m => (m.Route, m.Requests, m.Failed, m.Problem)).ShouldBe([("GET /broken", 20, 20, "20 × 503"), ("GET /moved", 20, 0, null), ("GET /ok?q=1", 20, 0, null)]);
        measured.ShouldAllBe(m => m.P50Ms > 0 && m.P50Ms <= m.P95Ms && m.P95Ms <= m.P99Ms);
        // each once more than it is measured, to warm up
        app.Asked.Count(a => a == "GET /ok?q=1").ShouldBe(21);
    }

    [Fact]
    public async Task SlowServer_TheWaitingCounts_AsItDoesForVisitors()
    {
        using var one = new SemaphoreSlim(1);
        await using var app = await LoadedApplication.StartAsync(async c =>
        {
            await one.WaitAsync(c.RequestAborted);
            await Task.Delay(40, c.RequestAborted); // what it serves in a second is 25 at most
            one.Release();
        });
        // twenty within 0.2 s: the last but one ends after 19 turns, which is 0.76 s, and was due by then; a timer may be early by a little
        var measured = (await new ScenarioLoad().RunAsync(Scenario(0.2, 20, 60_000, "/"), app.Address, Cancellation)).ShouldHaveSingleItem();
        measured.Failed.ShouldBe(0);
        measured.P95Ms.ShouldBeGreaterThan(400);
    }

    [Fact]
    public async Task NoAnswer_FailsWithinItsTime_AndNothingListens_SaysSo()
    {
        var never = new TaskCompletionSource();
        await using var app = await LoadedApplication.StartAsync(c => never.Task.WaitAsync(c.RequestAborted));
        var measured = (await new ScenarioLoad().RunAsync(Scenario(0.1, 5, 200, "/"), app.Address, Cancellation)).ShouldHaveSingleItem();
        (measured.Failed, measured.Problem).ShouldBe((5, "5 × no whole answer within 0.2 s"));
        measured.P50Ms.ShouldBeGreaterThan(150);
        never.SetResult();
        // bound, so that nobody else gets it, and not listening
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var gone = (await new ScenarioLoad().RunAsync(Scenario(0.1, 5, 30_000, "/"), held.LocalEndPoint!.ToString()!, Cancellation)).ShouldHaveSingleItem();
        (gone.Failed, gone.Problem).ShouldBe((5, "5 × Connection refused"));
    }
}
