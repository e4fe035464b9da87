using Microsoft.AspNetCore.Mvc;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Hosting;
using ProdSprint.Traffic;

namespace ProdSprint.Server;

/// <summary>Whether this node is well: each looks at what it cannot do without.</summary>
public static class HealthApi
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).ExcludeFromDescription();
        routes.MapGet("/health", Ready).ExcludeFromDescription();
    }

    private static async Task<IResult> Ready(
        Node node, Database database, [FromServices] PrivateClusterWatch? cluster, IGrainFactory grains, IServiceProvider services, CancellationToken cancellation)
    {
        List<Task<HealthCheck>> asked =
        [
            Check("database", async c =>
            {
                if (cluster?.Problem is { } problem) throw new DatabaseException(problem);
                await using var command = database.Worker.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(c);
            }, cancellation),
        ];
        if (node.Is(NodeRoles.Target)) asked.Add(Check("router", async c => await services.GetRequiredService<ITrafficRouter>().StatusAsync(c), cancellation));
        if (!node.Is(NodeRoles.Silo)) asked.Add(Check("cluster", async c => await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).WaitAsync(c), cancellation));
        // Something for people, and no reason to send nobody here any more.
        var archives = Check("audit-archive", async c =>
        {
            if (await services.GetRequiredService<AuditArchives>().ProblemsAsync(c) is > 0 and var n)
                throw new DatabaseException($"The audit log of {n} workspaces could not be archived and stays in the database. Next: the server's log says why, and what to do");
        }, cancellation);
        var checks = await Task.WhenAll(asked);
        var ready = checks.All(c => c.Problem is null);
        var warnings = ready && await archives is { Problem: not null } warned ? [warned] : Array.Empty<HealthCheck>();
        return TypedResults.Json(new { status = ready ? "ready" : "not-ready", checks, warnings }, statusCode: ready ? 200 : 503);
    }

    private static async Task<HealthCheck> Check(string name, Func<CancellationToken, Task> check, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            await check(limit.Token);
            return new(name, null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return new(name, e is OperationCanceledException ? "no answer within 2 s" : e.Message);
        }
    }

    private sealed record HealthCheck(string Name, string? Problem);
}
