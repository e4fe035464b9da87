using ProdSprint.Supply;

namespace ProdSprint.Projects;

/// <summary>
/// Reads every lock file as the bill of materials does. One that cannot be read stands against the plan: what would be released from it is not known,
/// and an empty bill would look as if there were nothing to find.
/// </summary>
public static class LockFileFinder
{
    public static void Find(AuditContext context)
    {
        foreach (var (path, why) in SbomReader.Read(context.Files, "").Unread.Where(u => SbomReader.HoldsVersions(u.Path)))
            context.Gaps.Add(GapCodes.LockfileUnread, ServiceFolders.IsExample(TreePaths.DirectoryOf(path)) ? GapSeverity.Warning : GapSeverity.Blocking, $"{path} cannot be read",
                $"{char.ToUpperInvariant(why[0])}{why[1..]}. What is built from it is not known, so nothing can be held against advisories or licences.",
                TreePaths.NameOf(path) == "bun.lockb" ? $"Run \"bun install --save-text-lockfile\" in {TreePaths.DirectoryOf(path)}, commit bun.lock and remove bun.lockb" : $"Have its tool write {path} anew, or remove it", new(path));
    }
}
