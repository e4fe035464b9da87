namespace ProdSprint.Projects;

/// <summary>Dart programs with a file in bin. Flutter applications run on phones; their web build is a static site.</summary>
public sealed class DartDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        foreach (var file in context.Files.Named("pubspec.yaml"))
        {
            if (context.Manifests.Yaml(file.Path) is not { } pubspec) continue;
            var folder = TreePaths.DirectoryOf(file.Path);
            var draft = new ServiceDraft("dart", folder, file.Path)
            {
                Name = pubspec["name"]?.Text, PackageManager = new("pub", file.Path), DefaultPort = 8080,
                Version = ToolVersions.Of(folder, "dart", "dart", context) ?? (pubspec["environment"]?["sdk"]?.Text is { } sdk ? new(sdk, $"{file.Path} environment.sdk") : null),
            };
            draft.Packages.UnionWith(pubspec["dependencies"]?.Fields?.Select(f => f.Name) ?? []);
            if (draft.Packages.Contains("flutter"))
            {
                draft.Framework = "flutter";
                draft.Install = draft.Command("flutter pub get", file.Path);
                if (context.Files.Has(TreePaths.Join(folder, "web"), "index.html"))
                    (draft.Build, draft.Output, draft.Kind) = (draft.Command("flutter build web --release", file.Path), TreePaths.Join(folder, "build/web"), ServiceKind.Static);
            }
            else
            {
                draft.Framework = new[] { "serverpod", "dart_frog", "shelf" }.FirstOrDefault(draft.Packages.Contains);
                draft.Install = draft.Command("dart pub get", file.Path);
                var program = new[] { draft.Name, "server", "main" }.FirstOrDefault(n => n is not null && context.Files.Has(TreePaths.Join(folder, "bin"), n + ".dart"));
                if (program is not null)
                {
                    draft.Build = draft.Command($"dart compile exe bin/{ShellWord.Quote(program)}.dart", file.Path);
                    draft.Start = draft.Command($"./bin/{ShellWord.Quote(program)}.exe", $"file bin/{program}.dart");
                }
            }
            if (context.Files.HasDirectory(TreePaths.Join(folder, "test"))) (draft.Test, draft.TestRunner) = (draft.Command(draft.Framework == "flutter" ? "flutter test" : "dart test", "test"), "dart-test");
            if (draft.Packages.Count > 0 && !context.Files.Has(folder, "pubspec.lock") && !context.Files.HasFile("pubspec.lock")) draft.Unlocked = LockFiles.Without(file.Path, "pubspec.lock", draft.Framework == "flutter" ? "flutter pub get" : "dart pub get");
            yield return draft;
        }
    }
}
