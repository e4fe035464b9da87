using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ProdSprint.Tests.Deploy;

/// <summary>A server that tests kill: adopts what runs below HOME, starts one artifact when asked, then waits to be killed.</summary>
internal static class Host
{
    /// <summary>HOME SANDBOX [DIGEST]</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var bench = new Bench(bool.Parse(arguments[1]), directory: arguments[0]);
        foreach (var s in bench.Services.GetServices<IHostedService>()) await s.StartAsync(default);
        if (arguments.Length > 2)
        {
            var started = await bench.StartAsync(arguments[2], Bench.Service());
            Console.WriteLine($"started {started.Address} {started.Pid}");
        }
        Console.WriteLine("ready");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
