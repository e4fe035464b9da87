using ProdSprint.Deploy;

namespace ProdSprint.Tests.Deploy;

/// <summary>Runs the tests; with a first word, one of the programs that they need as a process of its own.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => arguments switch
    {
        ["static", .. var rest] => StaticServer.RunAsync(rest),
        ["host", .. var rest] => Host.RunAsync(rest),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments),
    };

    /// <summary>This very program, as a command line.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Deploy.Tests");
}
