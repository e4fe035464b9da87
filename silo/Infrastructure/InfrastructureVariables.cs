using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Plans;

namespace ProdSprint.Infrastructure;

/// <summary>What an environment that was applied gives its services: the address of its database. What the plan says itself goes before.</summary>
public sealed class InfrastructureVariables(InfrastructureOptions options, Database database) : IVariableSource
{
    public const string DatabaseUrl = "DATABASE_URL";

    /// <summary>Whether an environment was applied, and gives its address.</summary>
    public bool Gives(string workspace, string project, string environment) => new EnvironmentPlace(options.Root, new(workspace, project, environment)).HasSecret;

    /// <summary>Of the environment's database; null: it has none.</summary>
    public string? Password(InstanceKey key) => new EnvironmentPlace(options.Root, new(key.Workspace, key.Project, key.Environment)) is { HasSecret: true } place ? place.ReadSecret(LocalConfiguration.DatabasePassword) : null;

    public Task<IReadOnlyDictionary<string, string>> GetAsync(InstanceKey key, ServicePlan service, CancellationToken cancellation)
    {
        var place = new EnvironmentPlace(options.Root, new(key.Workspace, key.Project, key.Environment));
        var given = !service.Variables.IsDefault && service.Variables.Any(v => v.Name == DatabaseUrl && v.Value is not null);
        IReadOnlyDictionary<string, string> values = given || !place.HasSecret
            ? new Dictionary<string, string>()
            : new Dictionary<string, string> { [DatabaseUrl] = place.DatabaseUrl(options.Database.Length > 0 ? options.Database : database.OwnerConnectionString) };
        return Task.FromResult(values);
    }
}
