using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Procfiles: "name: command" lines. What they say about web comes before what the ecosystem's rules say.</summary>
public static partial class ProcfileReader
{
    public static ImmutableArray<ProcessAudit> Read(string path, AuditContext context)
    {
        var processes = ImmutableArray.CreateBuilder<ProcessAudit>();
        var lines = context.Files.Manifest(path)?.Split('\n') ?? [];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (Line().Match(line) is { Success: true } match)
            {
                if (processes.All(p => p.Name != match.Groups[1].Value)) processes.Add(new(match.Groups[1].Value, match.Groups[2].Value.Trim(), new(path, i + 1)));
            }
            else context.Manifests.Broken(path, i + 1, 1, "expected \"name: command\"");
        }
        return [.. processes.OrderBy(p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>Puts a Procfile's processes on the service of its folder.</summary>
    public static void Apply(ServiceDraft draft, ImmutableArray<ProcessAudit> processes, AuditContext context)
    {
        draft.Processes = processes;
        var chosen = processes.FirstOrDefault(p => p.Name == "web") ?? processes.FirstOrDefault(p => p.Name is "worker") ?? (processes.Length == 1 ? processes[0] : null);
        if (chosen is not null && chosen.Name != "release")
        {
            draft.Start = draft.Command(ForeignCommand.Adapt(chosen.Command, draft), $"{chosen.At.Path} {chosen.Name}");
            draft.StartDoubt = null;
            draft.Kind = chosen.Name == "web" ? ServiceKind.Web : ServiceKind.Worker;
            draft.Output = null;
            if (chosen.Command.Contains("$PORT", StringComparison.Ordinal) || chosen.Command.Contains("${PORT", StringComparison.Ordinal)) draft.Port = new(draft.DefaultPort, "PORT", chosen.At.ToString());
        }
        if (processes.FirstOrDefault(p => p.Name == "release") is { } release)
            draft.Migrations.Insert(0, new("procfile", draft.Directory, 0, draft.Command(ForeignCommand.Adapt(release.Command, draft), $"{release.At.Path} release")));
        foreach (var other in processes.Where(p => p != chosen && p.Name != "release"))
            context.Gaps.Add(GapCodes.ProcessUnplanned, GapSeverity.Warning, $"The process \"{other.Name}\" is not started",
                "Only one process per service is deployed; this one would not run.", $"Give \"{other.Name}\" a service of its own under services: in prodsprint.yml with start: {other.Command}", other.At);
    }

    [GeneratedRegex(@"^([A-Za-z0-9_-]+)\s*:\s*(\S.*)$")]
    private static partial Regex Line();
}
