using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Which program a plain "make" builds: what the first rule makes or, where that only collects (all, build), the first thing it waits for; else what is linked with -o.</summary>
internal static partial class MakefileProgram
{
    private const int MostSteps = 8;

    public static string? Of(string text)
    {
        text = text.Replace("\\\n", " ", StringComparison.Ordinal);
        var variables = Assignment().Matches(text).GroupBy(m => m.Groups[1].Value).ToDictionary(g => g.Key, g => g.Last().Groups[2].Value.Trim(), StringComparer.Ordinal);
        string Expand(string line)
        {
            for (var i = 0; i < MostSteps && Variable().IsMatch(line); i++) line = Variable().Replace(line, m => variables.GetValueOrDefault(m.Groups[1].Value, ""));
            return line;
        }
        var phony = Rule().Matches(text).Where(m => m.Groups[1].Value.Trim() == ".PHONY").SelectMany(m => Words(Expand(m.Groups[2].Value))).ToHashSet(StringComparer.Ordinal);
        var rules = Rule().Matches(text).Select(m => (Target: Words(Expand(m.Groups[1].Value)).FirstOrDefault(), Needs: Words(Expand(m.Groups[2].Value)))).Where(r => r.Target is not null && (r.Target[0] != '.' || r.Target.StartsWith("./", StringComparison.Ordinal)) && !r.Target.Contains('%')).ToList();
        var at = rules.FirstOrDefault().Target;
        for (var i = 0; i < MostSteps && at is not null; i++)
        {
            if (IsProgram(at) && !phony.Contains(at) && at is not ("all" or "default" or "build")) return at;
            at = rules.FirstOrDefault(r => r.Target == at).Needs?.FirstOrDefault(n => IsProgram(n) && (rules.Any(r => r.Target == n) || !phony.Contains(n)));
        }
        return Linked().Matches(text).Select(m => Expand(m.Groups[1].Value)).FirstOrDefault(IsProgram);
    }

    /// <summary>A plain name without an ending: no object, library or source.</summary>
    private static bool IsProgram(string name) => Name().IsMatch(name) && TreePaths.ExtensionOf(name) is "" or ".out" or ".bin";

    private static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^([A-Za-z_][\w.]*)[ \t]*[:?]?:?=[ \t]*([^#\n]*)", RegexOptions.Multiline)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\$[({](\w+)[)}]")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^([^\s#:=][^#:=\n]*?)[ \t]*:(?![:=])([^#=\n]*)$", RegexOptions.Multiline)]
    private static partial Regex Rule();

    [GeneratedRegex(@"\s-o\s*(\$[({]\w+[)}]|[\w./-]+)")]
    private static partial Regex Linked();

    [GeneratedRegex(@"^(?:\./)?[\w][\w./+-]*$")]
    private static partial Regex Name();
}
