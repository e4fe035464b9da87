using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Postgres;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>A target with its job handlers over a temporary root, a real repository, and the attestor over the test's database.</summary>
internal sealed class AttestedBench : IAsyncDisposable, IJobWatch
{
    public const string LockFile = """{"name":"shop","lockfileVersion":3,"packages":{"":{"name":"shop"}}}""";

    private readonly string _workspace;
    private readonly string _home = Directory.CreateTempSubdirectory("prodsprint-attest-").FullName;
    private readonly ServiceProvider _services;

    public AttestedBench(PostgresFixture postgres, string workspace)
    {
        _workspace = workspace;
        var repository = Directory.CreateDirectory(Path.Combine(_home, "repository")).FullName;
        File.WriteAllText(Path.Combine(repository, "index.html"), $"A shop of {workspace}");
        File.WriteAllText(Path.Combine(repository, "package-lock.json"), LockFile);
        foreach (var line in (string[])["init -q", "add -A", "-c user.name=t -c user.email=t@example.com commit -q -m first"]) Git(repository, line.Split(' '));
        Commit = Git(repository, "rev-parse", "HEAD").Trim();
        var mirrors = new ProjectMirrors(Path.Combine(_home, "mirrors"), new(new(), _home, signedIn: false));
        Directory.CreateDirectory(Path.Combine(_home, "mirrors", workspace));
        Git(_home, "clone", "-q", "--mirror", repository, mirrors.Path(workspace, "shop"));
        var services = new ServiceCollection();
        services.AddSingleton<ICommitSource>(mirrors).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(postgres.Database).AddSingleton<SecretBox>().AddSingleton<AttestationKeys>().AddSingleton<AttestationStore>().AddSingleton<IAttestor, TargetAttestor>();
        services.AddSingleton<DocumentStore>().AddSingleton<TestRunStore>().AddSingleton<ITestRecords, TestRecords>();
        services.AddLocalDeploy(new LocalDeployOptions { Root = Path.Combine(_home, "root"), Sandbox = SandboxMode.Off });
        _services = services.BuildServiceProvider();
    }

    public string Commit { get; }

    public IDeployTarget Target => _services.GetRequiredService<IDeployTarget>();

    public AttestationKeys Keys => _services.GetRequiredService<AttestationKeys>();

    public AttestationStore Store => _services.GetRequiredService<AttestationStore>();

    public BuildRequest Request => new(_workspace, "shop", Commit, Service, false) { Ref = "v1" };

    private static ServicePlan Service => new(
        "site", ".", ServiceKind.Static, "static", null, null, null, null, null, null, null, null, ".", null, null,
        new(256, 64, 1024, TimeSpan.FromMinutes(1), 64, TimeSpan.FromSeconds(1)), []);

    public Task<BuildResult> BuildAsync() => Run<BuildResult>(DeployJobs.Build, Request);

    public Task<StartResult> StartAsync(string digest, string? commit = null) =>
        Run<StartResult>(DeployJobs.Start, new StartRequest(_workspace, "shop", "production", 1, "v1", digest, Service) { AttestedCommit = commit ?? Commit });

    public Task<MigrateResult> MigrateAsync(string digest) =>
        Run<MigrateResult>(DeployJobs.Migrate, new MigrateRequest(_workspace, "shop", "production", 1, "v1", digest, [Service]) { AttestedCommit = Commit });

    public Task<AttestationFinding> CheckAsync(BuildResult built) =>
        _services.GetRequiredService<IAttestor>().CheckAsync(new(_workspace, "shop", built.ArtifactDigest, Commit), TestContext.Current.CancellationToken);

    public Task<IReadOnlyList<KeptAttestation>> KeptAsync(BuildResult built) => Store.OfArtifactAsync(_workspace, "shop", built.ArtifactDigest, null, TestContext.Current.CancellationToken);

    /// <summary>Somebody changes the artifact on the target's disk.</summary>
    public void Spoil()
    {
        var file = Directory.EnumerateFiles(Path.Combine(_home, "root"), "index.html", SearchOption.AllDirectories).Single();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.AppendAllText(file, " and more");
    }

    public void Log(Job job, string line) { }

    public void Progress(Job job, double percent, string text) { }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        foreach (var d in new DirectoryInfo(_home).EnumerateDirectories("*", SearchOption.AllDirectories)) if (!OperatingSystem.IsWindows()) d.UnixFileMode |= UnixFileMode.UserWrite;
        Directory.Delete(_home, recursive: true);
    }

    private async Task<T> Run<T>(string kind, object request)
    {
        var handler = _services.GetServices<IJobHandler>().Single(h => h.Kind == kind);
        var job = new Job(Guid.NewGuid().ToString("n"), _workspace, "shop", kind, null, KernelJson.Write(request), 1, 1, TimeSpan.FromMinutes(1), 0);
        return KernelJson.Read<T>((await handler.RunAsync(new(job, this), TestContext.Current.CancellationToken))!);
    }

    private static string Git(string directory, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (git.StandardOutput.ReadToEnd(), git.StandardError.ReadToEnd());
        git.WaitForExit();
        git.ExitCode.ShouldBe(0, complained);
        return said;
    }
}
