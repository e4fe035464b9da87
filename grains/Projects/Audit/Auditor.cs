using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>
/// Reads a repository and says what there is to build and run, and what is missing. A pure function of the snapshot: nothing of the repository is run,
/// the order of the entries does not matter, and the same commit gives the same bytes.
/// </summary>
public static class Auditor
{
    /// <summary>Where two ecosystems claim one folder, the earlier one wins if it has something to start: Railpack's order, with Nixpacks' other languages before Node.</summary>
    private static readonly IServiceDetector[] Detectors =
    [
        new PhpDetector(), new GoDetector(), new GradleDetector(), new MavenDetector(), new ScalaDetector(), new ClojureDetector(), new RustDetector(), new RubyDetector(), new ElixirDetector(), new PythonDetector(),
        new DenoDetector(), new DotNetDetector(), new CrystalDetector(), new DartDetector(), new HaskellDetector(), new SwiftDetector(), new NodeDetector(), new BuiltDetector(), new GleamDetector(), new ZigDetector(), new CobolDetector(), new CppDetector(),
        new StaticDetector(), new ShellDetector(),
    ];

    private const int MostImages = 20;

    public static AuditReport Run(IRepositoryTree tree)
    {
        var earlier = SecretScan.BeginHistory(tree);
        var gaps = new GapList();
        var files = new RepositoryFiles(tree, gaps);
        var context = new AuditContext(files, new(files, gaps), gaps);
        var configuration = ConfigurationReader.Read(context);
        var drafts = Choose(Detectors.SelectMany(d => d.Detect(context)).ToList(), context, configuration);
        Dockerfiles(drafts, context);
        Name(drafts);
        // one that was written by a blueprint and made the team's own: pinned, or without the line that says whose it is
        foreach (var draft in drafts.Where(d => d.Dockerfile is null && files.Manifest($"deploy/Dockerfile.{d.Name}") is { } text && (text.Contains("@sha256:", StringComparison.Ordinal) && text.Split('\n').All(l => !l.StartsWith("FROM ", StringComparison.Ordinal) || l.Contains("@sha256:", StringComparison.Ordinal)) || !text.StartsWith("# Written by ProdSprint", StringComparison.Ordinal))))
            draft.Dockerfile = DockerfileReader.Read($"deploy/Dockerfile.{draft.Name}", context);
        var containers = ComposeReader.Read(drafts, context);
        var services = drafts.Select(d => ServiceFinish.Complete(d, drafts, containers, context)).ToImmutableArray();
        var repository = RepositoryFinder.Find(earlier, containers, context);
        LockFileFinder.Find(context);
        RepositoryGaps.Find(services, configuration, context);
        return new(AuditReport.CurrentSchema, tree.Commit, tree.Source, services, gaps.Sorted(), configuration, files.Figures, repository);
    }

