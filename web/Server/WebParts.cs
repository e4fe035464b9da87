using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Dashboard;
using ProdSprint.Audit;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Identity;
using ProdSprint.Infrastructure;
using ProdSprint.Secrets;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Live;
using ProdSprint.Moderation;
using ProdSprint.Operations;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Supply;
using ProdSprint.Telemetry;
using ProdSprint.Tenants;
using ProdSprint.Traffic;
using ProdSprint.Webhooks;

namespace ProdSprint.Server;

/// <summary>What the role <c>web</c> adds to a node: API, live pushes, dashboard.</summary>
internal static class WebParts
{
    /// <summary>Orleans' own dashboard. It asks nobody who they are; <see cref="Authorisation"/> does, for whoever may see operations.</summary>
    public const string OrleansDashboard = "/orleans";

    public static void AddWeb(this IServiceCollection services)
    {
        services.AddIdentityParts();
        services.AddSingleton<GrainWatch>();
        services.TryAddSingleton(_ => new OpaProgram());
        services.AddSingleton<BlueprintReads>();
        services.AddSingleton<LiveAudience>();
        services.AddSingleton<LivePush>();
        services.AddSingleton<Telemetry.ITrafficListeners>(s => s.GetRequiredService<LivePush>());
        services.AddHostedService(s => s.GetRequiredService<LivePush>());
        services.AddOpenApi("v1", ApiDescription.Configure);
        services.AddResponseCompression();
        services.AddSingleton<IdempotencyStore>().AddSingleton<Making>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<SeenStates>();
        services.AddSingleton<Authorisation>();
        services.AddSingleton(s =>
        {
            var csp = new CspOptions();
            s.GetRequiredService<IConfiguration>().GetSection("Csp").Bind(csp);
            return csp;
        });
        services.AddSingleton<CspReports>().AddSingleton<DashboardPage>();
        services.AddSingleton<RateLimits>().AddSingleton<RateLimitGate>().AddSingleton<Quotas>().AddSingleton<WorkspaceDirectory>().AddSingleton<Organisations>();
        services.AddSingleton<WebhookStore>().AddSingleton<ThreadStore>();
        services.AddSingleton<Memberships>();
        services.AddHostedService(s => s.GetRequiredService<Memberships>());
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(o =>
        {
            // Words by their names alone: a number names what is not there, and would be kept.
            o.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            Apply(o.SerializerOptions);
            o.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            o.SerializerOptions.AllowDuplicateProperties = false;
            o.SerializerOptions.RespectNullableAnnotations = true;
            o.SerializerOptions.RespectRequiredConstructorParameters = true;
            // "5" is no number, and neither is "NaN".
            o.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
        services.AddSignalR(o => o.AddFilter<LiveFaults>()).AddJsonProtocol(o => Apply(o.PayloadSerializerOptions));
    }

    /// <summary>One JSON for views, live messages and answers.</summary>
    private static void Apply(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = KernelJson.Options.DefaultIgnoreCondition;
        options.NumberHandling = KernelJson.Options.NumberHandling;
        foreach (var converter in KernelJson.Options.Converters) options.Converters.Add(converter);
    }

    public static void UseWeb(this WebApplication app)
    {
        app.UseResponseCompression();
        app.Use(WithoutScope(app.Services));
        app.Use(app.Services.GetRequiredService<Authentication>().Resolve);
        app.Use(app.Services.GetRequiredService<RateLimitGate>().LetThrough);
        app.Use(app.Services.GetRequiredService<Authorisation>().LetThrough);
        app.UseProjectNames();
        app.UsePlainText();
        DeclaredQuery.UseDeclaredQuery(app);
        app.UseIdempotency();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = c => Keep(c.Context) });
    }

    /// <summary>What reads are answered from is there once for all requests: a scope of services for each would be made and taken down for nothing.</summary>
    private static Func<HttpContext, RequestDelegate, Task> WithoutScope(IServiceProvider all)
    {
        IServiceProvidersFeature services = new AllServices(all);
        return (context, next) =>
        {
            if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path.StartsWithSegments("/v1")) context.Features.Set(services);
            return next(context);
        };
    }

    private sealed class AllServices(IServiceProvider all) : IServiceProvidersFeature
    {
        public IServiceProvider RequestServices
        {
            get => all;
            set => throw new NotSupportedException("These are every read's.");
        }
    }

    /// <summary>The dashboard's parts carry a hash of what is in them in their names, so a browser need never ask again; whatever names them is asked for each time.</summary>
    private static void Keep(HttpContext http) =>
        http.Response.Headers.CacheControl = http.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";

    public static void MapWeb(this WebApplication app)
    {
        var api = app.MapGroup("");
        app.Services.GetRequiredService<AuditTrail>().StandsAround(api);
        app.Services.GetRequiredService<SeenStates>().StandsAround(api);
        DeclaredQuery.StandsAround(api);
        api.MapServerApi(app.Services.GetRequiredService<ServerFacts>());
        api.MapConfigApi(app.Services.GetRequiredService<ServerFacts>());
        api.MapProjectsApi();
        api.MapSchemasApi();
        api.MapPlansApi();
        api.MapBlueprintsApi();
        api.MapPlanBranchesApi();
        api.MapReadinessApi();
        api.MapWaiversApi();
        api.MapFindingsApi();
        api.MapTestsApi();
        api.MapPerformanceApi();
        api.MapAdvisoriesApi();
        api.MapInfrastructureApi();
        api.MapSecretsApi();
        api.MapReleasesApi();
        api.MapRunsApi();
        api.MapDeployApi();
        api.MapAttestationsApi();
        api.MapTrafficApi();
        api.MapUsageApi();
        api.MapJobsApi();
        api.MapOperationsApi();
        api.MapTenantsApi();
        api.MapQuotasApi();
        api.MapFreezeApi();
        api.MapWorkspacesApi();
        api.MapOrganisationsApi();
        api.MapWebhooksApi();
        api.MapThreadsApi();
        api.MapAuditApi();
        api.MapConnectionsApi();
        api.MapWaysApi();
        api.MapLoginsApi();
        api.MapSessionsApi();
        api.MapTokensApi();
        api.MapDeviceApi();
        api.MapSecondFactorApi();
        api.MapPasskeysApi();
        api.MapSecurityPolicyApi();
        api.MapEnrolmentApi();
        app.MapSignIn();
        app.MapScim();
        app.MapHub<LiveHub>("/hubs/live");
        app.MapDescription();
        app.MapOrleansDashboard(OrleansDashboard).ExcludeFromDescription();
        CspReports.Map(app);
        DashboardPage.Map(app);
    }
}
