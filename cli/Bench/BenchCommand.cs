using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Bench;

/// <summary>Measurements, each with its comparison in the same run. Never a test: a busy machine makes no build red.</summary>
public static class BenchCommand
{
    private static readonly Argument<string?> Name = new("name") { Description = "Which one; without it they are listed", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<bool> Quick = new("--quick") { Description = "Small, to see that it runs; not for figures" };

    private static readonly Option<string?> Railpack = new("--railpack") { Description = "With audit: a copy of Railpack's repository, whose examples are audited and held against its plans" };

    private static readonly Option<string?> Cdxgen = new("--cdxgen") { Description = "With audit: a repository or a folder of several, whose bills of materials are held against cdxgen's" };

    public static Command Create() => new Command("bench", "Measure ProdSprint on this machine") { Name, Quick, Railpack, Cdxgen }.Runs(async (run, cancellation) =>
    {
        if (run.Get(Name) is not { } name)
        {
            foreach (var b in Benches.All) run.Line($"{b.Name,-10} {b.Description}");
            run.Next("prodsprint bench NAME --json");
            return new JsonArray([.. Benches.All.Select(b => (JsonNode)new JsonObject { ["name"] = b.Name, ["description"] = b.Description })]);
        }
        var bench = Benches.All.FirstOrDefault(b => b.Name == name)
            ?? throw new CliException(ExitCode.Usage, "bench.unknown", "No such bench", $"'{name}' is no bench.", $"Use one of: {string.Join(", ", Benches.All.Select(b => b.Name))}");
        var progress = new Progress(run.Json);
        var rows = await AgainstAsync(name, run, progress, cancellation) ?? await ((run.Get(Quick) ? bench.Quick : null) ?? bench.Run)(progress, cancellation);
        foreach (var r in rows)
            run.Line($"{(r.Holds ? Screen.Good("✓") : Screen.Bad("✗"))} {r.Name,-44} {r.Value,14:#,0.###} {r.Unit,-10}{(r.Peer is { } peer ? $" peer {peer:#,0.###}" : "")}{(r.Ratio is { } ratio ? $" ratio {ratio:0.00}" : "")}  target {r.Target}");
        run.ExitCode = rows.All(r => r.Holds) ? ExitCode.Ok : ExitCode.Failed;
        return new JsonObject { ["bench"] = name, ["machine"] = Machine(), ["rows"] = BenchRow.Write(rows) };
    });

    /// <summary>What is to be held against others is held against them and not timed; null when nothing is.</summary>
    private static async Task<IReadOnlyList<BenchRow>?> AgainstAsync(string name, CommandRun run, IProgress<double> progress, CancellationToken cancellation)
    {
        var (railpack, cdxgen) = (run.Get(Railpack), run.Get(Cdxgen));
        if (railpack is null && cdxgen is null) return null;
        if (name != "audit") throw new CliException(ExitCode.Usage, "bench.not-audit", "Nothing to compare", $"--railpack and --cdxgen belong to audit, not to {name}.", "prodsprint bench audit --railpack FOLDER");
        try
        {
            return [.. railpack is null ? [] : await RailpackPeer.RunAsync(railpack, cancellation), .. cdxgen is null ? [] : await CdxgenPeer.RunAsync(cdxgen, progress, cancellation)];
        }
        catch (DirectoryNotFoundException e)
        {
            throw new CliException(ExitCode.Usage, "bench.no-folder", "Cannot be read", e.Message);
        }
    }

    private static string Machine() =>
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    private sealed class Progress(bool quiet) : IProgress<double>
    {
        private int _last = -1;

        public void Report(double share)
        {
            var percent = (int)(share * 100);
            if (quiet || percent == _last || !Screen.Live) return;
            _last = percent;
            Console.Error.Write($"\r{Screen.Bar(share, 40)} {percent,3} %{(percent >= 100 ? "\n" : "")}");
        }
    }
}
