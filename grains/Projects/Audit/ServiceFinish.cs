using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Completes a draft with what the service's source text says, and writes down what it lacks.</summary>
public static partial class ServiceFinish
{
    public static ServiceAudit Complete(ServiceDraft draft, IReadOnlyList<ServiceDraft> all, IReadOnlyList<ContainerAudit> containers, AuditContext context)
    {
        var nested = all.Where(d => d != draft && d.Directory != draft.Directory && TreePaths.IsBelow(d.Directory, draft.Directory)).Select(d => d.Directory).ToList();
        var own = context.Files.Below(draft.Directory).Where(f => !nested.Any(n => TreePaths.IsBelow(f.Path, n))).ToList();
        var scan = new SourceScan();
        if (draft.Language is not "docker") foreach (var file in own.Concat(draft.Reached)) scan.Add(file, context.Files);
        MigrationFinder.Find(draft, own, context);
        foreach (var part in draft.Parts.Where(p => all.All(d => d.Directory != p.Directory)))
        {
            // a package of the workspace that nothing runs by itself: its schema is that of the services that need it
            part.Name = draft.Name;
            MigrationFinder.Find(part, [.. context.Files.Below(part.Directory)], context);
            draft.Migrations.AddRange(part.Migrations);
        }
        draft.Kind ??= IsWeb(draft, scan) ? ServiceKind.Web : ServiceKind.Worker;
        var port = draft.Kind == ServiceKind.Web ? Port(draft, scan) : null;
        Gaps(draft, scan, port, context);
        var tests = draft.Test is not null || scan.TestFiles > 0 ? new TestAudit(draft.TestRunner ?? "unknown", draft.Test, scan.TestFiles) : null;
        return new(
            draft.Name!, draft.Directory, draft.Kind.Value, draft.Language, draft.Version, draft.PackageManager, draft.Framework, draft.Install, draft.Build, draft.Start, port, draft.Dockerfile,
            draft.Kind == ServiceKind.Web ? scan.Health : null, draft.Output, scan.Variables(draft.Given), draft.Processes,
            [.. draft.Migrations.OrderBy(m => m.Tool == "procfile" ? 0 : 1).ThenBy(m => m.Tool, StringComparer.Ordinal).ThenBy(m => m.Directory, StringComparer.Ordinal)],
            tests, [.. draft.DependsOn], Needs(draft, containers, context), ServiceLinks.Of(draft, scan, all, containers));
    }

    /// <summary>By its packages, by Prisma's schema, and by the containers that compose starts before it.</summary>
    private static ImmutableArray<string> Needs(ServiceDraft draft, IReadOnlyList<ContainerAudit> containers, AuditContext context)
    {
        var needs = new SortedSet<string>(ServiceNeeds.Of(draft.Packages.Concat(draft.Parts.SelectMany(p => p.Packages)).ToHashSet(StringComparer.OrdinalIgnoreCase)), StringComparer.Ordinal);
        foreach (var schema in context.Files.Named("schema.prisma").Where(f => draft.Directory == "." || TreePaths.IsBelow(f.Path, draft.Directory) || draft.DependsOn.Any(d => TreePaths.IsBelow(f.Path, d))))
            if (PrismaProvider().Match(context.Files.Manifest(schema.Path) ?? "") is { Success: true } match) needs.Add(match.Groups[1].Value is "postgresql" ? "postgres" : match.Groups[1].Value);
        foreach (var container in containers.Where(c => c.Service == draft.Name))
            foreach (var other in containers.Where(c => c.At.Path == container.At.Path && container.DependsOn.Contains(c.Name)))
                if (other.Need is { } need) needs.Add(need);
        return [.. needs];
    }

    [GeneratedRegex(@"datasource\s+\w+\s*\{[^}]*?provider\s*=\s*""(\w+)""")]
    private static partial Regex PrismaProvider();

    private static bool IsWeb(ServiceDraft draft, SourceScan scan) =>
        scan.Listens || scan.Reads("PORT") || draft.Dockerfile is { ExposedPorts.Length: > 0 } || draft.Framework is not (null or "vite" or "worker" or "parcel" or "expo");

    private static PortAudit? Port(ServiceDraft draft, SourceScan scan)
    {
        if (draft.Port is not null) return draft.Port;
        if (scan.Reads("PORT")) return new(scan.DefaultOf("PORT") ?? Exposed(draft) ?? draft.DefaultPort, "PORT", scan.PlaceOf("PORT")!.ToString());
        if (draft.Framework is "next" or "nuxt" or "remix" or "react-router" or "astro" or "sveltekit" or "tanstack-start" or "solid-start") return new(draft.DefaultPort, "PORT", $"rule: {draft.Framework}");
        if (scan.FixedPort is { } written) return new(written.Number, null, written.At.ToString());
        if (Exposed(draft) is { } exposed) return new(exposed, null, $"{draft.Dockerfile!.Path} EXPOSE");
        return new(draft.DefaultPort, "PORT", $"rule: {draft.Framework ?? draft.Language} default");
    }

