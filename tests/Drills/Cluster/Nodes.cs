using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Hosting;
using ProdSprint.Kernel;
using ProdSprint.Traffic;

namespace ProdSprint.Drills;

/// <summary>A cluster on this machine: one PostgreSQL, and nodes that are processes of their own with roles of their own.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("prodsprint-nodes-").FullName;
    private readonly Dictionary<string, (Process Process, int Port)> _running = [];
    private readonly PrivateCluster _database;
    private string _connection = "";

    private Nodes() => _database = new(new() { Directory = Path.Combine(_folder, "postgres") }, NullLogger<PrivateCluster>.Instance);

    /// <param name="nodes">Names with their roles; all are started at once, as an orchestrator does, and ready when this returns.</param>
    public static async Task<Nodes> StartAsync(params (string Name, string Roles)[] nodes)
    {
        var started = new Nodes();
        started._connection = await started._database.StartAsync();
        foreach (var (name, roles) in nodes) started.Start(name, roles);
        foreach (var (name, _) in nodes) await started.ReadyAsync(name);
        return started;
    }

    public string Folder => _folder;

    public ApiClient Client(string web, string user) => new(UrlOf(web), user);

    public void Start(string name, string roles)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        foreach (var argument in (string[])["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", LogOf(name), Program, "server", "--port", $"{port}"]) start.ArgumentList.Add(argument);
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["PRODSPRINT_HOME"] = Home(name), ["ASPNETCORE_ENVIRONMENT"] = "Development", ["DOTNET_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__prodsprint"] = _connection, ["Server__Roles"] = roles, ["Cluster__Id"] = "drill", ["Cluster__Address"] = "127.0.0.1",
            ["Cluster__SiloPort"] = $"{FreePort()}", ["Cluster__GatewayPort"] = $"{FreePort()}", ["Jobs__Lease"] = "00:00:05",
        }) start.Environment[key] = value;
        _running[name] = (Process.Start(start)!, port);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(string name)
    {
        var (process, _) = _running[name];
        process.Kill();
        await process.WaitForExitAsync();
        _running.Remove(name);
    }

    public async Task ReadyAsync(string name)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Eventually.Is($"{name} is ready", async () =>
        {
            if (_running[name].Process.HasExited) throw new InvalidOperationException($"{name} ended: {string.Join('\n', File.ReadLines(LogOf(name)).TakeLast(8))}");
            try
            {
                using var answer = await http.GetAsync(new Uri(UrlOf(name), "/health/ready"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, ready => ready);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _running.Keys.ToList()) await KillAsync(name);
        foreach (var home in Directory.GetDirectories(_folder, "home-*"))
        {
            await LocalTargetStop.AllAsync(Path.Combine(home, "deploy"), Grace, CancellationToken.None);
            await new RouterLauncher(SiloServices.RouterOptionsOf(home), new(Program, []), TimeProvider.System).StopAsync(Grace);
        }
        await _database.StopAsync();
        // Artifacts are read-only on purpose.
        using var remove = Process.Start("/bin/sh", ["-c", "chmod -R u+w \"$1\" 2>/dev/null; rm -rf -- \"$1\"", "sh", _folder]);
        await remove.WaitForExitAsync();
    }

    private Uri UrlOf(string name) => new($"http://127.0.0.1:{_running[name].Port}");

    private string Home(string name) => Path.Combine(_folder, $"home-{name}");

    private string LogOf(string name) => Path.Combine(_folder, $"{name}.log");

    /// <summary>Below those that outgoing connections are given, so that nobody takes it in passing.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    private static string Program { get; } =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "ProdSprint.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "prodsprint"));
}
