using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary><c>prodsprint vulnerabilities --report FILE</c>: what Trivy, Grype, Snyk or anything that writes SARIF found. Exit code 3 when something critical or high is in it.</summary>
internal static class ReportOfScanner
{
    private const int Shown = 200;

    public static JsonNode? Read(CommandRun run, string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var report = ScannerReport.Read(stream);
            foreach (var f in report.Findings.Take(Shown)) VulnerabilitiesCommand.Say(run, f);
            if (report.Total > Shown) run.Line($"… and {report.Total - Shown} more");
            run.Line($"{report.Total} findings ({report.Format}): {string.Join(", ", report.Levels.Select(l => $"{l.Value} {l.Key}").DefaultIfEmpty("none"))}");
            if (report.Levels.ContainsKey("critical") || report.Levels.ContainsKey("high")) run.ExitCode = ExitCode.Rejected;
            return JsonNode.Parse(CanonicalJson.Write(new { report.Format, report.Total, report.Left, report.Levels, report.Findings }));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, "vulnerabilities.bad-report", "The report cannot be read", $"{file}: {e.Message}", "Give a JSON report of Trivy, Grype or Snyk, or one in SARIF");
        }
    }
}
