using ProdSprint.Infrastructure;

namespace ProdSprint.Storage;

/// <summary>Runs the tests; with a first word, the program that a resource of Terraform starts.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => arguments is ["infrastructure-step", .. var rest]
        ? StepClient.RunAsync(rest)
        : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments);

    /// <summary>This very program, as a command line.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Storage.Tests");
}
