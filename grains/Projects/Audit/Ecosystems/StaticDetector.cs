namespace ProdSprint.Projects;

/// <summary>
/// Files served as they are: a Staticfile, else the index.html of a usual document root or of the root itself, as Railpack and web servers have it. And sites that Hugo or Zola makes.
/// </summary>
public sealed class StaticDetector : IServiceDetector
{
    private static readonly string[] DocumentRoots = ["public", "htdocs", "www", "public_html"];

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var files = context.Files;
        foreach (var staticfile in files.Named("Staticfile"))
        {
            var directory = TreePaths.DirectoryOf(staticfile.Path);
            var root = context.Manifests.Yaml(staticfile.Path)?["root"]?.Text is { } r ? TreePaths.Resolve(directory, r) : directory;
            if (root is not null) yield return Site(directory, staticfile.Path, root);
        }
        foreach (var folder in SiteGenerator.Folders(context)) yield return SiteGenerator.Of(folder, context)!.Draft(folder, context);
        if (files.HasFile("Staticfile") || SiteGenerator.Of(".", context) is not null) yield break;
        if (DocumentRoots.FirstOrDefault(r => files.Has(r, "index.html")) is { } found) yield return Site(".", $"{found}/index.html", found);
        else if (files.HasFile("index.html")) yield return Site(".", "index.html", ".");
    }

    private static ServiceDraft Site(string directory, string manifest, string output) =>
        new("static", directory, manifest) { Kind = ServiceKind.Static, Output = output };
}
