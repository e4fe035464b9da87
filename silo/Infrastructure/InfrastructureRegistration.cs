using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProdSprint.Deploy;
using ProdSprint.Jobs;

namespace ProdSprint.Infrastructure;

public static class InfrastructureRegistration
{
    /// <summary>On the target, before the deploy target itself: environments give their services what they stand on.</summary>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, InfrastructureOptions options)
    {
        if (!Path.IsPathFullyQualified(options.Root)) throw new OptionsValidationException("Infrastructure", typeof(InfrastructureOptions), [$"Infrastructure:Root is '{options.Root}', which is not absolute."]);
        return services.AddSingleton(options).AddSingleton<TerraformProgram>().AddSingleton<RunLedger>().AddSingleton<PlanFiles>().AddSingleton<TerraformRuns>()
            .AddSingleton<InfrastructureVariables>()
            .AddSingleton<IJobHandler, PlanInfrastructureHandler>().AddSingleton<IJobHandler, ApplyInfrastructureHandler>()
            .AddSingleton<IJobHandler, CheckInfrastructureHandler>().AddSingleton<IJobHandler, RestoreInfrastructureHandler>();
    }
}
