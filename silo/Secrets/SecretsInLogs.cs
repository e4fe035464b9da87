using ProdSprint.Deploy;
using ProdSprint.Infrastructure;
using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>Every version of an environment's secrets that still works, and the password of its database. They are read to be left out, so it is no reading that the audit log has to know.</summary>
internal sealed class SecretsInLogs(SecretStore store, SecretRotators rotators, InfrastructureVariables infrastructure) : IHiddenValues
{
    public async Task<IReadOnlyList<HiddenValue>> ReadAsync(InstanceKey key, CancellationToken cancellation)
    {
        var values = new List<HiddenValue>();
        if (infrastructure.Password(key) is { } password) values.Add(new(InfrastructureVariables.DatabaseUrl, password));
        foreach (var view in (await store.ListAllAsync(key.Workspace, key.Project, cancellation)).Where(v => v.Environment == key.Environment))
            foreach (var version in view.Versions.Where(v => v.EndedAt is null))
            {
                var name = new SecretName(view.Workspace, view.Project, view.Environment, view.Name);
                if (await store.OpenAsync(name, version.Reference, cancellation) is not { } value) continue;
                values.Add(new(view.Name, value.Value));
                if (value.ProviderId is not null) values.Add(new(view.Name, rotators.Of(view.Kind).HandOut(name, value)));
            }
        return values;
    }
}
