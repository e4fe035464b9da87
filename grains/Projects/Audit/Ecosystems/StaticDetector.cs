namespace ProdSprint.Projects;

/// <summary>Files served as they are: a Staticfile, else public/index.html or index.html in the root. As Railpack.</summary>
public sealed class StaticDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var files = context.Files;
        foreach (var staticfile in files.Named("Staticfile"))
        {
            var directory = TreePaths.DirectoryOf(staticfile.Path);
            var root = context.Manifests.Yaml(staticfile.Path)?["root"]?.Text is { } r ? TreePaths.Resolve(directory, r) : directory;
            if (root is not null) yield return Site(directory, staticfile.Path, root);
        }
        if (files.HasFile("Staticfile")) yield break;
        if (files.HasFile("public/index.html")) yield return Site(".", "public/index.html", "public");
        else if (files.HasFile("index.html")) yield return Site(".", "index.html", ".");
    }

    private static ServiceDraft Site(string directory, string manifest, string output) =>
        new("static", directory, manifest) { Kind = ServiceKind.Static, Output = output };
}
