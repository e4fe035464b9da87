using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>A program that is committed as it was built, without its sources: what "dotnet publish" wrote, or a jar that was unpacked. Only in the root, and only where no project lies beside it.</summary>
public sealed partial class BuiltDetector : IServiceDetector
{
    private const string Runtime = ".runtimeconfig.json", Manifest = "META-INF/MANIFEST.MF";

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var files = context.Files;
        foreach (var file in files.In(".").Where(f => f.Path.EndsWith(Runtime, StringComparison.Ordinal)).OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            var name = file.Path[..^Runtime.Length];
            if (!files.HasFile($"{name}.dll") || files.All.Any(f => TreePaths.ExtensionOf(f.Path) is ".csproj" or ".fsproj" or ".vbproj")) continue;
            yield return Published(name, file.Path, context);
        }
        if (!files.HasFile("pom.xml") && files.Manifest(Manifest) is { } jar && MainClass().Match(jar) is { Success: true } main) yield return Unpacked(main.Groups[1].Value, jar);
    }

    private static ServiceDraft Published(string name, string manifest, AuditContext context)
    {
        var text = context.Files.Manifest(manifest) ?? "";
        var web = text.Contains("Microsoft.AspNetCore.App", StringComparison.Ordinal);
        var draft = new ServiceDraft("dotnet", ".", manifest) { Name = name, DefaultPort = 8080, Framework = web ? "aspnet" : null, Kind = web ? ServiceKind.Web : null };
        // with its own runtime beside it there is no other to ask for
        var alone = text.Contains("includedFrameworks", StringComparison.Ordinal) && context.Files.HasFile(name);
        draft.Start = draft.Command(alone ? $"./{ShellWord.Quote(name)}" : $"dotnet {ShellWord.Quote(name + ".dll")}", manifest);
        if (web) draft.Port = new(8080, "ASPNETCORE_URLS", "rule: aspnet");
        if (Framework().Match(text) is { Success: true } version) draft.Version = new(version.Groups[1].Value, manifest);
        return draft;
    }

    private static ServiceDraft Unpacked(string main, string jar)
    {
        var spring = jar.Contains("Spring-Boot-Version:", StringComparison.Ordinal);
        var draft = new ServiceDraft("java", ".", Manifest) { DefaultPort = 8080, Framework = spring ? "spring-boot" : null, Kind = spring ? ServiceKind.Web : null };
        draft.Start = draft.Command($"java {(spring ? "-Dserver.port=${PORT:-8080} " : "")}$JAVA_OPTS -cp . {main}", Manifest);
        if (spring) draft.Port = new(8080, "PORT", "rule: spring-boot");
        return draft;
    }

    [GeneratedRegex(@"^Main-Class:\s*([\w.$]+)\s*$", RegexOptions.Multiline)]
    private static partial Regex MainClass();

    [GeneratedRegex(@"""tfm""\s*:\s*""net([\d.]+)""")]
    private static partial Regex Framework();
}
