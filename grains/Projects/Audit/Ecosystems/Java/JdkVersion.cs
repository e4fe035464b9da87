using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>The JDK a build asks for: a version file first, then what the build file itself says.</summary>
public static partial class JdkVersion
{
    public static Sourced? Of(string directory, string root, string manifest, string build, AuditContext context)
    {
        foreach (var folder in new[] { directory, root }.Distinct())
        {
            if (ToolVersions.FromFile(folder, context, ".java-version", ".jdk-version") is { } file) return file;
            foreach (var (name, pattern) in (ReadOnlySpan<(string, Regex)>)[(".sdkmanrc", SdkMan()), ("system.properties", Heroku())])
                if (context.Files.Manifest(TreePaths.Join(folder, name)) is { } text && pattern.Match(text) is { Success: true } match) return new(match.Groups[1].Value, TreePaths.Join(folder, name));
        }
        if (ToolVersions.Of(directory, "java", "java", context) is { } tool) return tool;
        var shared = root == directory ? "" : context.Files.Manifest(TreePaths.Join(root, TreePaths.NameOf(manifest))) ?? "";
        foreach (var (text, source) in new[] { (build, manifest), (shared, TreePaths.Join(root, TreePaths.NameOf(manifest))) })
            foreach (var pattern in (ReadOnlySpan<Regex>)[Maven(), Toolchain(), Compatibility()])
                if (pattern.Match(text) is { Success: true } found) return new(found.Groups["v"].Value.Replace("1.8", "8").Replace('_', '.'), source);
        var wrapper = TreePaths.Join(root, "gradle/wrapper/gradle-wrapper.properties");
        // Gradle up to 5 does not start on anything newer
        return Wrapper().Match(context.Files.Manifest(wrapper) ?? "") is { Success: true } gradle && int.Parse(gradle.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) <= 5 ? new("8", wrapper) : null;
    }

    [GeneratedRegex(@"^java=(\d[\w.]*)", RegexOptions.Multiline)]
    private static partial Regex SdkMan();

    [GeneratedRegex(@"^java\.runtime\.version\s*=\s*(\S+)", RegexOptions.Multiline)]
    private static partial Regex Heroku();

    [GeneratedRegex(@"<(?:maven\.compiler\.release|java\.version|maven\.compiler\.source|maven\.compiler\.target|release)>\s*(?<v>\d[\d.]{0,8})\s*</")]
    private static partial Regex Maven();

    [GeneratedRegex(@"(?:JavaLanguageVersion\.of\(|jvmToolchain\s*\(?\s*)(?<v>\d{1,2})")]
    private static partial Regex Toolchain();

    [GeneratedRegex(@"(?:source|target)Compatibility\s*=?\s*(?:JavaVersion\.VERSION_|['""])?(?<v>\d[\d_.]{0,4})")]
    private static partial Regex Compatibility();

    [GeneratedRegex(@"distributionUrl.*gradle-(\d{1,4})")]
    private static partial Regex Wrapper();
}
