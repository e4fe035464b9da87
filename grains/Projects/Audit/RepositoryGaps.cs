using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>What the repository as a whole lacks.</summary>
public static class RepositoryGaps
{
    public static void Find(ImmutableArray<ServiceAudit> services, ProjectConfiguration? configuration, AuditContext context)
    {
        if (services.IsEmpty)
            context.Gaps.Add(GapCodes.ServiceNone, GapSeverity.Blocking, "No service was found", context.Files.All.IsEmpty
                    ? "The repository has no files."
                    : "No manifest of a known language, index.html, start.sh, Procfile, compose file or Dockerfile says what to run.",
                "Write prodsprint.yml with services: <name>: and its path and start command, or a Procfile with \"web: <command>\"");
        foreach (var file in context.Files.All)
        {
            var name = TreePaths.NameOf(file.Path);
            var secret = name is ".env" or ".env.production" or ".env.local" or "id_rsa" or "id_ed25519" or "credentials.json" or "service-account.json" || TreePaths.ExtensionOf(file.Path) is ".pfx" or ".p12";
            if (!secret || ServiceFolders.IsExample(TreePaths.DirectoryOf(file.Path)) || file.Size == 0) continue;
            context.Gaps.Add(GapCodes.SecretFile, GapSeverity.Warning, $"{file.Path} is committed", "Such a file usually holds secrets; whoever can read the repository has them, in its history too.",
                $"Remove {file.Path}, add it to .gitignore, and change what was in it", new(file.Path));
        }
        foreach (var service in configuration?.Services ?? [])
            if (service.Path is { } path && path != "." && !context.Files.HasDirectory(path))
                context.Gaps.Add(GapCodes.ConfigurationInvalid, GapSeverity.Blocking, $"{service.At.Path}: there is no folder {path}", $"The service \"{service.Name}\" names a path that is not in the repository.",
                    $"Correct path: of {service.Name} in {service.At.Path} at line {service.At.Line}", service.At, service.Name);
    }
}
