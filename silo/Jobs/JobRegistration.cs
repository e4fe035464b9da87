using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ProdSprint.Jobs;

public static class JobRegistration
{
    /// <summary>The queue and what people see and do of it. Needs a <see cref="Data.Database"/>.</summary>
    public static IServiceCollection AddProdSprintJobQueue(this IServiceCollection services) =>
        services.AddSingleton<JobQueue>().AddSingleton<JobReads>().AddSingleton<JobCommands>();

    /// <summary>The queue and a worker for the kinds that have an <see cref="IJobHandler"/> here. Add after Orleans, so that the worker stops before it.</summary>
    public static IServiceCollection AddProdSprintJobs(this IServiceCollection services, Action<JobOptions>? configure = null)
    {
        var options = new JobOptions();
        configure?.Invoke(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddProdSprintJobQueue();
        services.TryAddSingleton<IOutcomeReceiver, GrainOutcomes>();
        services.AddSingleton<JobWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<JobWorker>());
        return services;
    }
}
