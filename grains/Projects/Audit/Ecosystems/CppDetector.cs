using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>C and C++: CMake, then Meson, then a Makefile over C sources; in the root, as those builds take the folders below with them.</summary>
public sealed partial class CppDetector : IServiceDetector
{
    private sealed record BuildSystem(string Manifest, string Build, string Output, Func<Regex> Program);

    private static readonly BuildSystem[] Systems =
    [
        new("CMakeLists.txt", "cmake -B build -GNinja && cmake --build build", "build/", CMakeProgram),
        new("meson.build", "meson setup build && meson compile -C build", "build/", MesonProgram),
        new("Makefile", "make", "", MakeProgram),
    ];

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        foreach (var system in Systems)
        {
            if (context.Files.Manifest(system.Manifest) is not { } text) continue;
            var sources = context.Files.All.Any(f => TreePaths.ExtensionOf(f.Path) is ".c" or ".cc" or ".cpp" or ".cxx");
            if (!sources) yield break;
            var draft = new ServiceDraft("cpp", ".", system.Manifest) { PackageManager = new(system.Manifest switch { "CMakeLists.txt" => "cmake", "meson.build" => "meson", _ => "make" }, system.Manifest), DefaultPort = 8080 };
            draft.Build = draft.Command(system.Manifest == "CMakeLists.txt" && context.Files.HasFile("vcpkg.json") ? system.Build.Replace("-GNinja", "-GNinja -DCMAKE_TOOLCHAIN_FILE=$VCPKG_ROOT/scripts/buildsystems/vcpkg.cmake", StringComparison.Ordinal) : system.Build, system.Manifest);
            if (text.Contains("functions-framework-cpp", StringComparison.Ordinal)) (draft.Kind, draft.Port) = (ServiceKind.Web, new(8080, "PORT", "rule: functions-framework"));
            if (Program(text, system, context.Files) is { } program)
            {
                draft.Name = program;
                draft.Start = draft.Command($"./{system.Output}{ShellWord.Quote(program)}", system.Manifest);
            }
            if (text.Contains("enable_testing(", StringComparison.Ordinal)) (draft.Test, draft.TestRunner) = (draft.Command("ctest --test-dir build", system.Manifest), "ctest");
            else if (MakeTest().IsMatch(text) && system.Manifest == "Makefile") (draft.Test, draft.TestRunner) = (draft.Command("make test", system.Manifest), "make");
            if (new[] { "conanfile.txt", "conanfile.py" }.FirstOrDefault(context.Files.HasFile) is { } conan && !context.Files.HasFile("conan.lock")) draft.Unlocked = LockFiles.Without(conan, "conan.lock", "conan lock create .");
            yield return draft;
            yield break;
        }
    }

    private static string? Program(string text, BuildSystem system, RepositoryFiles files)
    {
        if (system.Program().Match(text) is not { Success: true } match)
        {
            if (system.Manifest == "Makefile") return MakefileProgram.Of(text);
            // the executable may be in a folder below, whose path its build folder repeats
            foreach (var inner in files.Named(system.Manifest).Where(f => f.Path != system.Manifest && system.Output.Length > 0 && !ServiceFolders.IsExample(TreePaths.DirectoryOf(f.Path))))
                if (files.Manifest(inner.Path) is { } other && system.Program().Match(other) is { Success: true } below && !below.Groups[1].Value.Contains('$')) return $"{TreePaths.DirectoryOf(inner.Path)}/{below.Groups[1].Value}";
            return null;
        }
        if (!match.Groups[1].Value.StartsWith("${", StringComparison.Ordinal)) return match.Groups[1].Value;
        return Project().Match(text) is { Success: true } project ? project.Groups[1].Value : null;
    }

    [GeneratedRegex(@"^\s*add_executable\s*\(\s*""?([\w.+-]+|\$\{(?:PROJECT_NAME|CMAKE_PROJECT_NAME)\})""?", RegexOptions.Multiline)]
    private static partial Regex CMakeProgram();

    [GeneratedRegex(@"\bexecutable\s*\(\s*'([\w.+-]+)'")]
    private static partial Regex MesonProgram();

    [GeneratedRegex(@"^(?:TARGET|PROG|PROGRAM|BIN|EXE|NAME|EXECUTABLE)\s*[:?]?=\s*([\w.-]+)\s*$", RegexOptions.Multiline)]
    private static partial Regex MakeProgram();

    [GeneratedRegex(@"^test\s*:", RegexOptions.Multiline)]
    private static partial Regex MakeTest();

    [GeneratedRegex(@"^\s*project\s*\(\s*""?([\w.+-]+)", RegexOptions.Multiline)]
    private static partial Regex Project();
}
