using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Orleans.Hosting;

namespace Orleans.Dashboard;

public sealed class DashboardOptions
{
    public int CounterUpdateIntervalMs { get; set; } = 1000;

    public int HistoryLength { get; set; } = 100;

    public bool HideTrace { get; set; }
}

/// <summary>Orleans' own dashboard comes with its package. On the embedded engine these calls are accepted and map no pages: the product has its own.</summary>
public static class ServiceCollectionExtensions
{
    public static ISiloBuilder AddDashboard(this ISiloBuilder siloBuilder, Action<DashboardOptions>? configureOptions = null) =>
        configureOptions is null ? siloBuilder : siloBuilder.Configure(configureOptions);

    public static IClientBuilder AddDashboard(this IClientBuilder clientBuilder, Action<DashboardOptions>? configureOptions = null) =>
        configureOptions is null ? clientBuilder : clientBuilder.Configure(configureOptions);

    public static RouteGroupBuilder MapOrleansDashboard(this IEndpointRouteBuilder endpoints, string? routePrefix = null) =>
        endpoints.MapGroup(routePrefix ?? "");
}
