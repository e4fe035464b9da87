using System.Text.Json;

namespace ProdSprint.Projects;

/// <summary>
/// Configuration that other platforms' builders read. Its owner wrote there by hand how the program is built and started, so it comes before what the
/// ecosystem's rules say, and before a Procfile: Railpack's precedence. The first file that says anything counts.
/// </summary>
public static class PlatformFiles
{
    private static readonly (string Name, Func<string, AuditContext, PlatformFile?> Read)[] Known =
        [("railpack.json", Railpack), ("railway.json", RailwayJson), ("railway.toml", RailwayToml), ("nixpacks.toml", Nixpacks), ("nixpacks.json", NixpacksJson)];

    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(k => k.Name)];

    public static PlatformFile? In(string directory, AuditContext context)
    {
        foreach (var (name, read) in Known)
        {
            var path = TreePaths.Join(directory, name);
            if (context.Files.HasFile(path) && read(path, context) is { } file && (file.Start ?? file.Build ?? file.Install) is not null) return file;
        }
        return null;
    }

    public static void Apply(PlatformFile file, ServiceDraft draft)
    {
        if (file.Install is { } install) draft.Install = draft.Command(ForeignCommand.Adapt(install, draft), $"{file.Path} install");
        if (file.Build is { } build) draft.Build = draft.Command(ForeignCommand.Adapt(build, draft), $"{file.Path} build");
        if (file.Start is not { } start) return;
        draft.Start = draft.Command(ForeignCommand.Adapt(start, draft), $"{file.Path} start");
        (draft.StartDoubt, draft.Output) = (null, null);
        if (draft.Kind == ServiceKind.Static) draft.Kind = null;
        if (start.Contains("$PORT", StringComparison.Ordinal) || start.Contains("${PORT", StringComparison.Ordinal)) (draft.Kind, draft.Port) = (ServiceKind.Web, new(draft.DefaultPort, "PORT", file.Path));
    }

    private static PlatformFile? Railpack(string path, AuditContext context)
    {
        if (context.Manifests.Json(path, lenient: true) is not { } json) return null;
        return new(path, Step(json, "install"), Step(json, "build"), json.Object("deploy")?.Text("startCommand"));
    }

    /// <summary>The commands of one step; "..." stands for what the rules give, so a step that has it replaces nothing.</summary>
    private static string? Step(JsonElement json, string name)
    {
        var commands = json.Object("steps")?.Object(name)?.Texts("commands").ToList() ?? [];
        return commands.Count == 0 || commands.Contains("...") ? null : string.Join(" && ", commands);
    }

    private static PlatformFile? RailwayJson(string path, AuditContext context) =>
        context.Manifests.Json(path, lenient: true) is { } json ? new(path, null, json.Object("build")?.Text("buildCommand"), json.Object("deploy")?.Text("startCommand")) : null;

    private static PlatformFile? RailwayToml(string path, AuditContext context) =>
        context.Manifests.Toml(path) is { } toml ? new(path, null, toml.Table("build")?.Text("buildCommand"), toml.Table("deploy")?.Text("startCommand")) : null;

    private static PlatformFile? Nixpacks(string path, AuditContext context)
    {
        if (context.Manifests.Toml(path) is not { } toml) return null;
        string? Phase(string name) => toml.Table("phases", name)?.Texts("cmds").ToList() is { Count: > 0 } lines && !lines.Contains("...") ? string.Join(" && ", lines) : null;
        return new(path, Phase("install"), Phase("build"), toml.Table("start")?.Text("cmd"));
    }

    private static PlatformFile? NixpacksJson(string path, AuditContext context)
    {
        if (context.Manifests.Json(path, lenient: true) is not { } json) return null;
        string? Phase(string name) => json.Object("phases")?.Object(name)?.Texts("cmds").ToList() is { Count: > 0 } lines && !lines.Contains("...") ? string.Join(" && ", lines) : null;
        return new(path, Phase("install"), Phase("build"), json.Object("start")?.Text("cmd"));
    }
}
