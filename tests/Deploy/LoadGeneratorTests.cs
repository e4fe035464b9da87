using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using ProdSprint.Traffic;

namespace ProdSprint.Tests.Deploy;

public sealed class LoadGeneratorTests
{
    [Fact]
    public async Task Run_TwoVersionsAndTheRouterItself_AreToldApart()
    {
        var n = 0;
        await using var app = await ServeAsync(c =>
        {
            switch (Interlocked.Increment(ref n) % 4)
            {
                case 0: c.Response.Headers["X-ProdSprint-Served-By"] = "v2"; c.Response.StatusCode = 500; break; // the application's own error
                case 1: c.Response.StatusCode = 503; break; // the router's
                default: c.Response.Headers["X-ProdSprint-Served-By"] = "v1"; break;
            }
            return Task.CompletedTask;
        });
        using var stop = new CancellationTokenSource();
        var load = new LoadGenerator(new LoadOptions(new Uri(app.Urls.Single()), 200));
        var running = load.RunAsync(stop.Token);
        while (load.Snapshot().Answered < 40) await Task.Yield();
        await stop.CancelAsync();

        var result = await running;

        result.Sent.ShouldBe(result.Answered);
        result.Versions.Select(v => v.Version).ShouldBe(["v1", "v2"]);
        result.Versions[0].Errors.ShouldBe(0);
        result.Versions[1].Errors.ShouldBe(result.Versions[1].Requests);
        result.RouterFaults.ShouldBe(result.Sent - result.Versions.Sum(v => v.Requests));
        result.Errors.ShouldBe(result.RouterFaults + result.Versions[1].Errors);
        result.Faults["503 from the router itself"].ShouldBe(result.RouterFaults);
        result.Versions[0].Latency.Total.ShouldBe(result.Versions[0].Requests);
    }

    [Fact]
    public async Task Run_NobodyListens_EveryRequestIsAFault()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var result = await new LoadGenerator(new LoadOptions(new Uri($"http://127.0.0.1:{port}/"), 100, TimeSpan.FromMilliseconds(200))).RunAsync();
        result.Sent.ShouldBeGreaterThan(0);
        (result.Answered, result.RouterFaults).ShouldBe((0, result.Sent));
        result.Faults.Keys.ShouldAllBe(k => k.StartsWith("no answer"));
    }

    [Fact]
    public async Task Run_ServerStalls_GoesOnSendingAndCountsTheWaiting()
    {
        var release = new TaskCompletionSource();
        var waiting = 0;
        await using var app = await ServeAsync(async c =>
        {
            c.Response.Headers["X-ProdSprint-Served-By"] = "v1";
            Interlocked.Increment(ref waiting);
            await release.Task;
        });
        using var stop = new CancellationTokenSource();
        var running = new LoadGenerator(new LoadOptions(new Uri(app.Urls.Single()), 200)).RunAsync(stop.Token);
        while (Volatile.Read(ref waiting) < 10) await Task.Yield(); // a closed loop would stop at its first request
        await stop.CancelAsync();
        release.SetResult();
        var result = await running;
        result.Errors.ShouldBe(0);
        // The first was due at least nine intervals of 5 ms before the tenth arrived.
        result.Versions.Single().Latency.QuantileMs(1).ShouldBeGreaterThan(40);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }
}
