using System.Diagnostics;

namespace ProdSprint.Traffic.Tests;

/// <summary>A running router with a state directory of its own.</summary>
public abstract class RouterHarness : IAsyncLifetime
{
    public string State { get; } = Directory.CreateTempSubdirectory("ps-router-").FullName;
    public abstract ITrafficRouter Router { get; }
    public abstract int SharedPort { get; }

    /// <summary>False for HAProxy, whose tests say what it does differently.</summary>
    public virtual bool IsOurs => true;

    public abstract ValueTask InitializeAsync();

    /// <summary>Ends the router without warning and starts it again on the same state.</summary>
    public abstract Task CrashAndRestartAsync();

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(State, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Our router within the test process.</summary>
public sealed class InProcessRouter : RouterHarness
{
    private readonly LocalRouterClient _client;
    private CancellationTokenSource _stop = new();
    private Task<int> _running = Task.FromResult(0);
    private int _port;

    public InProcessRouter() => _client = new(State);

    public override ITrafficRouter Router => _client;
    public override int SharedPort => _port;

    public override async ValueTask InitializeAsync()
    {
        _stop = new();
        _running = RouterProcess.RunAsync(new() { StateDirectory = State, SharedPort = _port, Drain = TimeSpan.FromSeconds(1), Loops = 2 }, _stop.Token);
        _port = (await Answering.StatusAsync(_client)).SharedPort!.Value;
    }

    /// <summary>In process there is no crash to be had: orders must not need the end they get here, which the child process' tests see to.</summary>
    public override async Task CrashAndRestartAsync()
    {
        await StopAsync();
        await InitializeAsync();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        (await _running).ShouldBe(0);
    }

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _client.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>Our router as users run it: <c>prodsprint router</c>, started and adopted by the launcher.</summary>
public sealed class ChildRouter : RouterHarness
{
    private readonly LocalRouterClient _client;
    private RouterOptions _options;

    public ChildRouter()
    {
        _client = new(State);
        _options = new() { StateDirectory = State, SharedPort = 0, Drain = TimeSpan.FromSeconds(1), Loops = 2 };
    }

    public static RouterCommandLine Command { get; } = new(
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "ProdSprint.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "prodsprint")), []);

    public RouterLauncher Launcher => new(_options, Command, TimeProvider.System);
    public RunningRouter Running { get; private set; } = new(0, "", false);
    public override ITrafficRouter Router => _client;
    public override int SharedPort => _options.SharedPort!.Value;

    public override async ValueTask InitializeAsync()
    {
        Running = await Launcher.EnsureRunningAsync();
        _options = _options with { SharedPort = (await Router.StatusAsync()).SharedPort };
    }

    public override async Task CrashAndRestartAsync()
    {
        using var process = Process.GetProcessById(Running.ProcessId);
        process.Kill();
        await process.WaitForExitAsync();
        await InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        (await Launcher.StopAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        await _client.DisposeAsync();
        await base.DisposeAsync();
    }
}

internal static class Answering
{
    public static async Task<RouterStatus> StatusAsync(ITrafficRouter router)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await router.StatusAsync();
            }
            catch (RouterUnavailableException) when (i < 500)
            {
                await Task.Delay(20);
            }
        }
    }
}
