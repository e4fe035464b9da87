using System.Text.Json;
using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Bench;

/// <summary>
/// The audit held against Railpack's own examples: a copy of its repository, of which examples/NAME is audited and core/__snapshots__ holds the plan that Railpack made of it.
/// A plan does not name the language; the programs that it installs do.
/// </summary>
public static partial class RailpackPeer
{
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(string folder, CancellationToken cancellation = default)
    {
        var (plans, examples) = (Path.Combine(folder, "core", "__snapshots__"), Path.Combine(folder, "examples"));
        if (!Directory.Exists(plans) || !Directory.Exists(examples)) throw new DirectoryNotFoundException($"{folder} is no copy of Railpack's repository: it has no core/__snapshots__ or no examples.");
        var (languages, starts, same, all) = (new List<string>(), new List<string>(), 0, 0);
        foreach (var file in Directory.EnumerateFiles(plans, "TestGenerateBuildPlanForExamples_*.json").Order(StringComparer.Ordinal))
        {
            if (Name().Match(Path.GetFileName(file)) is not { Success: true } match || match.Groups[1].Value is not { } name || !Directory.Exists(Path.Combine(examples, name))) continue;
            cancellation.ThrowIfCancellationRequested();
            using var plan = JsonDocument.Parse(await File.ReadAllTextAsync(file, cancellation));
            var report = (await AuditRun.RunAsync(Path.Combine(examples, name), cancellation: cancellation)).Report;
            var (language, start) = (RailpackPlan.LanguageOf(plan.RootElement), plan.RootElement.TryGetProperty("deploy", out var deploy) ? deploy.Text("startCommand") : null);
            all++;
            if (!report.Services.Any(s => s.Language == language)) languages.Add($"{name} ({language})");
            if (start is not null && !report.Services.Any(s => s.StartCommand is not null || s.OutputDirectory is not null)) starts.Add(name);
            if (report.Services.Any(s => s.StartCommand?.Line == start)) same++;
        }
        if (all == 0) throw new DirectoryNotFoundException($"{plans} has no plan of an example that is in {examples}.");
        return
        [
            Row("the language that Railpack's plan installs", all, languages), Row("something to start where Railpack's plan starts something", all, starts),
            new("the same start command to the letter", same, "examples", all, Math.Round((double)same / all, 3), "beside it: docs/audit.md says why", true, []),
        ];
    }

    private static BenchRow Row(string name, int all, List<string> differ) => new(
        name + (differ.Count == 0 ? "" : $"; not {string.Join(", ", differ.Take(5))}{(differ.Count > 5 ? $" and {differ.Count - 5} more" : "")}"), all - differ.Count, "examples", all, Math.Round((double)(all - differ.Count) / all, 3), "≥ 98 % of them", differ.Count <= 0.02 * all, []);

    [GeneratedRegex(@"^TestGenerateBuildPlanForExamples_(.+)_1\.snap\.json$")]
    private static partial Regex Name();
}
