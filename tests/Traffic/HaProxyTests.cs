using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace ProdSprint.Traffic.Tests;

/// <summary>A real HAProxy. Where it is missing these tests fail and say so: the conformance of the second router is not optional.</summary>
public sealed class HaProxyHarness : RouterHarness
{
    private HaProxyRouter? _router;
    private readonly int _port = FreePort();

    public override bool IsOurs => false;
    public override ITrafficRouter Router => _router!;
    public override int SharedPort => _port;

    public override async ValueTask InitializeAsync()
    {
        _router = new(new() { StateDirectory = State, SharedPort = _port, MaxConnections = 1000, RingBytes = 64 * 1024 }, TimeProvider.System, NullLogger<HaProxyRouter>.Instance);
        await _router.StartAsync();
    }

    /// <summary>The server goes and comes back; HAProxy stays.</summary>
    public async Task ReplaceServerAsync(Func<Task> meanwhile)
    {
        await _router!.DisposeAsync();
        await meanwhile();
        await InitializeAsync();
    }

    public override async Task CrashAndRestartAsync()
    {
        await _router!.DisposeAsync();
        await KillAsync();
        await InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_router is not null) await _router.DisposeAsync();
        await KillAsync();
        await base.DisposeAsync();
    }

    /// <summary>Its master, by the pid it wrote; the workers end with it.</summary>
    private async Task KillAsync()
    {
        var pidFile = Path.Combine(State, "haproxy.pid");
        if (!File.Exists(pidFile)) return;
        var master = int.Parse(File.ReadLines(pidFile).First());
        var family = Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out var pid) ? pid : 0).Where(pid => pid == master || ParentOf(pid) == master).ToArray();
        foreach (var pid in family)
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
                await process.WaitForExitAsync();
            }
            catch (ArgumentException)
            {
                // Ended already.
            }
        }
    }

    private static int ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }
}

public sealed class HaProxyTests(HaProxyHarness harness) : RouterConformance(harness), IClassFixture<HaProxyHarness>;

public sealed class HaProxyRestartTests(HaProxyHarness harness) : RouterRestarts(harness), IClassFixture<HaProxyHarness>
{
    [Fact]
    public async Task Stop_EndsTheHaProxyOfItsDirectory_AndNothingWhenNoneRuns()
    {
        await using var other = new HaProxyHarness();
        await other.InitializeAsync();
        var options = new HaProxyOptions { StateDirectory = other.State };
        var master = int.Parse(File.ReadLines(Path.Combine(other.State, "haproxy.pid")).First());

        (await HaProxyStop.StopAsync(options, TimeSpan.FromSeconds(10), TimeProvider.System)).ShouldBeTrue();

        // Where nobody buries it, what is left of an ended process has no command line.
        (Directory.Exists($"/proc/{master}") ? File.ReadAllText($"/proc/{master}/cmdline") : "").ShouldBe("");
        (await HaProxyStop.StopAsync(options, TimeSpan.FromSeconds(10), TimeProvider.System)).ShouldBeFalse();
        (await harness.Router.StatusAsync()).ProcessId.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ServerAway_ReportsAreKeptForIt()
    {
        using var client = new HttpClient();
        var scene = new Scene(() => harness.Router);
        await using var v1 = await TestVersion.StartAsync("v1");
        await scene.RouteAsync(v1.Stable());
        var lostBefore = (await harness.Router.StatusAsync()).DroppedRequests;
        await harness.ReplaceServerAsync(async () =>
        {
            for (var i = 0; i < 25; i++) (await client.GetStringAsync($"http://127.0.0.1:{scene.Port}/")).ShouldBe("v1");
        });
        (await scene.ReportsAsync(25))["v1"].Requests.ShouldBe(25);
        (await harness.Router.StatusAsync()).DroppedRequests.ShouldBe(lostBefore);
        await scene.DisposeAsync();
    }

    [Fact]
    public async Task ServerAway_TooLongForTheRing_CountsWhatIsLost()
    {
        using var client = new HttpClient();
        var scene = new Scene(() => harness.Router);
        await using var v1 = await TestVersion.StartAsync("v1");
        await scene.RouteAsync(v1.Stable());
        await client.GetStringAsync($"http://127.0.0.1:{scene.Port}/");
        await scene.ReportsAsync(1);
        var lostBefore = (await harness.Router.StatusAsync()).DroppedRequests;
        const int sent = 3000;
        await harness.ReplaceServerAsync(async () =>
        {
            for (var i = 0; i < sent; i++) await client.GetStringAsync($"http://127.0.0.1:{scene.Port}/");
        });
        await scene.ReportsAsync(sent / 10);
        // A full ring refuses the newest lines; their number is known with the first that comes after them.
        await client.GetStringAsync($"http://127.0.0.1:{scene.Port}/");
        var got = (await scene.ReportsAsync(sent / 10))["v1"].Requests;
        got.ShouldBeLessThan(sent);
        (await harness.Router.StatusAsync()).DroppedRequests.ShouldBe(lostBefore + sent + 1 - got);
        await scene.DisposeAsync();
    }
}
