namespace ProdSprint.Tests.Api.Cli;

/// <summary>Lists are whole, and an empty one says so.</summary>
public sealed class ListTests
{
    private const string Empty = """{"items":[],"next":null}""";

    [Theory]
    [InlineData("webhooks")]
    [InlineData("workspaces")]
    [InlineData("organisations")]
    [InlineData("tokens")]
    [InlineData("domains")]
    public async Task Nothing_IsSaid_WithTheNextStep(string what)
    {
        await using var server = AnsweringServer.Of(200, Empty);
        var run = await Run(what, "list", "--url", server.Url);
        run.Exit.ShouldBe(0, run.Error);
        run.Out.Trim().ShouldNotBeEmpty();
        (run.Out + run.Error).ShouldContain($"prodsprint {what} ");
    }

    [Fact]
    public async Task FurtherPages_AreAskedFor()
    {
        await using var server = new AnsweringServer(
            AnsweringServer.Answer(200, """{"items":[{"name":"one","organisation":null,"roles":[]}],"next":"c/2"}"""),
            AnsweringServer.Answer(200, """{"items":[{"name":"two","organisation":null,"roles":[]}],"next":null}"""));
        var run = await Run("workspaces", "list", "--json", "--url", server.Url);
        run.Exit.ShouldBe(0, run.Out + run.Error);
        run.Envelope["data"]!["items"]!.AsArray().Select(w => w!["name"]!.ToString()).ShouldBe(["one", "two"]);
        run.Envelope["data"]!["next"].ShouldBeNull();
    }

    private static Task<CliRun> Run(params string[] arguments) => CliRun.Of(arguments, Path.GetTempPath());
}
