using System.Collections.Immutable;
using System.Text;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>What must be resolved, or waived with a reason, before a plan can be approved.</summary>
public static class PlanBlockers
{
    public const string VariableMissing = "variable.missing";
    public const string EntryNone = "entry.none";
    public const string ServiceNotRun = "service.not-run";

    /// <summary>What a waiver cannot help against: there is nothing to run, or it would leave the checkout.</summary>
    private static readonly HashSet<string> Absolute =
        [GapCodes.ServiceNone, GapCodes.StartMissing, GapCodes.SymlinkEscape, GapCodes.PathInvalid, GapCodes.ConfigurationInvalid, EntryNone];

    /// <summary>Gaps about what to run; answered when prodsprint.yml says it.</summary>
    private static readonly HashSet<string> Answerable = [GapCodes.ServiceNone, GapCodes.StartMissing, GapCodes.DockerfileOnly];

    public static ImmutableArray<PlanBlocker> Find(AuditReport audit, ImmutableArray<ServiceSource> sources, ImmutableArray<EnvironmentPlan> environments, string entry)
    {
        var blockers = new List<PlanBlocker>();
        foreach (var gap in audit.Gaps.Where(g => g.Severity == GapSeverity.Blocking))
        {
            var source = gap.Service is null ? null : sources.FirstOrDefault(s => s.Audit?.Name == gap.Service);
            if (source is { IsWanted: false }) continue;
            if (Answerable.Contains(gap.Code) && (source is null ? sources.Any(s => s.IsRunnable) : source.Configuration is { Start: not null } or { Static: not null })) continue;
            blockers.Add(Make(gap.Code, gap.Title, gap.Why, gap.Remediation, null, gap.Service, gap.At, gap.At?.ToString()));
        }
        foreach (var environment in environments)
            foreach (var service in environment.Services)
                foreach (var variable in service.Variables.Where(v => v.State == VariableState.Missing))
                    blockers.Add(Make(VariableMissing, $"{variable.Name} is not set for {service.Name} in {environment.Name}", $"The code reads it without a default ({variable.Source}).",
                        variable.Secret ? $"Provide the secret {variable.Name} for {environment.Name}" : $"Set {variable.Name} under services: {service.Name}: env: in prodsprint.yml, or provide it for {environment.Name}",
                        environment.Name, service.Name, null, variable.Name));
        if (entry.Length == 0 && audit.Configuration?.Entry is { } named)
            blockers.Add(Make(EntryNone, $"There is no service \"{named}\" to route to", $"entry: names it, but the services are {string.Join(", ", sources.Select(s => s.Name).DefaultIfEmpty("none"))}.",
                $"Correct entry: in {audit.Configuration.Path}", null, null, new(audit.Configuration.Path), named));
        else if (entry.Length == 0 && blockers.All(b => b.Code is not (GapCodes.ServiceNone or GapCodes.StartMissing)))
            blockers.Add(Make(EntryNone, "No service listens for HTTP", "A canary is judged by the requests it answers, and none would arrive.", "Name a port under services: <name>: port: in prodsprint.yml", null, null, null, null));
        foreach (var service in environments[0].Services)
            if (service is { Kind: ServiceKind.Web, Port: { Variable: null } port } && entry.Length > 0)
                blockers.Add(Make(GapCodes.PortFixed, $"{service.Name} always listens on port {port.Default}", "The new version and the stable one run side by side and cannot share a port.",
                    $"Let the code read the port from PORT ({sources.First(s => s.Name == service.Name).Audit?.Port?.Source}), or name its variable under portVariable: in prodsprint.yml", null, service.Name, null, null));
        foreach (var source in sources.Where(s => s.IsWanted && environments[0].Services.All(p => p.Name != s.Name)))
            if (blockers.All(b => b.Service != source.Name))
                blockers.Add(Make(ServiceNotRun, $"{source.Name} is not run", "It is a part of the repository, and nothing says how to start it: the version would run without it.",
                    $"Write start: under services: {source.Name}: in prodsprint.yml, or deploy: false if it is not meant to run", null, source.Name, null, null));
        return Sort(blockers);
    }

    public static ImmutableArray<PlanBlocker> Sort(IEnumerable<PlanBlocker> blockers) =>
        [.. blockers.DistinctBy(b => b.Id).OrderBy(b => b.Code, StringComparer.Ordinal).ThenBy(b => b.Environment, StringComparer.Ordinal).ThenBy(b => b.Service, StringComparer.Ordinal).ThenBy(b => b.Id, StringComparer.Ordinal)];

    /// <summary>The id is made of the cause, not of the wording or the order: a waiver goes on holding while the cause stays.</summary>
    private static PlanBlocker Make(string code, string title, string why, string remediation, string? environment, string? service, SourceLocation? at, string? cause)
    {
        var digest = CanonicalJson.Digest(Encoding.UTF8.GetBytes(string.Join('\n', code, environment, service, cause)));
        return new($"{code}:{digest[7..19]}", code, title, why, remediation, environment, service, at, !Absolute.Contains(code));
    }
}
