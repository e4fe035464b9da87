using ProdSprint.Plans.Blueprints.Costs;

namespace ProdSprint.Plans;

/// <summary>Names a branch may have: a part of what git allows (git-check-ref-format), without what a shell or a URL would have to quote.</summary>
public static class BranchNames
{
    public static string Usual(int plan) => $"prodsprint/plan-{plan}";

    /// <summary>With the figures in it: other limits of the same plan are another branch.</summary>
    public static string Usual(int plan, IEnumerable<LimitsChange> limits) =>
        Usual(plan) + string.Concat(limits.Select(l => $"-{l.Service}{(l.MemoryMiB is { } memory ? $"-{memory}-mib" : "")}{(l.Cpus is { } cpus ? $"-{cpus}-cpus" : "")}"));

    public static string? Problem(string name) => name switch
    {
        { Length: 0 or > 200 } => "A branch's name has 1 to 200 characters.",
        _ when name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('/' or '-' or '_' or '.')) => $"'{name}' has characters other than letters, digits, / - _ and .",
        _ when name.Split('/').Any(part => part.Length == 0 || part[0] is '.' or '-' || part[^1] == '.' || part.EndsWith(".lock", StringComparison.Ordinal)) || name.Contains("..", StringComparison.Ordinal) =>
            $"'{name}' has a part that is empty, begins with . or -, or ends with . or .lock.",
        "HEAD" => "HEAD names where one is, not a branch.",
        _ => null,
    };
}
