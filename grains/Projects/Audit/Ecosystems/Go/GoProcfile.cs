using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>
/// A Procfile beside several Go programs (<c>web: bin/api</c>, <c>worker: go run ./cmd/worker</c>) is no service of its own: it says which of them run, and with which arguments. Platforms put
/// them on the PATH or into bin by their folder's name; here they are where the build put them.
/// </summary>
public static class GoProcfile
{
    /// <returns>False when what it starts with is none of the module's programs.</returns>
    public static bool Apply(List<ServiceDraft> drafts, ImmutableArray<ProcessAudit> processes, string directory, AuditContext context)
    {
        var programs = drafts.Where(d => d.Language == "go" && d.Start?.Directory == directory && d.Directory != directory).ToList();
        ServiceDraft? Of(ProcessAudit process) => programs.FirstOrDefault(d => d.Name == Program(process.Command).Name);
        if (ProcfileReader.Main(processes) is not { } main || Of(main) is null) return false;
        foreach (var started in processes.Where(p => p.Name != "release" && Of(p) is not null).GroupBy(p => Of(p)!))
        {
            var (draft, built) = (started.Key, started.Key.Start!.Line);
            var first = ProcfileReader.Main([.. started]) ?? started.First();
            // the plan makes services of what else one program is started as
            draft.Processes = [.. started.OrderBy(p => p != first).Select(p => p with { Command = built + Program(p.Command).Arguments })];
            draft.Start = new(built + Program(first.Command).Arguments, directory, $"{first.At.Path} {first.Name}");
            draft.Kind = first.Name == "web" ? ServiceKind.Web : ServiceKind.Worker;
            if (first.Command.Contains("$PORT", StringComparison.Ordinal)) draft.Port = new(draft.DefaultPort, "PORT", first.At.ToString());
        }
        foreach (var other in processes.Where(p => p.Name != "release" && Of(p) is null))
            context.Gaps.Add(GapCodes.ProcessUnplanned, GapSeverity.Warning, $"The process \"{other.Name}\" is not started", $"{Program(other.Command).Name} is none of the programs that are built here.",
                $"Give \"{other.Name}\" a service under services: in prodsprint.yml with start: {other.Command}", other.At);
        var unnamed = programs.Where(d => d.Processes.IsEmpty).ToList();
        if (unnamed.Count > 0)
            context.Gaps.Add(GapCodes.ServiceSkipped, GapSeverity.Info, "Go programs that the Procfile does not start are not services", $"{string.Join(", ", unnamed.Select(d => d.Directory).Take(5))}: {main.At.Path} starts others.",
                "Name one under services: with its path in prodsprint.yml if it is to be deployed");
        drafts.RemoveAll(unnamed.Contains);
        Release(Of(main)!, processes, directory, context);
        return true;
    }

    /// <summary>What runs before a version starts is built with it, where it is one of the module's commands.</summary>
    private static void Release(ServiceDraft main, ImmutableArray<ProcessAudit> processes, string directory, AuditContext context)
    {
        if (processes.FirstOrDefault(p => p.Name == "release") is not { } release) return;
        var (name, rest) = Program(release.Command);
        var folder = TreePaths.Join(directory, $"cmd/{name}");
        if (main.Name == name) processes = processes.Replace(release, release with { Command = main.Start!.Line.Split(' ')[0] + rest });
        else if (context.Files.In(folder).Any(f => f.Path.EndsWith(".go", StringComparison.Ordinal)))
        {
            var binary = ShellWord.Quote($"out/{name}");
            main.Build = main.Build! with { Line = $"{main.Build.Line} && go build -ldflags=\"-w -s\" -o {binary} {ShellWord.Quote($"./cmd/{name}")}" };
            processes = processes.Replace(release, release with { Command = $"./{binary}{rest}" });
        }
        ProcfileReader.Migrates(main, processes);
    }

    /// <summary>The program's name and what comes after it; of <c>go run ./cmd/api -v</c>, api and -v.</summary>
    internal static (string Name, string Arguments) Program(string command)
    {
        var words = command.Split(' ');
        var at = words is ["exec", ..] ? 1 : 0;
        if (words.Length > at + 2 && words[at] == "go" && words[at + 1] == "run") at += 2;
        return (TreePaths.NameOf(words[at].TrimEnd('/')), string.Concat(words.Skip(at + 1).Select(w => $" {w}")));
    }
}
