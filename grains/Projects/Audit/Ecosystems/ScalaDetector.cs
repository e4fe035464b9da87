using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Scala with sbt: staged by sbt-native-packager (also Play's way), or one jar by sbt-assembly.</summary>
public sealed partial class ScalaDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        foreach (var file in context.Files.Named("build.sbt"))
        {
            if (context.Files.Manifest(file.Path) is not { } text) continue;
            var folder = TreePaths.DirectoryOf(file.Path);
            var plugins = context.Files.Manifest(TreePaths.Join(folder, "project/plugins.sbt")) ?? "";
            var name = Name().Match(text) is { Success: true } named ? named.Groups[1].Value : null;
            var draft = new ServiceDraft("scala", folder, file.Path)
            {
                Name = name, PackageManager = new("sbt", file.Path), DefaultPort = 8080, Version = JdkVersion.Of(folder, folder, file.Path, text, context) ?? (ScalaVersion().Match(text) is { Success: true } v ? new(v.Groups[1].Value, file.Path) : null),
            };
            draft.Packages.UnionWith(Dependency().Matches(text).Select(m => m.Groups[1].Value));
            var play = plugins.Contains("\"sbt-plugin\"", StringComparison.Ordinal) && plugins.Contains("play", StringComparison.Ordinal);
            draft.Framework = play ? "play" : new[] { ("akka-http", "akka-http"), ("pekko-http", "pekko-http"), ("http4s", "http4s"), ("zio-http", "zio-http"), ("cask", "cask") }.FirstOrDefault(f => draft.Packages.Any(p => p.StartsWith(f.Item1, StringComparison.Ordinal))).Item2;
            if (plugins.Contains("sbt-assembly", StringComparison.Ordinal) && !plugins.Contains("native-packager", StringComparison.Ordinal))
            {
                draft.Build = draft.Command("sbt assembly", file.Path);
                draft.Start = draft.Command("java $JAVA_OPTS -jar $(ls -1 target/scala-*/*assembly*.jar)", "project/plugins.sbt");
            }
            else
            {
                // the packager's own rule (sbt's normalizedName); without a name in the build it is the folder's, which the checkout does not keep
                var script = Script().Match(text) is { Success: true } chosen ? chosen.Groups[1].Value : name is null ? null : NotInNames().Replace(name.ToLowerInvariant(), "-");
                var program = script is null ? "$(ls -1 ./target/universal/stage/bin/* | grep -v '\\.bat$' | head -n 1)" : $"./target/universal/stage/bin/{ShellWord.Quote(script)}";
                draft.Build = draft.Command("sbt stage", file.Path);
                draft.Start = draft.Command(program + (play ? " -Dhttp.port=${PORT:-9000}" : ""), file.Path);
                if (play) (draft.Kind, draft.Port) = (ServiceKind.Web, new(9000, "PORT", "rule: play"));
            }
            (draft.Test, draft.TestRunner) = (draft.Command("sbt test", file.Path), "sbt-test");
            var open = Floating().Matches(text).Select(m => m.Groups[1].Value).ToList();
            if (open.Count > 0) draft.Unlocked = LockFiles.Open(file.Path, open, $"Name one version of each in {file.Path}");
            yield return draft;
        }
    }

    [GeneratedRegex(@"(?:^|[(,])\s*name\s*:=\s*""([^""]+)""", RegexOptions.Multiline)]
    private static partial Regex Name();

    [GeneratedRegex(@"\W+")]
    private static partial Regex NotInNames();

    [GeneratedRegex(@"executableScriptName\s*:=\s*""([^""]+)""")]
    private static partial Regex Script();

    [GeneratedRegex(@"scalaVersion\s*:=\s*""([^""]+)""")]
    private static partial Regex ScalaVersion();

    [GeneratedRegex(@"%{1,3}[ \t]*""([\w.-]+)""[ \t]*%[ \t]*""(?:latest\.\w+|[^""]*\+|[\[(][^""]*)""")]
    private static partial Regex Floating();

    [GeneratedRegex(@"""[\w.-]+""\s*%%?\s*""([\w.-]+)""")]
    private static partial Regex Dependency();
}
