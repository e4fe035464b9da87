using System.Diagnostics;
using System.Globalization;
using ProdSprint.Projects;

namespace ProdSprint.Bench;

/// <summary>
/// The audit of a repository of 5,000 files, as a folder and as a commit, and of one of a gigabyte: its time, and the most memory that a process of its own had for it.
/// </summary>
public static class AuditBench
{
    private const double Seconds = 1, MostMiB = 512;

    /// <param name="mib">The large repository's size. Its program's sources are a tenth; the rest is data as people commit it.</param>
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(int files = 5000, int mib = 1024, int runs = 5, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var home = Directory.CreateTempSubdirectory("prodsprint-bench-audit-").FullName;
        try
        {
            var small = Path.Combine(home, "small");
            AuditTree.Many(small, files);
            var folder = await TimesAsync(small, runs, cancellation);
            progress?.Report(0.2);
            await AuditTree.CommitAsync(small, cancellation);
            var commit = await TimesAsync(small, runs, cancellation);
            progress?.Report(0.4);
            var large = Path.Combine(home, "large");
            AuditTree.Large(large, mib);
            await AuditTree.CommitAsync(large, cancellation);
            progress?.Report(0.7);
            var (took, peaks) = (new List<double>(), new List<double>());
            for (var n = 0; n < Math.Min(3, runs); n++)
            {
                var clock = Stopwatch.StartNew();
                peaks.Add(await PeakMiBAsync(large, cancellation));
                took.Add(clock.Elapsed.TotalSeconds);
                progress?.Report(0.7 + 0.1 * (n + 1));
            }
            return
            [
                Row($"{files} files as a folder", folder, "s", Seconds), Row($"{files} files as a commit", commit, "s", Seconds),
                Row($"{mib} MiB as a commit: most memory", peaks, "MiB", MostMiB), Row($"{mib} MiB as a commit, with the start of the process", took, "s", null),
            ];
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<List<double>> TimesAsync(string path, int runs, CancellationToken cancellation)
    {
        var times = new List<double>();
        for (var n = 0; n <= runs; n++)
        {
            var clock = Stopwatch.StartNew();
            var outcome = await AuditRun.RunAsync(path, cancellation: cancellation);
            if (outcome.Report.Services.IsEmpty) throw new InvalidOperationException("The audit found nothing in the bench's own tree.");
            // the first run compiles the code; a server has that behind it
            if (n > 0) times.Add(clock.Elapsed.TotalSeconds);
        }
        return times;
    }

    /// <summary>The highest resident size that the kernel saw, of a process that does nothing but this audit.</summary>
    private static async Task<double> PeakMiBAsync(string path, CancellationToken cancellation)
    {
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(AuditBench).Assembly.Location] : [];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. self, "audit", path, "--json"]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellation);
        double peak = 0;
        while (!process.HasExited)
        {
            try
            {
                var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
                if (line is not null) peak = Math.Max(peak, double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024);
            }
            catch (IOException) { }
            await Task.Delay(5, cancellation);
        }
        await output;
        return process.ExitCode == 0 ? peak : throw new InvalidOperationException($"prodsprint audit ended with {process.ExitCode}.");
    }

    private static BenchRow Row(string name, List<double> values, string unit, double? target)
    {
        double[] sorted = [.. values.Order()];
        var median = sorted[sorted.Length / 2];
        return new(name, Math.Round(median, 3), unit, null, null, target is null ? "beside it" : $"≤ {target} {unit}", target is null || median <= target, [.. values.Select(v => Math.Round(v, 3))]);
    }
}
