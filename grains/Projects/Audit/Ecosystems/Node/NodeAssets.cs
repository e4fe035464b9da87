namespace ProdSprint.Projects;

/// <summary>The JavaScript beside a program of another language (Laravel's, Rails', Phoenix'): installed and built with it, not run.</summary>
public sealed record NodeAssets(string Install, string? Build)
{
    public static NodeAssets? Of(string directory, AuditContext context)
    {
        var path = TreePaths.Join(directory, "package.json");
        if (!context.Files.HasFile(path) || context.Manifests.Json(path) is not { } json) return null;
        var package = new NodePackage(path, json);
        var manager = NodePackageManager.Of(package, context);
        // Laravel Mix calls it production
        var build = package.Script("build") is not null ? "build" : package.Script("production") is not null ? "production" : null;
        return new(manager.Install, build is null ? null : manager.Run(build));
    }
}
