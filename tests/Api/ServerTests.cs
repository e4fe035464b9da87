using System.Net;
using ProdSprint.Tests.Api.Cli;
using System.Text.Json.Nodes;
using ProdSprint.Tests.Api.Description;

namespace ProdSprint.Tests.Api;

public sealed class ServerTests(ServerFixture server)
{
    [Fact]
    public async Task Health_Answers()
    {
        (await server.Send(HttpMethod.Get, "/health/live")).Response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Send(HttpMethod.Get, "/health/ready")).Body!["status"]!.ToString().ShouldBe("ready");
    }

    /// <summary>PRODSPRINT_WRITE=1 writes it anew.</summary>
    [Fact]
    public async Task OpenApi_IsTheCommittedOne()
    {
        var now = JsonNode.Parse(await server.Http.GetStringAsync("/openapi/v1.json"))!.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
        if (Environment.GetEnvironmentVariable("PRODSPRINT_WRITE") == "1") await File.WriteAllTextAsync(ApiDocument.CommittedPath, now);
        (await File.ReadAllTextAsync(ApiDocument.CommittedPath)).ShouldBe(now, "web/openapi.json is not what the server says. Next: PRODSPRINT_WRITE=1 dotnet test tests/Api");
    }

    [Theory]
    [InlineData("Production", "Production")]
    [InlineData("Production", "Development")]
    [InlineData("Development", "production")]
    public async Task Production_WithoutIdentity_IsRefused_WhicheverNameSaysIt(string aspnetcore, string dotnet)
    {
        var home = Directory.CreateTempSubdirectory("ps-production-").FullName;
        var run = await CliRun.Of(["server", "--port", "0"], home, ("ASPNETCORE_ENVIRONMENT", aspnetcore), ("DOTNET_ENVIRONMENT", dotnet));
        run.Exit.ShouldBe(1);
        run.Error.ShouldContain("does not start");
        foreach (var fault in (string[])["Identity__Secret is not set", "Identity__PublicUrl is not set"]) run.Error.ShouldContain(fault);
        Directory.Delete(home, recursive: true);
    }
}
