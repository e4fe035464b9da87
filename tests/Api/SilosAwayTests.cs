using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using ProdSprint.Kernel;

namespace ProdSprint.Tests.Api;

/// <summary>A web process whose silos are starting or stopping: a moment, not a fault.</summary>
public sealed class SilosAwayTests
{
    [Fact]
    public async Task CallThatNoSiloTook_Is503WithWhenToComeBack()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddProblems();
        await using var app = builder.Build();
        app.UseProblems();
        app.MapGet("/asks", string () => throw new SiloUnavailableException("gone"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        using var answer = await http.GetAsync(new Uri(new(app.Urls.First()), "/asks"), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        problem["code"]!.ToString().ShouldBe("server.waiting-for-silo");
        problem["next"]!.ToString().ShouldContain("Idempotency-Key");
    }
}
