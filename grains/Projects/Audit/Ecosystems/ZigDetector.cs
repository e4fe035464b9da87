using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Zig: each build.zig that adds an executable.</summary>
public sealed partial class ZigDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        foreach (var file in context.Files.Named("build.zig"))
        {
            if (context.Files.Manifest(file.Path) is not { } text) continue;
            var folder = TreePaths.DirectoryOf(file.Path);
            var package = context.Files.Manifest(TreePaths.Join(folder, "build.zig.zon"));
            var draft = new ServiceDraft("zig", folder, file.Path)
            {
                PackageManager = new("zig", file.Path), DefaultPort = 8080,
                Version = ToolVersions.FromFile(folder, context, ".zigversion", ".zig-version") ?? ToolVersions.Of(folder, "zig", "zig", context)
                    ?? (package is not null && Minimum().Match(package) is { Success: true } asked ? new(asked.Groups[1].Value, TreePaths.Join(folder, "build.zig.zon")) : null),
            };
            if (Executable().Match(text) is { Success: true } program)
            {
                draft.Name = program.Groups[1].Value;
                draft.Build = draft.Command("zig build -Doptimize=ReleaseSafe", file.Path);
                draft.Start = draft.Command($"./zig-out/bin/{ShellWord.Quote(draft.Name)}", file.Path);
            }
            if (text.Contains("addTest(", StringComparison.Ordinal)) (draft.Test, draft.TestRunner) = (draft.Command("zig build test", file.Path), "zig-test");
            yield return draft;
        }
    }

    [GeneratedRegex(@"addExecutable\(\s*(?:\.\{[^}]{0,200}?\.name\s*=\s*)?""([^""]+)""")]
    private static partial Regex Executable();

    [GeneratedRegex(@"minimum_zig_version\s*=\s*""([^""]+)""")]
    private static partial Regex Minimum();
}
