using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Hosting;
using ProdSprint.Kernel;
using ProdSprint.Projects;
using ProdSprint.Traffic;

namespace ProdSprint.Drills;

/// <summary>ProdSprint as on a user's machine, with a home of its own: server, router, database and applications are real processes.</summary>
public class Installation : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly string _home = Path.Combine(Path.GetTempPath(), "prodsprint-drills-" + Guid.NewGuid().ToString("N")[..10]);
    private readonly PrivateClusterOptions _cluster;
    private Process? _server;
    private IReadOnlyList<string>? _unbroken;
    private WalkResult? _unbrokenWalk;
    private string? _owner;
    private int _projects;

    public Installation() => _cluster = new() { Directory = Path.Combine(_home, "postgres") };

    /// <summary>All that it keeps lies below.</summary>
    protected string Home => _home;

    public Uri Url { get; private set; } = null!;

    /// <summary>PostgreSQL, stopped and started beneath the server.</summary>
    public PrivateCluster Database => new(_cluster, NullLogger<PrivateCluster>.Instance);

    /// <summary>PostgreSQL's own process, the parent of all its others.</summary>
    public int PostmasterPid => int.Parse(File.ReadLines(PostmasterFile).First());

    public string PostmasterFile => Path.Combine(_cluster.Directory, "data", "postmaster.pid");
    /// <summary>Sees what is built and started, whoever asks for it.</summary>
    internal Witness Witness { get; } = new();

    /// <summary>As the database's owner, without a server.</summary>
    internal async Task<NpgsqlConnection> OpenDatabaseAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_owner ??= await Database.StartAsync()) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    internal async Task<T> AskDatabaseAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public string RepositoryOf(string application) => Path.Combine(_home, "repositories", application);

    /// <summary>What the router would serve from if it started now.</summary>
    public string OrdersDirectory => SiloServices.RouterOptionsOf(_home).OrdersDirectory;

    public int RouterPid => (int)JsonNode.Parse(File.ReadAllText(SiloServices.RouterOptionsOf(_home).PidPath))!["pid"]!;

    /// <summary>Where environments have their directories and secrets, and Terraform its work.</summary>
    public string InfrastructureRoot => Path.Combine(_home, "infrastructure");

    public string NextProject() => $"drill-{++_projects}";

    public ApiClient Client(string user) => new(Url, user);

    /// <summary>Where its artifacts, running copies and build logs lie.</summary>
    public virtual string DeployRoot => Path.Combine(_home, "deploy");

    public virtual async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_home);
        DrillApp.Write(Path.Combine(_home, "samples"), Witness.Url);
        foreach (var application in (string[])[DrillApp.Name, DrillApp.Brief, DrillApp.Patient])
            await SampleRepository.CreateAsync(Path.Combine(_home, "samples"), application, RepositoryOf(application));
        await StartServerAsync();
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public Task StartServerAsync()
    {
        LaunchServer();
        return ReadyAsync();
    }

    public void LaunchServer()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        foreach (var argument in (string[])["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", LogFile, Program, "server", "--port", "0"]) start.ArgumentList.Add(argument);
        start.Environment["PRODSPRINT_HOME"] = _home;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["Deploy__Root"] = DeployRoot;
        foreach (var (name, value) in Settings) start.Environment[name] = value;
        start.Environment["Jobs__Lease"] = "00:00:05"; // a dead server's jobs are taken over after this: a drill need not wait half a minute
        start.Environment["Jobs__MaxInterruptions"] = "1000"; // a job that saw many servers die is suspected of it: here it is the drill
        _server = Process.Start(start)!;
    }

    public async Task ReadyAsync()
    {
        var file = Path.Combine(_home, "server.json");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Url = (await Eventually.Is("the server is ready", async () =>
        {
            if (_server!.HasExited) throw new InvalidOperationException($"The server ended with {_server.ExitCode}: {LastWords()}");
            if (!File.Exists(file) || JsonNode.Parse(await File.ReadAllTextAsync(file)) is not { } said || (int)said["pid"]! != _server.Id) return null;
            var url = new Uri(said["url"]!.ToString());
            using var ready = await http.GetAsync(new Uri(url, "/health/ready"));
            return ready.IsSuccessStatusCode ? url : null;
        }, url => url is not null))!;
    }

    /// <summary>The timeline of v2 on its way to production when nothing goes wrong: what every drill with the same outcome is compared with.</summary>
    internal async Task<IReadOnlyList<string>> UnbrokenAsync()
    {
        if (_unbroken is { } known) return known;
        await using var project = await DrillProject.WithVisitorsAsync(this);
        var release = await project.ReleaseAsync("v2");
        await project.PromotedAsync(release);
        return _unbroken = await project.KindsAsync(release);
    }

    /// <summary>The same, through the door at which other walks are broken off.</summary>
    internal async Task<WalkResult> UnbrokenReleaseAsync() => _unbrokenWalk ??= await BoundaryWalk.RunAsync(this, kill: null);

    /// <summary>One run of the command line, as a script runs it.</summary>
    internal async Task<(int Exit, string Output)> CliAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PRODSPRINT_HOME"] = _home;
        start.Environment.Remove("PRODSPRINT_URL");
        using var run = Process.Start(start)!;
        run.StandardInput.Close();
        var (output, error) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        await run.WaitForExitAsync();
        await error;
        return (run.ExitCode, await output);
    }

    /// <summary>kill -9: nothing of it runs any further instruction.</summary>
    public async Task KillServerAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
    }

    /// <summary>What all lives of the server have logged.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(_home, "server.log");

    /// <summary>Stops everything with <c>down --all</c>, takes the home away, and puts back what was kept of it: as docs/operations.md says.</summary>
    public async Task MoveThroughABackupAsync()
    {
        var kept = _home + ".tar";
        await RunAsync(Program, "down", "--all");
        File.Exists(PostmasterFile).ShouldBeFalse();
        await RunAsync("tar", "-C", Path.GetDirectoryName(_home)!, "-cpf", kept, Path.GetFileName(_home));
        await RunAsync("rm", "-rf", "--", _home);
        await RunAsync("tar", "-C", Path.GetDirectoryName(_home)!, "-xpf", kept);
        File.Delete(kept);
        await StartServerAsync();
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["PRODSPRINT_HOME"] = _home;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, program);
    }

    private string LastWords() => string.Join('\n', Log.Split('\n').TakeLast(8));

    /// <summary>What is set otherwise than by default, as environment variables of the server.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public virtual async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false }) await KillServerAsync();
        await LocalTargetStop.AllAsync(DeployRoot, Grace, CancellationToken.None);
        await new RouterLauncher(SiloServices.RouterOptionsOf(_home), new(Program, []), TimeProvider.System).StopAsync(Grace);
        await Database.StopAsync();
        Witness.Dispose();
        // Artifacts are read-only on purpose.
        if (Environment.GetEnvironmentVariable("PRODSPRINT_KEEP_DRILLS") is not null) return;
        using var remove = Process.Start("/bin/sh", ["-c", "chmod -R u+w \"$1\" 2>/dev/null; rm -rf -- \"$1\"", "sh", _home]);
        await remove.WaitForExitAsync();
    }

    protected static string Program { get; } =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "ProdSprint.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "prodsprint"));
}

[CollectionDefinition(Name)]
public sealed class OneInstallation : ICollectionFixture<Installation>
{
    public const string Name = "one installation";
}
