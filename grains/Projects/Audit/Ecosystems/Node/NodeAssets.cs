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
        return new(manager.Install, package.Script("build") is null ? null : manager.Run("build"));
    }
}
