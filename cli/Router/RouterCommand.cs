using System.Net;
using System.Runtime.InteropServices;
using ProdSprint.Traffic;

namespace ProdSprint.Router;

/// <summary><c>prodsprint router --state DIR [--bind IPv4] [--port SHARED] [--ports FIRST-LAST] [--loops N] [--drain SECONDS]</c>: runs the data plane until SIGTERM.</summary>
public static class RouterCommand
{
    private const string Usage = "usage: prodsprint router --state DIR [--bind IPv4] [--port SHARED_PORT] [--ports FIRST-LAST] [--loops N] [--drain SECONDS]";

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (Parse(args) is not { } options)
        {
            Console.Error.WriteLine(Usage);
            return RouterProcess.BadOptions;
        }
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        // The terminal it was started from may go; the router does not.
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true);
        return await RouterProcess.RunAsync(options, stop.Token);
    }

    internal static RouterOptions? Parse(IReadOnlyList<string> args)
    {
        RouterOptions options = new() { StateDirectory = "" };
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count) return null;
            var value = args[i + 1];
            switch (args[i])
            {
                case "--state": options = options with { StateDirectory = Path.GetFullPath(value) }; break;
                case "--bind" when IPAddress.TryParse(value, out var address): options = options with { BindAddress = address }; break;
                case "--port" when int.TryParse(value, out var port): options = options with { SharedPort = port }; break;
                case "--ports" when PortRange.Parse(value) is { } ports: options = options with { Ports = ports }; break;
                case "--loops" when int.TryParse(value, out var loops): options = options with { Loops = loops }; break;
                case "--drain" when double.TryParse(value, out var seconds): options = options with { Drain = TimeSpan.FromSeconds(seconds) }; break;
                default: return null;
            }
        }
        return options;
    }
}
