using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Cli;

/// <summary>Every exit code with its cause; 0, 1, 2, 3, 5 and 6 also against the real server (<see cref="CliTests"/>, <see cref="CliWalkTests"/>).</summary>
public sealed class ExitCodeTests
{
    private const string Problem = """{"type":"https://prodsprint.dev/problems/said","title":"Said","status":0,"detail":"So it is.","code":"said","next":"Do otherwise","requestId":"r-1"}""";

    [Theory]
    [InlineData(401, 4)]
    [InlineData(403, 4)]
    [InlineData(404, 5)]
    [InlineData(409, 6)]
    [InlineData(412, 6)]
    [InlineData(428, 6)]
    [InlineData(429, 7)]
    [InlineData(504, 8)]
    [InlineData(400, 2)]
    [InlineData(413, 2)]
    [InlineData(422, 2)]
    [InlineData(500, 1)]
    [InlineData(503, 1)]
    public async Task Status_HasItsExitCode_AndTheProblemIsInTheEnvelope(int status, int exit)
    {
        await using var server = AnsweringServer.Of(status, Problem, "application/problem+json", status is 429 or 503 ? "Retry-After: 17\r\n" : "");
        var run = await Run("status", "--json", "--url", server.Url);
        run.Exit.ShouldBe(exit, run.Out + run.Error);
        Check(run.Envelope, ok: false);
        var error = run.Envelope["error"]!;
        error["type"]!.ToString().ShouldBe("https://prodsprint.dev/problems/said");
        error["title"]!.ToString().ShouldBe("Said");
        error["detail"]!.ToString().ShouldBe("So it is. Do otherwise");
        error["requestId"]!.ToString().ShouldBe("r-1");
        ((int?)error["retryAfter"]).ShouldBe(status is 429 or 503 ? 17 : null);
    }

    [Fact]
    public async Task Gate_Is3_WhateverTheStatus()
    {
        await using var server = AnsweringServer.Of(409, Problem.Replace("{\"type\"", "{\"gate\":true,\"type\""), "application/problem+json");
        (await Run("status", "--json", "--url", server.Url)).Exit.ShouldBe(3);
    }

    [Fact]
    public async Task QuotaUsedUp_Is7_ThoughItIsA403()
    {
        await using var server = AnsweringServer.Of(403, Problem.Replace("\"code\":\"said\"", "\"code\":\"quota.projects\""), "application/problem+json");
        (await Run("status", "--json", "--url", server.Url)).Exit.ShouldBe(7);
    }

    [Theory]
    [InlineData(200, 1, "cli.not-prodsprint")]
    [InlineData(502, 1, "http.502")]
    [InlineData(429, 7, "http.429")]
    public async Task PageOfSomebodyElse_IsToldAsWhatItIs(int status, int exit, string type)
    {
        await using var server = AnsweringServer.Of(status, "<html>A proxy</html>", "text/html");
        var run = await Run("status", "--json", "--url", server.Url);
        run.Exit.ShouldBe(exit, run.Out);
        run.Envelope["error"]!["type"]!.ToString().ShouldEndWith(type);
    }

    [Fact]
    public async Task NoAnswerInTime_Is8()
    {
        await using var server = new AnsweringServer();
        var run = await Run("status", "--json", "--url", server.Url, "--timeout", "0.3");
        run.Exit.ShouldBe(8, run.Out + run.Error);
        run.Envelope["error"]!["type"]!.ToString().ShouldEndWith("cli.timeout");
        Check(run.Envelope, ok: false);
    }

    [Fact]
    public async Task Interrupt_Is130_AndStillAnEnvelope()
    {
        await using var server = new AnsweringServer();
        var start = new ProcessStartInfo(ServerFixture.Program, ["status", "--json", "--url", server.Url]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await server.Asked;
        using (var interrupt = Process.Start("kill", ["-INT", $"{process.Id}"])) await interrupt.WaitForExitAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(130, output);
        Check(JsonNode.Parse(output)!, ok: false);
    }

    /// <summary>The whole shape, also where it says nothing.</summary>
    internal static void Check(JsonNode envelope, bool ok)
    {
        envelope.AsObject().Select(f => f.Key).ShouldBe(["schema", "ok", "data", "error", "meta"]);
        ((int)envelope["schema"]!).ShouldBe(1);
        ((bool)envelope["ok"]!).ShouldBe(ok);
        if (ok) envelope["error"].ShouldBeNull();
        else
        {
            envelope["data"].ShouldBeNull();
            envelope["error"]!.AsObject().Select(f => f.Key).ShouldBe(["type", "title", "detail", "requestId", "retryAfter"]);
        }
        envelope["meta"]!.AsObject().Select(f => f.Key).ShouldBe(["command", "version", "next"]);
    }

    private static Task<CliRun> Run(params string[] arguments) => CliRun.Of(arguments, Path.GetTempPath());
}
