using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>The auditor on a folder or repository, without a server.</summary>
public static class AuditCommand
{
    private static readonly Argument<string> Folder = new("path") { Description = "A folder or a git repository on this machine", DefaultValueFactory = _ => "." };
    private static readonly Option<string?> Ref = new("--ref") { Description = "Branch, tag or commit (default: HEAD)" };

    public static Command Create() => new Command("audit", "What is in a repository, and what is missing; needs no server") { Folder, Ref }.Runs(async (run, cancellation) =>
    {
        AuditOutcome outcome;
        try
        {
            outcome = await AuditRun.RunAsync(run.Get(Folder)!, run.Get(Ref), cancellation: cancellation);
        }
        catch (GitProblem e)
        {
            throw new CliException(ExitCode.Usage, e.Code, "Cannot be audited", e.Message);
        }
        if (outcome.Note is not null && !run.Json) Screen.Note(outcome.Note);
        foreach (var s in outcome.Report.Services)
        {
            run.Line($"{Screen.Bold(s.Name)}  {s.Path}  {s.Language}{(s.Framework is { } f ? $" · {f}" : "")}{(s.PackageManager is { } p ? $" · {p.Value}" : "")}");
            foreach (var (what, command) in new[] { ("install", s.InstallCommand), ("build", s.BuildCommand), ("start", s.StartCommand) })
                if (command is not null) run.Line($"  {what,-8} {command.Line}  {Screen.Dim(command.Source)}");
        }
        foreach (var g in outcome.Report.Gaps)
        {
            var mark = g.Severity switch { GapSeverity.Blocking => Screen.Bad("blocking"), GapSeverity.Warning => "warning ", _ => Screen.Dim("info    ") };
            run.Line($"{mark} {g.Code}  {g.Title}. {g.Remediation}");
        }
        run.Next($"prodsprint import {run.Get(Folder)}");
        return JsonNode.Parse(AuditJson.Write(outcome.Report));
    });
}
