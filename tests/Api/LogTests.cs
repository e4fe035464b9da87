using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using ProdSprint.Deploy;
using ProdSprint.Hosting;
using ProdSprint.Traffic;

namespace ProdSprint.Tests.Api;

/// <summary>What a server writes whose output goes into a file.</summary>
public sealed class LogTests : IAsyncDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("ps-log-").FullName;

    public async ValueTask DisposeAsync()
    {
        await LocalTargetStop.AllAsync(Path.Combine(_home, "deploy"), TimeSpan.FromSeconds(5), CancellationToken.None);
        await new RouterLauncher(SiloServices.RouterOptionsOf(_home), new(ServerFixture.Program, []), TimeProvider.System).StopAsync(TimeSpan.FromSeconds(10));
        await SiloServices.Cluster(_home, new ConfigurationBuilder().Build()).StopAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Redirected_EveryLineIsAnObject_ARequestsLinesCarryItsIdAndItsTrace()
    {
        var lines = new List<string>();
        var start = new ProcessStartInfo(ServerFixture.Program, ["server", "--port", "0"]) { RedirectStandardOutput = true };
        start.Environment["PRODSPRINT_HOME"] = _home;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        using var server = Process.Start(start)!;
        server.OutputDataReceived += (_, line) =>
        {
            lock (lines) if (line.Data is { } text) lines.Add(text);
        };
        server.BeginOutputReadLine();
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(await ListeningAsync(server), "/v1/projects/nobody"));
            request.Headers.Add("X-Request-ID", "what-i-called-it");
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            using var answer = await http.SendAsync(request);
            answer.Headers.GetValues("X-Request-ID").ShouldBe(["what-i-called-it"]);
        }
        finally
        {
            using (var kill = Process.Start("kill", ["-TERM", server.Id.ToString()])) await kill.WaitForExitAsync();
            await server.WaitForExitAsync();
        }

        server.WaitForExit(); // until its output has been read
        var written = lines.Select(l => JsonNode.Parse(l)!).ToArray();
        written.ShouldNotBeEmpty();
        foreach (var line in written)
        {
            DateTimeOffset.Parse(line["Timestamp"]!.ToString()).Offset.ShouldBe(TimeSpan.Zero);
            line["LogLevel"].ShouldNotBeNull();
            line["Category"].ShouldNotBeNull();
        }
        var answered = written.Single(l => l["Category"]!.ToString() == "ProdSprint.Request");
        answered["State"]!["Status"]!.ToString().ShouldBe("404");
        answered["State"]!["Path"]!.ToString().ShouldBe("/v1/projects/nobody");
        var scopes = answered["Scopes"]!.AsArray();
        scopes.ShouldContain(s => s!["RequestId"] != null && s["RequestId"]!.ToString() == "what-i-called-it");
        scopes.ShouldContain(s => s!["TraceId"] != null && s["TraceId"]!.ToString() == "0af7651916cd43dd8448eb211c80319c");
    }

    private async Task<Uri> ListeningAsync(Process server)
    {
        var file = Path.Combine(_home, "server.json");
        var waited = Stopwatch.StartNew();
        while (!File.Exists(file))
        {
            if (server.HasExited || waited.Elapsed > TimeSpan.FromSeconds(90)) throw new TimeoutException("The server does not start.");
            await Task.Delay(50);
        }
        return new(JsonNode.Parse(await File.ReadAllTextAsync(file))!["url"]!.ToString());
    }
}
