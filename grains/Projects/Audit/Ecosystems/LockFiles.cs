namespace ProdSprint.Projects;

/// <summary>The gap of a manifest whose versions nothing holds fast.</summary>
public static class LockFiles
{
    /// <param name="command">What writes the lock file, e.g. "bundle lock".</param>
    public static void Missing(string manifest, string lockFile, string command, AuditContext context) =>
        context.Gaps.Add(GapCodes.LockfileMissing, GapSeverity.Warning, $"{manifest} has no lock file", "Each build may take other versions of its dependencies than the one that was tested.",
            $"Run \"{command}\" in {TreePaths.DirectoryOf(manifest)} and commit {lockFile}", new(manifest));
}
