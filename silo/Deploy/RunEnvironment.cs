using System.Globalization;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Deploy;

/// <summary>
/// The variables that a service of a running version sees: what the plan says, what is provided from outside, and where the services beside it listen.
/// A plain value of the plan may name a platform variable as <c>${PORT}</c> or <c>${PRODSPRINT_SERVICE_API_URL}</c>.
/// </summary>
internal sealed class RunEnvironment(LocalDeployOptions options, InstanceRegistry registry, IVariableSource variables)
{
    /// <param name="port">0: it listens for nothing.</param>
    /// <returns>All that it sees, and which of it was provided from outside.</returns>
    public async Task<(Dictionary<string, string> All, IReadOnlyList<string> Given)> OfAsync(
        InstanceKey key, string version, ServicePlan service, int port, string home, string temporary, CancellationToken cancellation)
    {
        var e = BuildEnvironment.Base(options, home, temporary);
        if (!service.Variables.IsDefault)
            foreach (var v in service.Variables)
                if (v.Value is not null) e[v.Name] = v.Value;
        var platform = new Dictionary<string, string> { ["PORT"] = port.ToString(CultureInfo.InvariantCulture) };
        foreach (var other in registry.Version(key).Where(r => r.Port != 0)) platform[VariableNames.ServiceUrl(other.Service.Name)] = $"http://{other.Address}";
        foreach (var name in e.Keys.ToList())
            if (e[name].Contains("${", StringComparison.Ordinal))
                e[name] = platform.Aggregate(e[name], (text, p) => text.Replace($"${{{p.Key}}}", p.Value, StringComparison.Ordinal));
        // As it was given: a password may look like anything.
        var given = await variables.GetAsync(key, service, cancellation);
        foreach (var (name, value) in given) e[name] = value;

        foreach (var (name, value) in platform)
            if (name != "PORT" || port != 0) e[name] = value;
        // Not over an address that the port is part of already (ASPNETCORE_URLS).
        if (port != 0 && service.Port?.Variable is { Length: > 0 } variable && e.GetValueOrDefault(variable)?.Contains(platform["PORT"], StringComparison.Ordinal) != true)
            e[variable] = platform["PORT"];
        e["PRODSPRINT_VERSION"] = version;
        e["PRODSPRINT_ENVIRONMENT"] = key.Environment;
        return (e, [.. given.Keys.Order(StringComparer.Ordinal)]);
    }
}

/// <summary>Values that are provided from outside: secrets and project settings. They go into the process and nowhere else.</summary>
public interface IVariableSource
{
    Task<IReadOnlyDictionary<string, string>> GetAsync(InstanceKey key, ServicePlan service, CancellationToken cancellation);
}

/// <summary>Which variables are provided from outside now, by name alone: no value is read.</summary>
public interface IProvidedNames
{
    Task<IReadOnlySet<string>> NamesAsync(string workspace, string project, string environment, CancellationToken cancellation);
}

/// <summary>Until somebody provides values: none.</summary>
internal sealed class NoVariables : IVariableSource, IProvidedNames
{
    public Task<IReadOnlySet<string>> NamesAsync(string workspace, string project, string environment, CancellationToken cancellation) => Task.FromResult<IReadOnlySet<string>>(new HashSet<string>());

    public Task<IReadOnlyDictionary<string, string>> GetAsync(InstanceKey key, ServicePlan service, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
}
