using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>
/// A Procfile at the root that starts what a .NET buildpack has published (<c>cd Frontend/bin/publish; ./Frontend</c>) is no service of its own: it says how
/// the project below is started, and where that has to be published.
/// </summary>
public static partial class PublishedStart
{
    /// <param name="directory">The Procfile's.</param>
    /// <returns>False when the Procfile says something else.</returns>
    public static bool Apply(IEnumerable<ServiceDraft> drafts, ImmutableArray<ProcessAudit> processes, string directory)
    {
        if (ProcfileReader.Main(processes) is not { } main || Line().Match(main.Command) is not { Success: true } match) return false;
        var place = TreePaths.Join(directory, match.Groups[1].Value.TrimEnd('/'));
        if (drafts.FirstOrDefault(d => d is { Language: "dotnet", Build: not null } && TreePaths.IsBelow(place, d.Directory)) is not { } draft) return false;
        var below = draft.Directory == "." ? place : place[(draft.Directory.Length + 1)..];
        draft.Build = draft.Build! with { Line = draft.Build.Line.Replace(" -o out", $" -o {ShellWord.Quote(below)}", StringComparison.Ordinal) };
        draft.Start = new(main.Command, directory, $"{main.At.Path} {main.Name}");
        draft.Processes = processes;
        ProcfileReader.Migrates(draft, processes);
        if (main.Command.Contains("$PORT", StringComparison.Ordinal)) draft.Port = new(draft.DefaultPort, "PORT", main.At.ToString());
        return true;
    }

    [GeneratedRegex(@"^cd\s+([A-Za-z0-9._/-]+)\s*(?:;|&&)\s*(?:exec\s+)?(?:\./|dotnet\s)")]
    private static partial Regex Line();
}
