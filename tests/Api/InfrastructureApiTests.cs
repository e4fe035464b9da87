using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Infrastructure;

namespace ProdSprint.Tests.Api;

/// <summary>An environment's infrastructure through the API and the command line, with the real Terraform.</summary>
public sealed class InfrastructureApiTests(ServerFixture server)
{
    [Fact]
    public async Task Infrastructure_IsPlannedApprovedAppliedFoundOtherwiseAndPutBack()
    {
        Assert.SkipWhen(server.Services.GetRequiredService<TerraformProgram>().Look() is null, "Neither tofu nor terraform is installed here.");
        await server.Import("grounded", await server.Repository("grounded", ("index.html", "x")));
        const string path = "/v1/projects/grounded/infrastructure/staging";
        await Accepted($"{path}/plan", new { reason = "a database of its own" });
        var planned = await server.Until(path, v => v["phase"]?.ToString() is "planned" or "failed");
        planned["problem"].ShouldBeNull();
        planned["plan"]!["changes"]!.AsArray().Count.ShouldBe(6);
        (await server.Send(HttpMethod.Post, $"{path}/apply", new { })).Body!["code"]!.ToString().ShouldBe("infrastructure.not-approved");
        (await server.Send(HttpMethod.Post, $"{path}/approve", new { digest = "sha256:0" })).Body!["code"]!.ToString().ShouldBe("infrastructure.changed");
        await Accepted($"{path}/approve", new { digest = planned["plan"]!["digest"]!.ToString() });
        await Accepted($"{path}/apply", new { });
        var applied = await server.Until(path, v => v["phase"]?.ToString() is "applied" or "failed");
        applied["problem"].ShouldBeNull();
        (await server.Send(HttpMethod.Get, $"{path}/states")).Body!["items"]!.AsArray()[0]!["digest"]!.ToString().ShouldBe(applied["baseline"]!["stateDigest"]!.ToString());

        var data = Path.Combine(server.Home, "infrastructure", "environments", "default", "grounded", "staging", "data");
        Directory.Delete(data);
        await Accepted($"{path}/drift", new { });
        var drifted = await server.Until(path, v => v["job"] is null && (v["drift"] ?? v["problem"]) is not null);
        drifted["drift"]!["changes"]![0]!["why"]!.ToString().ShouldBe("the directory data is not there");
        await Accepted($"{path}/drift/reapply", new { digest = drifted["drift"]!["digest"]!.ToString() });
        (await server.Until(path, v => v["job"] is null && (v["drift"] is null || v["problem"] is not null)))["problem"].ShouldBeNull();
        Directory.Exists(data).ShouldBeTrue();
    }

    private async Task Accepted(string path, object body)
    {
        var (response, answer) = await server.Send(HttpMethod.Post, path, body);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, answer?.ToJsonString());
    }
}
