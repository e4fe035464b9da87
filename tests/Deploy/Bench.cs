using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using ProdSprint.Deploy;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Deploy;

/// <summary>A target over a temporary root, with a real git repository. Whatever it started is gone afterwards.</summary>
public sealed class Bench : IAsyncDisposable, ICommitSource, IInstanceEvents
{
    private readonly List<InstanceEvent> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _owner;
    private readonly IVariableSource? _variables;

    public Bench(bool sandbox = true, Action<LocalDeployOptions>? configure = null, string? directory = null, IVariableSource? variables = null)
    {
        _variables = variables;
        _owner = directory is null;
        Home = directory ?? Directory.CreateTempSubdirectory("prodsprint-deploy-").FullName;
        Options = new LocalDeployOptions
        {
            Root = Path.Combine(Home, "root"),
            Sandbox = sandbox ? SandboxMode.Auto : SandboxMode.Off,
            StaticServer = [Program.Path, "static"],
            RestartDelay = TimeSpan.FromMilliseconds(20),
            WatchInterval = TimeSpan.FromMilliseconds(50),
        };
        configure?.Invoke(Options);
        Services = Build();
    }

    public string Home { get; }

    public LocalDeployOptions Options { get; }

    public ServiceProvider Services { get; private set; }

    public IDeployTarget Target => Services.GetRequiredService<IDeployTarget>();

    public List<string> Log { get; } = [];

    internal DeployPaths Paths => Services.GetRequiredService<DeployPaths>();

    internal ArtifactStore Store => Services.GetRequiredService<ArtifactStore>();

    private string Repository => Path.Combine(Home, "repository");

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ICommitSource>(this);
        services.AddSingleton<IInstanceEvents>(this);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        if (_variables is not null) services.AddSingleton(_variables);
        if (_variables is IHiddenValues hidden) services.AddSingleton(hidden);
        services.AddLocalDeploy(Options);
        return services.BuildServiceProvider();
    }

    /// <summary>What a server does at its start.</summary>
    public async Task<Bench> StartedAsync()
    {
        foreach (var s in Services.GetServices<IHostedService>()) await s.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>The server goes and comes again; what it runs goes on.</summary>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        foreach (var s in Services.GetServices<IHostedService>()) await s.StopAsync(default);
        await Services.DisposeAsync();
        meanwhile?.Invoke();
        Services = Build();
        await StartedAsync();
    }

    public Task<string> GitDirectoryAsync(string workspace, string project, CancellationToken cancellation) => Task.FromResult(Path.Combine(Repository, ".git"));

    /// <summary>Adds files and returns the commit. A value that starts with "→ " makes a symbolic link.</summary>
    public string Commit(params (string Path, string Content)[] files)
    {
        Directory.CreateDirectory(Repository);
        if (!Directory.Exists(Path.Combine(Repository, ".git"))) Git("init", "-q");
        foreach (var (path, content) in files)
        {
            var full = Path.Combine(Repository, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (content.StartsWith("→ ", StringComparison.Ordinal)) File.CreateSymbolicLink(full, content[2..]);
            else File.WriteAllText(full, content);
        }
        Git("add", "-A");
        Git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "change");
        return Git("rev-parse", "HEAD").Trim();
    }

    public string Git(params string[] arguments) => GitWith("", arguments);

    public string GitWith(string input, params string[] arguments)
    {
        using var p = Process.Start(new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Repository, RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true,
        })!;
        p.StandardInput.Write(input);
        p.StandardInput.Close();
        var text = p.StandardOutput.ReadToEnd();
        var errors = p.StandardError.ReadToEnd();
        p.WaitForExit();
        p.ExitCode.ShouldBe(0, errors);
        return text;
    }

    public static ServiceCommand Run(string line) => new(line, ".", "test");

    public static ServicePlan Service(
        string? install = null, string? build = null, string? start = "node server.js", string? test = null, double buildSeconds = 60, int diskMiB = 512,
        double startSeconds = 30, double stopSeconds = 5, int failures = 2, int memoryMiB = 1024, string path = "/health", ServiceKind kind = ServiceKind.Web,
        string? directory = null, params VariablePlan[] variables) =>
        new("app", ".", kind, "node", null, null, null, install is null ? null : Run(install), build is null ? null : Run(build),
            start is null ? null : Run(start), null, test is null ? null : Run(test), directory, new PortPlan(3000, null),
            new HealthCheckPlan(path, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(startSeconds), failures),
            new ResourceLimits(memoryMiB, 64, 1024, TimeSpan.FromSeconds(buildSeconds), diskMiB, TimeSpan.FromSeconds(stopSeconds)), [.. variables]);

    public static VariablePlan Variable(string name, string value) => new(name, VariableState.Repository, value, false, "test");

    public Task<BuildResult> BuildAsync(string commit, ServicePlan service, bool tests = false, CancellationToken cancellation = default) =>
        Target.BuildAsync(new("ws", "shop", commit, service, tests), l => { lock (Log) Log.Add(l); }, cancellation);

    public Task<StartResult> StartAsync(string digest, ServicePlan service, int release = 1, string environment = "production", CancellationToken cancellation = default) =>
        Target.StartAsync(new("ws", "shop", environment, release, $"v{release}", digest, service), l => { lock (Log) Log.Add(l); }, cancellation);

    public Task StopAsync(int release = 1) => Target.StopAsync(new("ws", "shop", "production", release, $"v{release}", TimeSpan.FromSeconds(2)), _ => { }, default);

    public static InstanceKey Key(int release = 1) => new("ws", "shop", "production", release);

    /// <summary>Builds and starts in one go.</summary>
    public async Task<StartResult> UpAsync(ServicePlan service, params (string Path, string Content)[] files)
    {
        var built = await BuildAsync(Commit(files), service);
        return await StartAsync(built.ArtifactDigest, service);
    }

    public static async Task<string> GetAsync(string address, string path = "/")
    {
        using var http = new HttpClient();
        return await http.GetStringAsync($"http://{address}{path}");
    }

    public Task HappenedAsync(InstanceEvent happened, CancellationToken cancellation)
    {
        lock (_events)
        {
            _events.Add(happened);
            _more.TrySetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return Task.CompletedTask;
    }

    public async Task<InstanceEvent> EventAsync(InstanceEventKind kind)
    {
        while (true)
        {
            Task more;
            lock (_events)
            {
                if (_events.Find(e => e.Kind == kind) is { } found) return found;
                more = _more.Task;
            }
            await more.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>Processes that carry the marker of this instance, whatever they are.</summary>
    internal List<ProcessStat> Processes(InstanceRecord r) => ProcessTable.Tree(0, r.Marker);

    public async ValueTask DisposeAsync()
    {
        foreach (var s in Services.GetServices<IHostedService>()) await s.StopAsync(default);
        foreach (var r in Target.List()) await ProcessTable.KillTreeAsync(r.Pid > 1 && ProcessTable.Alive(r.Pid, r.StartTicks) ? r.Pid : 0, r.Marker);
        await Services.DisposeAsync();
        if (_owner) FileTree.Delete(Home);
    }
}
