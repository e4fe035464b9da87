using Microsoft.AspNetCore.Builder;
using ProdSprint.Server;

namespace ProdSprint.Bench;

/// <summary>A whole server of its own, as people start one, that goes away with everything it made.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly string _home;

    private BenchServer(string home, WebApplication app) => (_home, App) = (home, app);

    public WebApplication App { get; }

    public static async Task<BenchServer> StartAsync(string name, CancellationToken cancellation)
    {
        // Without what only developers get: a page of exceptions around every request, and a person whom a header names.
        Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", "Staging");
        var home = Directory.CreateTempSubdirectory($"prodsprint-bench-{name}-").FullName;
        var settings = new Dictionary<string, string?>
        {
            // Log lines would go between those of this command.
            ["Logging:Console:LogLevel:Default"] = "Error",
            ["Identity:Mode"] = "accounts",
            // Where the benchmarks make the repositories that they import.
            ["Sources:LocalRoots:0"] = Path.GetTempPath(),
        };
        // The limiter does all its work, and lets everything through.
        foreach (var tier in (string[])["Read", "Write", "Stranger", "SignIn"]) (settings[$"Limits:{tier}:PerSecond"], settings[$"Limits:{tier}:Burst"]) = ("1000000", "10000000");
        settings["Limits:Heavy:Burst"] = "1000000";
        try
        {
            var app = await ServerHost.BuildAsync(new() { Home = home, Port = 0, Settings = settings }, cancellation);
            await app.StartAsync(cancellation);
            return new(home, app);
        }
        catch
        {
            await EndAsync(home);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        await EndAsync(_home);
    }

    private static async Task EndAsync(string home)
    {
        await LocalMachine.StopAllAsync(home, CancellationToken.None);
        Directory.Delete(home, recursive: true);
    }
}
