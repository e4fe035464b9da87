using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>The judge on a recorded trace, without a server.</summary>
public static class JudgeCommand
{
    private static readonly Argument<string> Trace = new("trace") { Description = "JSON lines: {\"t\",\"version\":\"canary\"|\"stable\",\"requests\",\"errors\",\"latency_ms\":[…]}; - for stdin" };
    private static readonly Option<string> Policy = new("--policy") { Description = "sequential, mann-whitney or threshold", DefaultValueFactory = _ => JudgePolicy.Sequential };
    private static readonly Option<double?> Alpha = new("--alpha") { Description = "The error budget, in (0, 1)" };

    public static Command Create() => new Command("judge", "What the judge says of a recorded trace") { Trace, Policy, Alpha }.Runs(async (run, cancellation) =>
    {
        var name = run.Get(Policy)!;
        if (!CanaryPolicies.Knows(name))
            throw new CliException(ExitCode.Usage, "judge.no-such-policy", "No such policy", $"'{name}' is no policy.", $"Use one of: {string.Join(", ", CanaryPolicies.Names)}");
        if (run.Get(Alpha) is { } alpha && alpha is not (> 0 and < 1))
            throw new CliException(ExitCode.Usage, "judge.bad-alpha", "Not a budget", $"{alpha} is not between 0 and 1.");
        var policy = new JudgePolicy { Name = name };
        if (run.Get(Alpha) is { } budget) policy = policy with { Alpha = budget };
        var path = run.Get(Trace)!;
        if (path != "-" && !File.Exists(path)) throw new CliException(ExitCode.NotFound, "judge.no-trace", "No trace", $"There is no file {path}.");
        try
        {
            var lines = path == "-" ? (await Console.In.ReadToEndAsync(cancellation)).Split('\n') : await File.ReadAllLinesAsync(path, cancellation);
            var verdict = TraceReplay.Run(policy, lines);
            run.ExitCode = verdict.Verdict == Verdict.Unhealthy ? ExitCode.Rejected : ExitCode.Ok;
            run.Line($"{verdict.Verdict} at {verdict.At:0.#} s: {verdict.Evidence.Reason}");
            foreach (var m in verdict.Evidence.Metrics) run.Line($"  {m.Text}");
            run.Next($"prodsprint judge {path} --policy {CanaryPolicies.Names.First(n => n != name)}");
            return JsonSerializer.SerializeToNode(verdict, KernelJson.Options);
        }
        catch (TraceFormatException e)
        {
            throw new CliException(ExitCode.Usage, "judge.bad-trace", "The trace cannot be read", e.Message, $"Look at line {e.Line}");
        }
    });
}
