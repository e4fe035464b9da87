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
    SecretStore store, SecretRotators rotators, InfrastructureVariables infrastructure, SealedVariables sealedVariables, IGrainFactory grains, AuditLog audit, TimeProvider time) : IVariableSource, IProvidedNames
{
    /// <summary>A version may end between the look and the reading; then there is a newer one.</summary>
    private const int Looks = 3;

    /// <summary>For a secret that is withheld while it is seen whether it goes or stays. The look itself takes milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(50);

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

    /// <summary>The environment's secrets, once none of them is withheld: nothing starts without one that stays.</summary>
    private async Task<IReadOnlyList<SecretView>> SettledAsync(InstanceKey key, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ; await Task.Delay(Pause, time, cancellation))
        {
            var all = (await store.ListAllAsync(key.Workspace, key.Project, cancellation)).Where(v => v.Environment == key.Environment).ToList();
            if (all.Find(SecretStore.IsWithheld) is not { } withheld) return all;
            if (time.GetElapsedTime(began) >= Patience)
                throw new DeployException($"{withheld.Name} of {key.Environment} is to be removed, and it is still being seen whether anything holds it. Next: try again in a moment, or see prodsprint secrets versions {withheld.Name}", retry: true);
        }
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
            foreach (var view in await SettledAsync(key, cancellation))
            {
                if (SecretStore.Current(view) is not { } current) continue;
                var name = new SecretName(view.Workspace, view.Project, view.Environment, view.Name);
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