    private static List<ServiceDraft> Choose(List<ServiceDraft> found, AuditContext context, ProjectConfiguration? configuration)
    {
        var configured = configuration?.Services.Select(s => s.Path ?? ".").ToHashSet(StringComparer.Ordinal) ?? [];
        var chosen = new List<ServiceDraft>();
        foreach (var folder in found.GroupBy(d => d.Directory, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            // several programs of one project file or of one folder stay side by side; two ecosystems do not
            var first = folder.FirstOrDefault(d => d.IsRunnable && d.Language != "static") ?? folder.FirstOrDefault(d => d.IsRunnable) ?? folder.First();
            chosen.AddRange(folder.Where(d => d == first || d.Language == first.Language && d.IsRunnable && first.IsRunnable));
        }
        foreach (var file in context.Files.Named("Procfile"))
        {
            var directory = TreePaths.DirectoryOf(file.Path);
            var processes = ProcfileReader.Read(file.Path, context);
            if (processes.IsEmpty) continue;
            var draft = chosen.FirstOrDefault(d => d.Directory == directory);
            if (draft is null or { Language: "static" } && (PublishedStart.Apply(chosen, processes, directory) || GoProcfile.Apply(chosen, processes, directory, context))) continue;
            if (draft is null or { Language: "static" })
            {
                chosen.RemoveAll(d => d.Directory == directory);
                chosen.Add(draft = new("shell", directory, file.Path));
            }
            ProcfileReader.Apply(draft, processes, context);
        }
        foreach (var folder in PlatformFiles.Names.SelectMany(context.Files.Named).Select(f => TreePaths.DirectoryOf(f.Path)).Distinct().Order(StringComparer.Ordinal))
        {
            if (PlatformFiles.In(folder, context) is not { } file) continue;
            var draft = chosen.FirstOrDefault(d => d.Directory == folder);
            if (draft is null && file.Start is not null) chosen.Add(draft = new("shell", folder, file.Path));
            if (draft is not null) PlatformFiles.Apply(file, draft);
        }
        foreach (var draft in chosen.Where(d => !d.IsRunnable && (d.Language is "node" or "python"))) ForeignCommand.FromDockerfile(draft, context);
        var skipped = chosen.Where(d => d.IsRunnable && ServiceFolders.IsExample(d.Directory) && !configured.Contains(d.Directory)).ToList();
        var kept = chosen.Where(d => d.IsRunnable && !skipped.Contains(d)).ToList();
        if (skipped.Count > 0)
            context.Gaps.Add(GapCodes.ServiceSkipped, GapSeverity.Info, $"{skipped.Count} programs in example and test folders are not services",
                $"Found in {string.Join(", ", skipped.Select(s => s.Directory).Distinct().Order(StringComparer.Ordinal).Take(5))}{(skipped.Count > 5 ? " …" : "")}.",
                "Name one under services: with its path in prodsprint.yml if it is to be deployed");
        if (kept.Count == 0)
        {
            // nothing to start: the shallowest project is what the owner means, and a gap tells what it lacks
            var depth = chosen.Where(d => !ServiceFolders.IsExample(d.Directory)).Select(Depth).DefaultIfEmpty(-1).Min();
            kept = [.. chosen.Where(d => !ServiceFolders.IsExample(d.Directory) && Depth(d) == depth).Take(1)];
            // a repository of nothing but examples means its examples
            if (kept.Count == 0 && skipped.Count > 0) kept = [.. skipped.Where(d => Depth(d) == skipped.Min(Depth))];
        }
        return [.. kept.OrderBy(d => d.Directory, StringComparer.Ordinal).ThenBy(d => d.Manifest, StringComparer.Ordinal).ThenBy(d => d.Name, StringComparer.Ordinal)];
    }

    private static int Depth(ServiceDraft draft) => draft.Directory == "." ? 0 : draft.Directory.Count(c => c == '/') + 1;

    private static void Dockerfiles(List<ServiceDraft> drafts, AuditContext context)
    {
        var images = context.Files.All.Where(f => DockerfileReader.IsDeployed(f.Path) && !ServiceFolders.IsExample(TreePaths.DirectoryOf(f.Path)))
            .OrderBy(f => TreePaths.NameOf(f.Path).Length).ThenBy(f => f.Path, StringComparer.Ordinal).ToList();
        foreach (var group in images.GroupBy(f => TreePaths.DirectoryOf(f.Path), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (DockerfileReader.Read(group.First().Path, context) is not { } image) continue;
            var here = drafts.Where(d => d.Directory == group.Key).ToList();
            var inside = drafts.Where(d => group.Key == "." ? drafts.Count == 1 : TreePaths.IsBelow(d.Directory, group.Key)).ToList();
            var owner = here.FirstOrDefault() ?? (inside.Count == 1 ? inside[0] : null);
            if (owner is not null) owner.Dockerfile ??= image;
            else if (inside.Count == 0 && ProxyImages.Is(image) && ProxyImages.Site(image, context) is { } site) drafts.Add(site);
            else if (inside.Count == 0 && drafts.Count > 0 && ProxyImages.Is(image)) ProxyImages.LeftOut(image, context);
            else if (inside.Count == 0 && image.Command is not null && (group.Key == "." ? drafts.Count == 0 : !drafts.Any(d => d.Directory != "." && TreePaths.IsBelow(group.Key, d.Directory))))
            {
                // an image of something else than a program here (a database, a proxy) has no files of its own beside it
                drafts.Add(new("docker", group.Key, image.Path) { Dockerfile = image });
            }
        }
        // a repository of base images has hundreds, and none of them is a service
        var alone = drafts.Where(d => d.Language == "docker").ToList();
        if (alone.Count > MostImages)
        {
            drafts.RemoveAll(d => d.Language == "docker" && alone.IndexOf(d) >= MostImages);
            context.Gaps.Add(GapCodes.ServiceSkipped, GapSeverity.Info, $"{alone.Count - MostImages} of {alone.Count} Dockerfiles are left out", "So many images without a program beside them are built for others to use, not to be deployed from here.", "Name those that are to be deployed under services: in prodsprint.yml");
        }
        drafts.Sort((a, b) => string.CompareOrdinal(a.Directory, b.Directory) is not 0 and var c ? c : string.CompareOrdinal(a.Manifest, b.Manifest) is not 0 and var m ? m : string.CompareOrdinal(a.Name, b.Name));
    }

    /// <summary>Folder name, or the manifest's name at the root; made plain, and made unique with a number.</summary>
    private static void Name(List<ServiceDraft> drafts)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            var name = Plain(draft.Directory == "." || draft.Language is "dotnet" or "go" ? draft.Name ?? TreePaths.NameOf(draft.Directory) : TreePaths.NameOf(draft.Directory));
            if (name.Length == 0) name = "app";
            var unique = name;
            for (var i = 2; !taken.Add(unique); i++) unique = $"{name}-{i}";
            draft.Name = unique;
        }
    }

    private static string Plain(string name)
    {
        // two dashes beside each other are no name for an image at AWS
        var plain = string.Join('-', new string([.. name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return plain.Length > 40 ? plain[..40].Trim('-') : plain;
    }
}
