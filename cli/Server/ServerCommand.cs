using System.CommandLine;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

public static class ServerCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "Where to listen on 127.0.0.1; 0 for any free port", DefaultValueFactory = _ => 7400 };

    public static Command Create()
    {
        var command = new Command("server", "Run the server in the foreground (what an init system starts)") { Port };
        command.SetAction((parse, cancellation) => ServerHost.RunAsync(new() { Home = Cli.Home, Port = parse.GetValue(Port) }, cancellation));
        return command;
    }
}
