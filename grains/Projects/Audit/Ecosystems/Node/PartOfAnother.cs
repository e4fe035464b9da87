using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>What something else builds and ships within itself: a site of the Maven or Gradle project above that runs its package manager, or the theme of a Hugo site.</summary>
internal static class PartOfAnother
{
    private static readonly string[] Builds = ["pom.xml", "build.gradle", "build.gradle.kts"];

    public static bool Is(ServiceDraft draft, AuditContext context)
    {
        var directory = draft.Directory;
        if (directory == ".") return false;
        for (var above = TreePaths.DirectoryOf(directory); ; above = TreePaths.DirectoryOf(above))
        {
            var inner = above == "." ? directory : directory[(above.Length + 1)..];
            if (draft.Output is not null && Builds.Any(b => context.Files.Has(above, b) && context.Files.Manifest(TreePaths.Join(above, b)) is { } text && Names(text, inner)) || inner.StartsWith("themes/", StringComparison.Ordinal) && SiteGenerator.Of(above, context) is not null) return true;
            if (above == ".") return false;
        }
    }

    /// <summary>The build file names the folder, or a file in it, and one of the package managers.</summary>
    private static bool Names(string build, string folder) =>
        Regex.IsMatch(build, @"\b(?:npm|yarn|pnpm|node)\b", RegexOptions.IgnoreCase) && Regex.IsMatch(build, $@"['"">/}}]{Regex.Escape(folder)}(?:['""<]|/package\.json)");
}
