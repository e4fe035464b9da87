namespace ProdSprint.Projects;

/// <summary>The gap of a manifest whose versions nothing holds fast.</summary>
public static class LockFiles
{
    /// <param name="Manifest">Where versions are left open.</param>
    /// <param name="Title">What is open.</param>
    /// <param name="Remediation">The command and what to commit.</param>
    public sealed record Unlocked(string Manifest, string Title, string Remediation);

    /// <param name="command">What writes the lock file, e.g. "bundle lock".</param>
    public static void Missing(string manifest, string lockFile, string command, AuditContext context) => Say(Without(manifest, lockFile, command), context);

    public static Unlocked Without(string manifest, string lockFile, string command) =>
        new(manifest, $"{manifest} has no lock file", $"Run \"{command}\" in {TreePaths.DirectoryOf(manifest)} and commit {lockFile}");

    /// <param name="open">Names whose version is left open, at least one.</param>
    public static Unlocked Open(string manifest, IReadOnlyCollection<string> open, string remediation) =>
        new(manifest, $"{manifest} leaves the version of {string.Join(", ", open.Distinct(StringComparer.Ordinal).Take(3))}{(open.Distinct(StringComparer.Ordinal).Count() is > 3 and var all ? $" and {all - 3} more" : "")} open", remediation);

    public static void Say(Unlocked what, AuditContext context) => context.Gaps.Add(
        GapCodes.LockfileMissing, GapSeverity.Warning, what.Title, "Each build may take other versions of its dependencies than the one that was tested.", what.Remediation, new(what.Manifest));
}
