using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Infrastructure;
using ProdSprint.Jobs;

namespace ProdSprint.Secrets;

public static class SecretRegistration
{
    /// <summary>Sealing: on every node, because a value that comes in is sealed where it comes in. A master key that cannot be read is told now, one of a key service that may not be used when the node starts.</summary>
    public static IServiceCollection AddSecretStore(this IServiceCollection services, SecretOptions options, Database database)
    {
        services.TryAddSingleton<ViewReads>();
        return services.AddSingleton(options).AddSingleton(new MasterKeys(options, database)).AddSingleton<DataKeys>().AddSingleton<SecretStore>().AddSingleton<SealedVariables>().AddHostedService<MasterKeyCheck>();
    }

    /// <summary>On the target, after the infrastructure and before the deploy target itself.</summary>
    public static IServiceCollection AddSecrets(this IServiceCollection services)
    {
        services.TryAddSingleton<AuditLog>();
        return services.AddSingleton<ISecretRotator, OutsideValue>().AddSingleton<ISecretRotator, PostgresRotator>().AddSingleton<ISecretRotator, ApiKeyRotator>().AddSingleton<SecretRotators>()
            .AddSingleton<IHiddenValues, SecretsInLogs>().AddSingleton<ISecretUse, RunningCopies>().AddSingleton<SecretVariables>().AddSingleton<IVariableSource>(s => s.GetRequiredService<SecretVariables>()).AddSingleton<IProvidedNames>(s => s.GetRequiredService<SecretVariables>())
            .AddSingleton<IJobHandler, PlaceSecretHandler>().AddSingleton<IJobHandler, VerifySecretHandler>().AddSingleton<IJobHandler, CheckSecretHandler>()
            .AddSingleton<IJobHandler, SecretHoldersHandler>().AddSingleton<IJobHandler, RemoveSecretHandler>().AddSingleton<IDestroyed, SecretsOfDestroyed>()
            .AddSingleton<IJobHandler, UndoSecretHandler>().AddSingleton<IJobHandler, RevokeSecretHandler>();
    }
}
