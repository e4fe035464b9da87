using ProdSprint.Audit;
using ProdSprint.Deploy;
using ProdSprint.Infrastructure;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Secrets;

/// <summary>
/// What services are given from outside: what the environment's infrastructure gives, over it the project's variables, and over them the current versions of the environment's secrets,
/// the reading of which is in the audit log.
/// </summary>
public sealed class SecretVariables(
    SecretStore store, SecretRotators rotators, InfrastructureVariables infrastructure, SealedVariables sealedVariables, IGrainFactory grains, AuditLog audit) : IVariableSource, IProvidedNames
{
    /// <summary>A version may end between the look and the reading; then there is a newer one.</summary>
    private const int Looks = 3;

    public async Task<IReadOnlyDictionary<string, string>> GetAsync(InstanceKey key, ServicePlan service, CancellationToken cancellation)
    {
        var values = new Dictionary<string, string>(await infrastructure.GetAsync(key, service, cancellation));
        foreach (var (name, value) in await OfProjectAsync(key, cancellation)) values[name] = value;
        var read = new List<string>();
        for (var look = 1; ; look++)
        {
            read.Clear();
            var missing = await ReadAsync(key, values, read, cancellation);
            if (missing is null) break;
            if (look == Looks) throw new DeployException($"The value of {missing} in {key.Environment} is not there. Next: set it again, or rotate it: prodsprint secrets rotate {missing}");
        }
        if (read.Count == 0) return values;
        await audit.AppendAsync(
            key.Workspace, new("system:deploy", "instance", "ReadSecrets", $"projects/{key.Project}/secrets/{key.Environment}", "read", null, null, string.Join(", ", read.Order(StringComparer.Ordinal)), key.ToString(), null, null), cancellation);
        return values;
    }

    public async Task<IReadOnlySet<string>> NamesAsync(string workspace, string project, string environment, CancellationToken cancellation)
    {
        var names = (await grains.GetGrain<IProjectGrain>(GrainKeys.Project(workspace, project)).Variables()).Keys.ToHashSet(StringComparer.Ordinal);
        names.UnionWith((await store.ListAsync(workspace, project, cancellation)).Where(s => s.Environment == environment).Select(s => s.Name));
        if (infrastructure.Gives(workspace, project, environment)) names.Add(InfrastructureVariables.DatabaseUrl);
        return names;
    }

    private async Task<Dictionary<string, string>> OfProjectAsync(InstanceKey key, CancellationToken cancellation)
    {
        var variables = await grains.GetGrain<IProjectGrain>(GrainKeys.Project(key.Workspace, key.Project)).Variables();
        try
        {
            return await sealedVariables.OpenAsync(key.Workspace, key.Project, variables, cancellation);
        }
        catch (SecretException e)
        {
            throw new DeployException($"{e.Message} Next: {e.Next}", e.Retry, e);
        }
    }

    /// <summary>The name of one whose value is not there; null: all were.</summary>
    private async Task<string?> ReadAsync(InstanceKey key, Dictionary<string, string> values, List<string> read, CancellationToken cancellation)
    {
        try
        {
            foreach (var view in (await store.ListAsync(key.Workspace, key.Project, cancellation)).Where(v => v.Environment == key.Environment))
            {
                var name = new SecretName(view.Workspace, view.Project, view.Environment, view.Name);
                var current = SecretStore.Current(view)!;
                if (await store.OpenAsync(name, current.Reference, cancellation) is not { } value) return view.Name;
                values[view.Name] = rotators.Of(view.Kind).HandOut(name, value);
                read.Add($"{view.Name} version {current.Number}");
            }
            return null;
        }
        catch (SecretException e)
        {
            throw new DeployException($"{e.Message} Next: {e.Next}", e.Retry, e);
        }
    }
}
