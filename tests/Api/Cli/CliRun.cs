using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Cli;

/// <summary>One run of the built <c>prodsprint</c>, as a script runs it: no terminal, stdout and stderr apart.</summary>
public sealed record CliRun(int Exit, string Out, string Error)
{
    /// <summary>The whole of stdout as one document.</summary>
    public JsonNode Envelope => JsonNode.Parse(Out)!;

    public static async Task<CliRun> Of(string[] arguments, string home, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(ServerFixture.Program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["PRODSPRINT_HOME"] = home;
        start.Environment.Remove("PRODSPRINT_URL");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }
}
