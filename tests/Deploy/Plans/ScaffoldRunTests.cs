using System.Diagnostics;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints.Scaffolds;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Plans;

/// <summary>The tests that are generated really run, with the runner that they are written for: they pass where the service answers and fail where it does not.</summary>
public sealed class ScaffoldRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prodsprint-scaffold-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Without the key it does not start.</summary>
    private const string NodeService = "require('crypto').createHmac('sha256', process.env.SESSION_SECRET); require('http').createServer((q, r) => { r.statusCode = q.url === '/healthz' ? CODE : 404; r.end(); }).listen(process.env.PORT || 3000)";

    private const string PythonService = """
        import os
        from http.server import BaseHTTPRequestHandler, HTTPServer


        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(CODE if self.path == "/healthz" else 404)
                self.end_headers()


        HTTPServer(("", int(os.environ.get("PORT", "8000"))), Handler).serve_forever()
        """;

    [Theory]
    [InlineData("node", 200, 0)]
    [InlineData("node", 500, 1)]
    [InlineData("python3", 200, 0)]
    [InlineData("python3", 500, 1)]
    public async Task Build_AServiceWithoutTests_IsTestedByWhatIsGenerated(string program, int code, int exit)
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, program))), $"{program} is not installed");
        if (program == "node")
        {
            Write("package.json", """{ "name": "app", "scripts": { "start": "node server.js" } }""");
            Write("server.js", NodeService.Replace("CODE", $"{code}"));
        }
        else
        {
            Write("requirements.txt", "");
            Write("main.py", PythonService.Replace("CODE", $"{code}"));
        }
        var audit = Auditor.Run(new CheckoutTree(_folder.FullName));
        var files = TestScaffolds.Build(PlanBuilder.Build(audit), audit).ToList();
        foreach (var (path, text) in files) Write(path, text);
        var (ended, said) = await RunAsync(program, program == "node" ? ["--test", files.Single().Path] : [files.Single().Path]);
        ended.ShouldBe(exit, said);
        said.ShouldContain(program == "node" ? "prodsprint.generated" : exit == 0 ? "Ran 2 tests" : "ProdSprintGenerated", customMessage: said);
    }

    [Fact]
    public async Task Build_AServiceThatNeedsADatabaseNobodySays_IsSkippedAndSaysWhy()
    {
        Write("package.json", """{ "name": "app", "scripts": { "start": "node server.js" }, "dependencies": { "pg": "8" } }""");
        Write("server.js", "require('http').createServer().listen(process.env.PORT); new (require('pg').Pool)({ connectionString: process.env.DATABASE_URL })");
        var audit = Auditor.Run(new CheckoutTree(_folder.FullName));
        var (path, text) = TestScaffolds.Build(PlanBuilder.Build(audit), audit).Single();
        Write(path, text);
        var (ended, said) = await RunAsync("node", ["--test", path]);
        (ended, said.Contains("SKIP set DATABASE_URL") || said.Contains("set DATABASE_URL")).ShouldBe((0, true), said);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<(int Code, string Said)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        // A runner that is itself run by one reports to it instead of to people.
        start.Environment.Remove("NODE_TEST_CONTEXT");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