    private static int? Exposed(ServiceDraft draft) => draft.Dockerfile is { ExposedPorts: [var first, ..] } ? first : null;

    private static void Gaps(ServiceDraft draft, SourceScan scan, PortAudit? port, AuditContext context)
    {
        var gaps = context.Gaps;
        var at = draft.Manifest.Length > 0 && context.Files.HasFile(draft.Manifest) ? new SourceLocation(draft.Manifest) : null;
        if (draft.Language == "docker")
        {
            gaps.Add(GapCodes.DockerfileOnly, GapSeverity.Blocking, $"{draft.Directory} is known only by its Dockerfile", "The local target runs programs, not images, and no language was recognised here.",
                $"Write services: {draft.Name}: with path, build and start in prodsprint.yml", at, draft.Name);
            return;
        }
        if (!draft.IsRunnable)
            gaps.Add(GapCodes.StartMissing, GapSeverity.Blocking, $"{draft.Name} has no start command", "There is nothing to run.", Starter(draft), at, draft.Name);
        if (draft.StartDoubt is { } doubt) gaps.Add(doubt.Code, GapSeverity.Warning, doubt.Title, doubt.Why, doubt.Remediation, at, draft.Name);
        if (draft.Unlocked is { } open) LockFiles.Say(open, context);
        if (port is { Variable: null })
            gaps.Add(GapCodes.PortFixed, GapSeverity.Warning, $"{draft.Name} always listens on port {port.Number}",
                "Two versions on one host need two ports; a canary beside the stable version cannot start.", $"Let the code at {port.Source} read the port from the environment variable PORT", null, draft.Name);
        if (draft.Version is null && (draft.Language is "node" or "python" or "dotnet" or "go"))
            gaps.Add(GapCodes.VersionUnpinned, GapSeverity.Info, $"{draft.Name} does not say which {draft.Language} it needs", "It is built with what the machine has, which may change.", Pin(draft), at, draft.Name);
        if (draft.Test is null && scan.TestFiles == 0 && draft.Kind != ServiceKind.Static)
            gaps.Add(GapCodes.TestsMissing, GapSeverity.Warning, $"{draft.Name} has no tests", "The tests gate has nothing to check; a mistake shows first under real traffic.", Tests(draft) + Begin(draft), at, draft.Name);
        if (draft.Kind == ServiceKind.Web && scan.Health is null)
            gaps.Add(GapCodes.HealthMissing, GapSeverity.Info, $"{draft.Name} has no health route", "/ is asked instead: it may answer while what the service needs is away, or be slow.",
                "Answer GET /healthz with 200 in the code, or name another path under health: in prodsprint.yml", null, draft.Name);
    }

    private static string Starter(ServiceDraft draft) => draft.Language switch
    {
        "node" => $"Add \"start\" under \"scripts\" in {draft.Manifest}, or start: in prodsprint.yml",
        "python" => $"Add a main.py to {draft.Directory}, or a Procfile with \"web: <command>\"",
        _ => "Write a Procfile with \"web: <command>\", or start: in prodsprint.yml",
    };

    private static string Pin(ServiceDraft draft) => draft.Language switch
    {
        "node" => $"Add \"engines\": {{ \"node\": \"20.x\" }} to {draft.Manifest}",
        "python" => $"Write {TreePaths.Join(draft.Directory, ".python-version")} with one line, e.g. 3.12",
        "dotnet" => $"Set TargetFramework in {draft.Manifest}",
        _ => $"Add a go line to {draft.Manifest}",
    };

    private static string Begin(ServiceDraft draft) =>
        draft is { Kind: ServiceKind.Web, Language: "node" or "python" or "dotnet" or "go" } ? "; a first one is generated with the blueprint: prodsprint blueprint --branch NAME" : "";

    private static string Tests(ServiceDraft draft) => draft.Language switch
    {
        "node" => $"Add \"test\" under \"scripts\" in {draft.Manifest}, e.g. \"node --test\"",
        "python" => $"Write tests/test_app.py in {draft.Directory}",
        "dotnet" => "Add a test project that references this one",
        "go" => "Write a main_test.go beside the program",
        _ => "Add test: to the service in prodsprint.yml",
    };
}
