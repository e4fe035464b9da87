using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Scaffolds;

/// <summary>A project of its own with xunit. Below a folder whose name begins with a dot, because a project takes every source file below itself for its own, but those.</summary>
internal static class DotNetScaffold
{
    public static IEnumerable<(string Path, string Text)> Write(TestScaffolds.Subject s)
    {
        var folder = TreePaths.Join(s.Path, ".prodsprint/tests/ProdSprintGenerated");
        yield return ($"{folder}/ProdSprintGenerated.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
                <TreatWarningsAsErrors>false</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
                <PackageReference Include="xunit.v3" Version="3.2.2" />
                <PackageReference Include="xunit.runner.visualstudio" Version="4.0.1" />
              </ItemGroup>
            </Project>

            """.ReplaceLineEndings("\n"));
        var path = $"{folder}/ProdSprintGeneratedTests.cs";
        yield return (path, (TestScaffolds.Head(s, "//", "dotnet test .prodsprint/tests/ProdSprintGenerated") + $$"""
            using System.Diagnostics;
            using System.Net;
            using System.Net.Sockets;
            using System.Runtime.CompilerServices;
            using System.Text;
            using Xunit;

            public sealed class ProdSprintGeneratedTests : IAsyncLifetime
            {
                private const string Build = {{TestScaffolds.Text(s.Build ?? "")}};
                private const string Start = {{TestScaffolds.Text(s.Start)}};
                private const string Health = {{TestScaffolds.Text(s.Health)}};
                private static readonly string[] Given = [{{TestScaffolds.List(s.Given)}}];
                private static readonly string[] Invented = [{{TestScaffolds.List(s.Invented)}}];

                private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false });
                private readonly StringBuilder _said = new();
                private Process? _service;
                private string _base = "";

                public async ValueTask InitializeAsync()
                {
                    foreach (var name in Given)
                        Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)), $"set {name}");
                    if (Build.Length > 0)
                    {
                        using var build = Run(Build, []);
                        await build.WaitForExitAsync();
                        Assert.True(build.ExitCode == 0, $"{Build}\n{_said}");
                    }
                    // Another program may take a port between the look and the start: then another one.
                    for (var attempt = 0; attempt < 3; attempt++)
                    {
                        var port = FreePort();
                        _base = $"http://127.0.0.1:{port}";
                        _service = Run(Start, new() { ["PORT"] = port, [{{TestScaffolds.Text(s.Port)}}] = port });
                        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(1) && !_service.HasExited; await Task.Delay(100))
                        {
                            try
                            {
                                using var answer = await _client.GetAsync(_base + Health);
                                return;
                            }
                            catch (HttpRequestException)
                            {
                                // Not yet.
                            }
                        }
                        await EndAsync();
                    }
                    Assert.Fail($"It did not come up with '{Start}':\n{_said}");
                }

                public async ValueTask DisposeAsync()
                {
                    await EndAsync();
                    _client.Dispose();
                }

                [Fact]
                public async Task AnswersAtItsHealthPath()
                {
                    using var answer = await _client.GetAsync(_base + Health);
                    Assert.InRange((int)answer.StatusCode, 200, 399);
                }

                [Fact]
                public async Task DoesNotFailAtAPathThatIsNotThere()
                {
                    using var answer = await _client.GetAsync(_base + "/prodsprint-generated-nothing-here");
                    Assert.InRange((int)answer.StatusCode, 200, 499);
                }

                private static string Directory([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, {{TestScaffolds.Text(TestScaffolds.Relative(path, s.Directory))}}));

                private static string FreePort()
                {
                    using var probe = new TcpListener(IPAddress.Loopback, 0);
                    probe.Start();
                    return ((IPEndPoint)probe.LocalEndpoint).Port.ToString();
                }

                private Process Run(string line, Dictionary<string, string> variables)
                {
                    var start = new ProcessStartInfo("sh", ["-c", line]) { WorkingDirectory = Directory(), RedirectStandardOutput = true, RedirectStandardError = true };
                    foreach (var name in Invented) start.Environment.TryAdd(name, "generated");
                    foreach (var (name, value) in variables) start.Environment[name] = value;
                    var process = Process.Start(start)!;
                    void Say(object sender, DataReceivedEventArgs e)
                    {
                        lock (_said) _said.AppendLine(e.Data);
                    }
                    process.OutputDataReceived += Say;
                    process.ErrorDataReceived += Say;
                    process.BeginOutputReadLine();
                    process.BeginErrorReadLine();
                    return process;
                }

                private async Task EndAsync()
                {
                    if (_service is null) return;
                    if (!_service.HasExited) _service.Kill(entireProcessTree: true);
                    await _service.WaitForExitAsync();
                    _service.Dispose();
                    _service = null;
                }
            }

            """).ReplaceLineEndings("\n"));
    }
}
