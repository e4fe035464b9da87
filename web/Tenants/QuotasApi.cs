using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>What the workspace may use, and what it does.</summary>
public static class QuotasApi
{
    public static void MapQuotasApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/quotas", List).WithTags("Tenants").WithName("ListQuotas").WithSummary("The workspace's limits, and what of them is used");

    /// <summary>Before anything is begun that will be kept: 403 when the workspace keeps as much as it may.</summary>
    public static RouteHandlerBuilder NeedsStorage(this RouteHandlerBuilder builder) => builder.Refuses(StatusCodes.Status403Forbidden, "quota.storage").AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        await http.RequestServices.GetRequiredService<Quotas>().RequireStorageAsync(http.RequestServices.GetRequiredService<IIdentity>().Of(http).Workspace, http.RequestAborted);
        return await next(context);
    });

    private static async Task<JsonPage<Quota>> List(Caller caller, Quotas quotas, CancellationToken cancellation) =>
        JsonPage<Quota>.Of(await quotas.AllAsync(caller.Workspace, cancellation));
}
