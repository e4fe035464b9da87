using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>A service as the audit found it with what prodsprint.yml says about it; either may be missing.</summary>
public sealed record ServiceSource(string Name, ServiceAudit? Audit, ServiceConfiguration? Configuration)
{
    public string Path => Configuration?.Path ?? Audit?.Path ?? ".";

    public string? StaticDirectory => Configuration switch
    {
        { Static: { } given } => TreePaths.Join(Path, given),
        { Start: not null } => null,
        _ => Audit?.Output(),
    };

    /// <summary>False: the repository says that this one is not to be deployed.</summary>
    public bool IsWanted => Configuration?.Deploy != false;

    public bool IsRunnable => Configuration?.Start is not null || StaticDirectory is not null || Audit?.StartCommand is not null;

    public ServiceKind Kind =>
        Configuration?.Static is not null ? ServiceKind.Static
        : Configuration is { Port: not null } or { Health: not null } or { PortVariable: not null } ? ServiceKind.Web
        : Audit is { } audit && (audit.Kind != ServiceKind.Static || Configuration?.Start is null) ? audit.Kind : ServiceKind.Web;
}

public static class ServiceSources
{
    private static readonly string[] Fronts = ["web", "app", "frontend", "www", "site", "shop", "store", "server", "gateway", "api", "backend"];

    /// <summary>Joins by name, else by path; what only the file names is a service too. Sorted by name.</summary>
    public static ImmutableArray<ServiceSource> Merge(AuditReport audit)
    {
        var configured = audit.Configuration?.Services ?? [];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var sources = new List<ServiceSource>();
        foreach (var configuration in configured)
        {
            var match = audit.Services.FirstOrDefault(s => s.Name == configuration.Name && (configuration.Path is null || configuration.Path == s.Path))
                ?? audit.Services.FirstOrDefault(s => s.Path == (configuration.Path ?? ".") && !configured.Any(c => c.Name == s.Name));
            if (match is not null && !taken.Add(match.Name)) match = null;
            sources.Add(new(configuration.Name, match, configuration));
        }
        sources.AddRange(audit.Services.Where(s => !taken.Contains(s.Name)).Select(s => new ServiceSource(s.Name, s, null)));
        sources.AddRange(audit.Services.SelectMany(Beside).Where(s => sources.All(x => x.Name != s.Name)));
        return [.. sources.OrderBy(s => s.Name, StringComparer.Ordinal)];
    }

    /// <summary>The other processes of a Procfile: the same folder, installed and built once, started as services of their own.</summary>
    private static IEnumerable<ServiceSource> Beside(ServiceAudit service) => ProcfileReader.Others(service.Processes).Select(process =>
    {
        var line = ForeignCommand.Adapt(process.Command, service.Language, service.InstallCommand is not null, _ => false);
        // the same Go program, started otherwise: it is where the build put it
        if (service is { Language: "go", StartCommand: { } built } && ProcfileReader.Main(service.Processes) is { } main && GoProcfile.Program(main.Command).Name == GoProcfile.Program(process.Command).Name)
            line = built.Line.Split(' ')[0] + GoProcfile.Program(process.Command).Arguments;
        var listens = process.Command.Contains("$PORT", StringComparison.Ordinal) || process.Command.Contains("${PORT", StringComparison.Ordinal);
        var name = $"{service.Name}-{process.Name}";
        return new ServiceSource(name, service with
        {
            Name = name,
            Kind = listens ? ServiceKind.Web : ServiceKind.Worker,
            StartCommand = new(line, TreePaths.DirectoryOf(process.At.Path), $"{process.At.Path} {process.Name}"),
            Port = listens ? new(3000, "PORT", process.At.ToString()) : null,
            HealthPath = null,
            OutputDirectory = null,
            Processes = [],
            Migrations = [],
            Tests = null,
        }, null);
    });

    /// <summary>Who gets the routed traffic: as configured, else the only one that listens, else by place and name (then it is said that it was assumed).</summary>
    public static (string Name, bool Assumed) Entry(ImmutableArray<ServiceSource> sources, ProjectConfiguration? configuration)
    {
        if (configuration?.Entry is { } named) return (sources.Any(s => s.Name == named) ? named : "", false);
        var listening = sources.Where(s => s.IsWanted && s.IsRunnable && s.Kind is ServiceKind.Web or ServiceKind.Static).ToList();
        if (listening.Count <= 1) return (listening.FirstOrDefault()?.Name ?? "", false);
        var best = listening.FirstOrDefault(s => s.Path == ".")
            ?? listening.Where(s => Rank(s) >= 0).OrderBy(Rank).ThenBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault()
            ?? listening.FirstOrDefault(s => s.Kind == ServiceKind.Web) ?? listening[0];
        return (best.Name, true);
    }

    public static string? Output(this ServiceAudit audit) => audit.StartCommand is null ? audit.OutputDirectory : null;

    private static int Rank(ServiceSource source) => Array.FindIndex(Fronts, f => source.Name == f || source.Name.EndsWith("-" + f, StringComparison.Ordinal) || source.Name.StartsWith(f + "-", StringComparison.Ordinal));
}
