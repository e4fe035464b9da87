using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ProdSprint.Gates;
using ProdSprint.Jobs;

namespace ProdSprint.Deploy;

public static class LocalDeployRegistration
{
    /// <summary>
    /// The target <c>local</c> with its job handlers and its supervisor. Needs an <see cref="ICommitSource"/>; uses the <see cref="Traffic.ITrafficRouter"/>
    /// (draining), every <see cref="IInstanceEvents"/> and the <see cref="IVariableSource"/> that are registered.
    /// </summary>
    public static IServiceCollection AddLocalDeploy(this IServiceCollection services, LocalDeployOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<IValidateOptions<LocalDeployOptions>, LocalDeployOptionsValidation>();
        services.AddSingleton<IOptions<LocalDeployOptions>>(Options.Create(options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IVariableSource, NoVariables>();
        services.TryAddSingleton<IProvidedNames, NoVariables>();
        services.TryAddSingleton<IRouteFinder, NoRoutes>();
        services.TryAddSingleton<IHiddenValues, NothingHidden>();
        services.AddSingleton<ShownLog>();
        services.AddSingleton(_ => new DeployPaths(options.Root));
        services.AddSingleton<Sandbox>();
        services.AddSingleton<ArtifactStore>();
        services.AddSingleton<LocalBuilder>();
        services.AddSingleton<InstanceRegistry>();
        services.AddSingleton<RunTrees>();
        services.AddSingleton<RunEnvironment>();
        services.AddSingleton<ProcessLauncher>();
        services.AddSingleton<HealthProbe>();
        services.AddSingleton<InstanceStarter>();
        services.AddSingleton<Supervisor>();
        services.AddSingleton<UsageMeter>();
        services.AddSingleton<VersionStarter>();
        services.AddSingleton<MigrationRunner>();
        services.AddSingleton<IDeployTarget, LocalTarget>();
        services.AddSingleton<IDeployReads, LocalDeployReads>();
        services.AddSingleton<IHostedService, LocalDeployStart>();
        services.AddSingleton<IJobHandler, BuildHandler>();
        services.AddSingleton<IJobHandler, MigrateHandler>();
        services.AddSingleton<IJobHandler, StartHandler>();
        services.AddSingleton<IJobHandler, StopHandler>();
        services.AddSingleton<IJobHandler, KeepHandler>();
        services.AddSingleton<IJobHandler, SmokeHandler>();
        return services;
    }

    /// <summary>Checks the options before anything is adopted, and holds the root: two servers over one root would fight over every copy.</summary>
    private sealed class LocalDeployStart(
        LocalDeployOptions options, IEnumerable<IValidateOptions<LocalDeployOptions>> validations, Supervisor supervisor, Sandbox sandbox, ILogger<LocalTarget> log) : IHostedService, IDisposable
    {
        private FileStream? _hold;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            var errors = validations.Select(v => v.Validate(null, options)).Where(r => r.Failed).SelectMany(r => r.Failures!).ToList();
            if (errors.Count > 0) throw new OptionsValidationException("Deploy", typeof(LocalDeployOptions), errors);
            Directory.CreateDirectory(options.Root);
            try
            {
                // An advisory lock of the kernel: gone with the process, however it ends.
                _hold = new FileStream(Path.Combine(options.Root, "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e)
            {
                throw new DeployException($"Another server works on {options.Root}. Stop it (prodsprint down), or give this one a root of its own.", inner: e);
            }
            if (!sandbox.Active) Warn(log, options.Sandbox == SandboxMode.Off ? "it is switched off" : "bubblewrap does not work here");
            return supervisor.StartAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => supervisor.StopAsync(cancellationToken);

        public void Dispose() => _hold?.Dispose();

        private static readonly Action<ILogger, string, Exception?> WarnDelegate = LoggerMessage.Define<string>(
            LogLevel.Warning, new EventId(1, "NoSandbox"), "Builds and applications run without a sandbox, because {Why}: they can write wherever this user can. Install bubblewrap.");

        private static void Warn(ILogger log, string why) => WarnDelegate(log, why, null);
    }
}
