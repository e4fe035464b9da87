using System.CommandLine;
using ProdSprint.Kernel;

// Before anything else is loaded: these are processes of their own that must start fast and stay small.
if (args is ["router", .. var rest]) return await ProdSprint.Router.RouterCommand.RunAsync(rest);
if (args is ["infrastructure-step", .. var step]) return await ProdSprint.Infrastructure.StepClient.RunAsync(step);
if (args is ["static", .. var site]) return await ProdSprint.Deploy.StaticServer.RunAsync(site);

// "help release" is what people try first; it means "release --help".
if (args is ["help", .. var about]) args = [.. about, "--help"];

var root = CommandTree.Build();
var parse = root.Parse(args);
return parse.Errors.Count > 0 && !args.Contains("--help")
    ? Cli.Fail("parse", args.Contains("--json"), Suggestions.For(root, args, parse))
    : await parse.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
