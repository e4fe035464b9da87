using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Infrastructure;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Operations;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Secrets;
using ProdSprint.Supply;
using ProdSprint.Telemetry;
using ProdSprint.Tenants;
using ProdSprint.Traffic;
using ProdSprint.Webhooks;

namespace ProdSprint.Hosting;

/// <summary>What a node is made of, by its roles.</summary>
public static class NodeServices
{
    /// <param name="router">On the target; null elsewhere.</param>
    public static IServiceCollection AddProdSprintNode(
        this IServiceCollection services, Node node, Database database, ITrafficRouter? router, string home, IConfiguration configuration, bool production)
    {
        services.TryAddSingleton(TimeProvider.System);
        var limits = LimitOptions.From(configuration);
        services.AddSingleton(node).AddSingleton(database).AddSingleton<DocumentStore>().AddSingleton<SecretBox>().AddSingleton<AttestationKeys>().AddSingleton<AttestationStore>().AddSingleton<AdvisoryStore>().AddSingleton<StateStore>().AddSingleton<TestRunStore>().AddSingleton<PerformanceStore>().AddSingleton<SeenRoutes>().AddSingleton<UsageLog>().AddSingleton(UsageOptions.From(configuration)).AddSingleton(limits);
        var retention = AuditRetention.From(configuration);
        services.AddSingleton(retention).AddSingleton<AuditLog>().AddSingleton<AuditArchives>();
        services.AddSingleton(SourceRules.Read(configuration, home, production));
        var webhooks = new WebhookOptions();
        configuration.GetSection("Webhooks").Bind(webhooks);
        services.AddSingleton(webhooks);
        var secrets = new SecretOptions();
        configuration.GetSection("Secrets").Bind(secrets);
        services.AddSecretStore(secrets, database);
        if (configuration.GetConnectionString("prodsprint") is not { Length: > 0 })
            services.AddSingleton(SiloServices.Cluster(home, configuration)).AddSingleton<PrivateClusterWatch>().AddHostedService(s => s.GetRequiredService<PrivateClusterWatch>());
        services.AddTracing(configuration);
        // A node without a silo has no calls to count, and says so.
        services.TryAddSingleton<GrainCallFigures>();
        if (node.Cluster.Id is null) services.AddSingleton<ICallFigures, OwnFigures>();
        else services.AddSingleton<ICallFigures, ClusterFigures>();
        if (node.Is(NodeRoles.Web)) services.AddReads().AddSingleton(RightsizingSettings.From(configuration));
        if (node.Is(NodeRoles.Silo)) services.AddSilo(node, limits, retention, configuration);
        else services.AddProdSprintJobQueue();
        if (router is not null) return services.AddTarget(router, home, configuration);
        services.AddSingleton<RemoteTarget>().AddSingleton<ITrafficOrders>(s => s.GetRequiredService<RemoteTarget>()).AddSingleton<IDeployReads>(s => s.GetRequiredService<RemoteTarget>());
        if (node.Is(NodeRoles.Web)) services.AddHostedService<TrafficTail>();
        return services;
    }

    /// <summary>What people see, from the database.</summary>
    private static IServiceCollection AddReads(this IServiceCollection services)
    {
        services.AddSingleton<TimelineReads>().AddSingleton<ViewReads>().AddSingleton<TrafficReads>().AddSingleton<LiveFeed>();
        return services.AddHostedService(s => s.GetRequiredService<LiveFeed>());
    }

    /// <summary>What grains stand on, and the jobs that need nothing but grains.</summary>
    private static void AddSilo(this IServiceCollection services, Node node, LimitOptions limits, AuditRetention retention, IConfiguration configuration)
    {
        services.AddSingleton<IMachineSink, MachineSink>();
        services.AddHostedService<MachineWake>();
        services.AddSingleton<TrafficLog>().AddSingleton<IEvidenceLog>(s => s.GetRequiredService<TrafficLog>());
        services.AddSingleton<IJobHandler, TellHandler>().AddSingleton<IJobHandler, FreezeHandler>().TryAddSingleton<ViewReads>();
        services.AddSingleton<WebhookSender>().AddSingleton<IJobHandler, WebhookHandler>().AddHostedService<WebhookFanOut>();
        services.AddProdSprintJobs(o =>
        {
            configuration.GetSection("Jobs").Bind(o);
            // Receivers may be slow to answer: one tenant's do not take the others' turns.
            o.TenantKindLimit = (workspace, kind) => kind switch { DeployJobs.Build => limits.ConcurrentBuildsOf(workspace), WebhookJob.Kind => 4, _ => null };
        });
        if (retention.ArchiveFolder is not null) services.AddHostedService<AuditArchiver>();
        if (node.Cluster.Id is not null) services.AddHostedService<FiguresReport>();
    }

    /// <summary>Everything that has the home under its feet. Its jobs are claimed by nobody else, because nobody else has their handlers.</summary>
    private static IServiceCollection AddTarget(this IServiceCollection services, ITrafficRouter router, string home, IConfiguration configuration)
    {
        services.AddSingleton(s => new ProjectMirrors(Path.Combine(home, "mirrors"), s.GetRequiredService<SourceRules>())).AddSingleton<ICommitSource>(s => s.GetRequiredService<ProjectMirrors>());
        services.TryAddSingleton(_ => new OpaProgram());
        services.AddSingleton<IJobHandler, ImportHandler>().AddSingleton<IJobHandler, PlanHandler>().AddSingleton<IJobHandler, SupplyHandler>().AddSingleton<IJobHandler, TestsHandler>();
        var performance = new PerformanceOptions(configuration["Performance:K6"] ?? "");
        services.AddSingleton(performance).AddSingleton<K6Program>().AddSingleton<ScenarioLoad>().AddSingleton<IRouteFinder, RouteFinder>().AddSingleton<IJobHandler, PerformanceHandler>();
        services.AddSingleton<IChangeRemote, GitRemote>().AddSingleton<IJobHandler, BranchHandler>();

        services.AddSingleton(router).AddSingleton<ITrafficOrders>(router);
        services.AddSingleton<TelemetryQuota>().AddHostedService<TrafficIngestion>().AddSingleton(TelemetryOptions.From(configuration)).AddHostedService<TrafficRetention>();
        services.AddSingleton<UsageSampler>().AddHostedService(s => s.GetRequiredService<UsageSampler>());

        var deploy = new LocalDeployOptions { Root = Path.Combine(home, "deploy"), HiddenPaths = [Path.Combine(home, "postgres"), Path.Combine(home, "infrastructure")] };
        configuration.GetSection("Deploy").Bind(deploy);
        var infrastructure = new InfrastructureOptions { Root = Path.Combine(home, "infrastructure") };
        configuration.GetSection("Infrastructure").Bind(infrastructure);
        services.AddInfrastructure(infrastructure).AddSecrets();
        return services.AddLocalDeploy(deploy).AddSingleton<IInstanceEvents, InstanceNews>().AddSingleton<IAttestor, TargetAttestor>().AddSingleton<ITestRecords, TestRecords>();
    }
}
