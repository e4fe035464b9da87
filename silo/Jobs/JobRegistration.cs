using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ProdSprint.Jobs;

public static class JobRegistration
{
    /// <summary>The queue and what people see of it, and a worker. Needs a <see cref="Data.Database"/>; add after Orleans, so that the worker stops before it.</summary>
    public static IServiceCollection AddProdSprintJobs(this IServiceCollection services, Action<JobOptions>? configure = null)
    {
        var options = new JobOptions();
        configure?.Invoke(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobReads>();
        services.AddSingleton<JobCommands>();
        services.TryAddSingleton<IOutcomeReceiver, GrainOutcomes>();
        services.AddSingleton<JobWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<JobWorker>());
        return services;
    }
}
