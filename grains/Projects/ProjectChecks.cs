using System.Collections.Immutable;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints.Risk;

namespace ProdSprint.Projects;

/// <summary>What people give a project, looked at before anything of it is kept: a wrong word is refused with the command, not found out by a job later.</summary>
internal static class ProjectChecks
{
    /// <summary>Characters of one value, which is sealed, and so longer than what is in it. That goes through a process's environment, which has 128 KiB for one on Linux.</summary>
    private const int LongestValue = 128 * 1024;

    public static Rejection? Source(string source) => SourceAddress.Problem(source) is { } problem
        ? Invalid("project.bad-source", problem, "Give a path on the server's machine, or https://…, ssh://… or git@host:path")
        : null;

    public static Rejection? Profile(string? profile) => profile is not null && PolicyProfiles.Find(profile) is null
        ? Invalid("plan.no-such-profile", $"There is no policy profile '{profile}'.", $"Use one of: {string.Join(", ", PolicyProfiles.Names)}")
        : null;

    public static Rejection? Care(string? care) => care is not null && !RiskCare.Levels.Contains(care)
        ? Invalid("plan.no-such-care", $"There is no level of risk '{care}'.", $"Use one of: {string.Join(", ", RiskCare.Levels)}")
        : null;

    public static Rejection? Values(ImmutableDictionary<string, string?> values) =>
        values.FirstOrDefault(v => v.Value is { } value && (value.Length > LongestValue || value.Contains('\0'))).Key is { } bad
            ? Invalid("project.bad-variable", $"The value of '{bad}' cannot be a variable's.", $"Give text without NUL, {LongestValue} characters at most")
            : null;

    private static Rejection Invalid(string code, string detail, string next) => new(code, "Cannot be done as asked", detail, next, RejectionKind.Invalid);
}
