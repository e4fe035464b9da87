namespace ProdSprint.Projects;

/// <summary>Images of a web server with nothing of its own to run (compose with nginx in front): the files in it are a site, and without any it is the proxy that the router already is.</summary>
internal static class ProxyImages
{
    private static readonly string[] Servers = ["nginx", "nginx-unprivileged", "caddy", "traefik", "haproxy", "envoy", "httpd", "openresty"];
    private static readonly string[] Folders = [".", "public", "html", "site", "www", "static", "src", "dist", "build"];

    public static bool Is(DockerfileAudit image) => image.BaseImages.LastOrDefault() is { } name && Servers.Contains(name[(name.LastIndexOf('/') + 1)..].Split(':', '@')[0]);

    /// <summary>The site that the image serves, or null.</summary>
    public static ServiceDraft? Site(DockerfileAudit image, AuditContext context)
    {
        var folder = TreePaths.DirectoryOf(image.Path);
        return Folders.Select(f => TreePaths.Join(folder, f)).FirstOrDefault(f => context.Files.Has(f, "index.html")) is { } output
            ? new("static", folder, image.Path) { Kind = ServiceKind.Static, Output = output, Dockerfile = image } : null;
    }

    public static void LeftOut(DockerfileAudit image, AuditContext context) => context.Gaps.Add(GapCodes.ServiceSkipped, GapSeverity.Info, $"{image.Path} is a proxy, not a service",
        "It only passes requests on, which the router does: by host and path, and by version during a release.", "Name its folder under services: in prodsprint.yml with a start command if it does more", new(image.Path));
}
