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

    [Fact]
    public async Task Infrastructure_RotatesItsPasswordWithoutDrift_AndGoesWithBothRoles()
    {
        Assert.SkipWhen(server.Services.GetRequiredService<TerraformProgram>().Look() is null, "Neither tofu nor terraform is installed here.");
        await server.Import("rotating", await server.Repository("rotating", ("index.html", "x")));
        const string path = "/v1/projects/rotating/infrastructure/production", secret = "/v1/projects/rotating/secrets/production/DATABASE_URL";
        await Applied(path, destroy: false, 6);
        var fromTerraform = await Given();
        await Accepted($"{secret}/versions", new { kind = "postgresPassword" });
        (await server.Until(secret, v => v["job"] is null))["problem"].ShouldBeNull();
        var first = await Given();
        await Accepted($"{secret}/rotate", new { });
        (await server.Until(secret, v => v["job"] is null))["phase"]!.ToString().ShouldBe("overlap");
        var second = await Given();
        new[] { fromTerraform, first, second }.ShouldBeUnique();
        foreach (var address in (string[])[fromTerraform, first, second]) (await SecretsApiTests.SignIn(address)).ShouldBe(LocalConfiguration.DatabaseName("default", "rotating", "production"));
        (await Planned(path, destroy: false))["plan"]!["changes"]!.AsArray().ShouldBeEmpty("a rotation is no drift");

        await Applied(path, destroy: true, 6);
        await server.Until(secret, v => v["phase"]!.ToString() == "removed");
        await using var admin = Npgsql.NpgsqlDataSource.Create(server.Services.GetRequiredService<Data.Database>().OwnerConnectionString);
        (await admin.CreateCommand("SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolname LIKE '%rotating%'").ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(DBNull.Value);
        (await admin.CreateCommand("SELECT count(*) FROM prodsprint.secret_value WHERE project = 'rotating'").ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    private async Task<string> Given() => (await SecretsApiTests.Given(server, "rotating", "production"))["DATABASE_URL"];

    private async Task<System.Text.Json.Nodes.JsonNode> Planned(string path, bool destroy)
    {
        // The project is asked, and tells the environment: what is seen meanwhile is the plan before.
        var before = (await server.Send(HttpMethod.Get, path)).Body?["plan"]?["number"]?.GetValue<int>() ?? 0;
        await Accepted($"{path}/plan", new { destroy });
        var planned = await server.Until(path, v => v["phase"]!.ToString() switch { "planned" => v["plan"]!["number"]!.GetValue<int>() > before, "failed" => true, _ => false });
        planned["problem"].ShouldBeNull();
        return planned;
    }

    private async Task Applied(string path, bool destroy, int changes)
    {
        var planned = await Planned(path, destroy);
        planned["plan"]!["changes"]!.AsArray().Count.ShouldBe(changes);
        await Accepted($"{path}/approve", new { digest = planned["plan"]!["digest"]!.ToString() });
        await Accepted($"{path}/apply", new { });
        (await server.Until(path, v => v["phase"]?.ToString() is "applied" or "destroyed" or "failed"))["problem"].ShouldBeNull();
    }

    private async Task Accepted(string path, object body)
    {
        var (response, answer) = await server.Send(HttpMethod.Post, path, body);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, answer?.ToJsonString());
    }
}
