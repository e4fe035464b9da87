using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

public static class PlanDigest
{
    /// <summary>
    /// Over exactly what would be executed: commands and their folders, names (and plain values) of variables, ports, health checks, limits, versions. Not over the
    /// commit, and not over where a command was found: a comment moved in package.json changes nothing that runs.
    /// </summary>
    public static string Execution(ImmutableArray<EnvironmentPlan> environments, string entry) =>
        CanonicalJson.Digest(new { Entry = entry, Environments = environments.Select(e => new { e.Name, Services = e.Services.Select(Bare) }) });

    public static string Document(PlanDocument plan) => CanonicalJson.Digest(plan with { Digest = "", Changes = [], CarriesApproval = false });

    private static ServicePlan Bare(ServicePlan service) => service with
    {
        Framework = null,
        Install = Bare(service.Install),
        Build = Bare(service.Build),
        Start = Bare(service.Start),
        Migrate = Bare(service.Migrate),
        Test = Bare(service.Test),
        // a variable that the code may read and nobody sets is not executed
        Variables = [.. service.Variables.Where(v => v.State != VariableState.Defaulted).Select(v => v with { Source = "" })],
    };

    private static ServiceCommand? Bare(ServiceCommand? command) => command is null ? null : command with { Source = "" };
}
