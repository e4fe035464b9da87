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
        if (Main(processes) is { } chosen)
        {
            draft.Start = draft.Command(ForeignCommand.Adapt(chosen.Command, draft), $"{chosen.At.Path} {chosen.Name}");
            draft.StartDoubt = null;
            draft.Kind = chosen.Name == "web" ? ServiceKind.Web : ServiceKind.Worker;
            draft.Output = null;
            // the rule's port was that of the server it would have started; a program of one's own says which one it takes
            if (chosen.Command.StartsWith("python", StringComparison.Ordinal)) draft.Port = null;
            if (chosen.Command.Contains("$PORT", StringComparison.Ordinal) || chosen.Command.Contains("${PORT", StringComparison.Ordinal)) draft.Port = new(draft.DefaultPort, "PORT", chosen.At.ToString());
        }
        else
            foreach (var process in processes.Where(p => p.Name != "release"))
                context.Gaps.Add(GapCodes.ProcessUnplanned, GapSeverity.Warning, $"The process \"{process.Name}\" is not started", "None of the Procfile's processes is called web or worker, so none was chosen.",
                    $"Give \"{process.Name}\" a service under services: in prodsprint.yml with start: {process.Command}", process.At);
        Migrates(draft, processes);
    }

    /// <summary>What a Procfile calls release is run before a version starts.</summary>
    public static void Migrates(ServiceDraft draft, ImmutableArray<ProcessAudit> processes)
    {
        if (processes.FirstOrDefault(p => p.Name == "release") is not { } release) return;
        var (directory, file) = (TreePaths.DirectoryOf(release.At.Path), release.At.Path);
        draft.Migrations.Insert(0, new("procfile", directory, 0, new(ForeignCommand.Adapt(release.Command, draft), directory, $"{file} release")));
    }

    /// <summary>The process that the folder's service starts with; null when none stands out.</summary>
    public static ProcessAudit? Main(ImmutableArray<ProcessAudit> processes) =>
        processes.FirstOrDefault(p => p.Name == "web") ?? processes.FirstOrDefault(p => p.Name == "worker") ?? (processes is [{ Name: not "release" } only] ? only : null);

    /// <summary>Those that run beside the main one, each as a service of its own.</summary>
    public static IEnumerable<ProcessAudit> Others(ImmutableArray<ProcessAudit> processes) =>
        Main(processes) is { } main ? processes.Where(p => p.Name != "release" && p != main) : [];

    [GeneratedRegex(@"^([A-Za-z0-9_-]+)\s*:\s*(\S.*)$")]
    private static partial Regex Line();
}
