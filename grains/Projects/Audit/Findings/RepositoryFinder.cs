using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>Puts together what concerns the whole repository.</summary>
public static class RepositoryFinder
{
    private const int MostRows = 200;

    public static RepositoryAudit Find(Task<HistorySecrets> earlier, ImmutableArray<ContainerAudit> containers, AuditContext context)
    {
        var (secrets, history) = SecretScan.Run(earlier, context);
        return new(Pipelines(context), Licences(context), Infrastructure(context), secrets, containers, history);
    }

    private static ImmutableArray<FoundFile> Pipelines(AuditContext context)
    {
        var found = Rows(context.Files.All.Select(f => (Kind: KnownFiles.Pipeline(f.Path), f.Path)).Where(f => f.Kind is not null).Select(f => new FoundFile(f.Kind!, f.Path)));
        if (found.IsEmpty && context.Files.All.Length > 0)
            context.Gaps.Add(GapCodes.CiMissing, GapSeverity.Info, "Nothing checks a change before it is merged", "There is no pipeline of any known system, so tests run only where somebody thinks of them.",
                "Write .github/workflows/ci.yml (or .gitlab-ci.yml) that installs, builds and runs the tests");
        return found;
    }

    private static ImmutableArray<FoundFile> Licences(AuditContext context)
    {
        var found = Rows(LicenceFinder.Find(context));
        if (found.IsEmpty && context.Files.All.Length > 0)
            context.Gaps.Add(GapCodes.LicenceMissing, GapSeverity.Info, "The repository has no licence", "Whoever did not write it may not use it.", "Write LICENSE with the text of a licence, or declare it in the manifest");
        return found;
    }

    /// <summary>One row per tool and folder: a Terraform module is its folder, not its files.</summary>
    private static ImmutableArray<FoundFile> Infrastructure(AuditContext context)
    {
        var found = new HashSet<FoundFile>();
        foreach (var file in context.Files.All)
            if (KnownFiles.InfrastructureOf(file.Path) is { } kind) found.Add(new(kind, kind is "terraform" or "bicep" ? TreePaths.DirectoryOf(file.Path) : file.Path));
            else if (TreePaths.ExtensionOf(file.Path) is ".yaml" or ".yml" && file.Size < 256 << 10 && !file.Path.StartsWith(".github/", StringComparison.Ordinal) && !found.Contains(new("kubernetes", TreePaths.DirectoryOf(file.Path))))
            {
                var text = context.Files.Beginning(file.Path, 4096) ?? "";
                if (text.Contains("AWSTemplateFormatVersion", StringComparison.Ordinal)) found.Add(new("cloudformation", file.Path));
                // the templates of a chart are its own; they have both keys, too
                else if (IsKubernetes(text) && !file.Path.Contains("/templates/", StringComparison.Ordinal)) found.Add(new("kubernetes", TreePaths.DirectoryOf(file.Path)));
            }
        return Rows(found);
    }

    private static bool IsKubernetes(string text) => Line(text, "apiVersion:") && Line(text, "kind:");

    private static bool Line(string text, string key) => text.StartsWith(key, StringComparison.Ordinal) || text.Contains("\n" + key, StringComparison.Ordinal);

    private static ImmutableArray<FoundFile> Rows(IEnumerable<FoundFile> found) =>
        [.. found.OrderBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Kind, StringComparer.Ordinal).Take(MostRows)];
}
