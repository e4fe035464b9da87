using Orleans.Runtime;
using ProdSprint.Hosting;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Server;
using ProdSprint.Traffic;

namespace ProdSprint.Operations;

/// <summary>What operators see of the inside: grains, router, reminders.</summary>
public static class OperationsApi
{
    public static void MapOperationsApi(this IEndpointRouteBuilder routes)
    {
        var operations = routes.MapGroup("/v1/operations").WithTags("Operations");
        operations.MapGet("grains", Grains).WithName("GetGrains").WithSummary("Grain types with their calls and latency");
        operations.MapGet("router", Router).WithName("GetRouter").WithSummary("The router, and this workspace's environments and weights").Refuses(503, "router.unavailable");
        operations.MapGet("reminders", Reminders).WithName("ListReminders").WithSummary("Reminders of this workspace, soonest first, at most 200");
    }

    private static async Task<JsonBody<OperationsView>> Grains(Caller caller, GrainWatch watch) => JsonBody<OperationsView>.Of(await watch.ReadAsync());

    private static async Task<JsonBody<RouterStatus>> Router(Caller caller, ITrafficOrders router, CancellationToken cancellation)
    {
        try
        {
            var status = await router.StatusAsync(cancellation);
            return JsonBody<RouterStatus>.Of(status with { Environments = [.. status.Environments.Where(e => e.Workspace == caller.Workspace)] });
        }
        catch (RouterUnavailableException e)
        {
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "router.unavailable", "The router does not answer", e.Message, "It is started again by prodsprint up");
        }
    }

    private static async Task<JsonPage<ReminderRow>> Reminders(Caller caller, Data.Database database, CancellationToken cancellation)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database.OrleansConnectionString);
        await using var command = source.CreateCommand("SELECT grainid, remindername, starttime, period FROM orleansreminderstable WHERE split_part(grainid, '/', 3) = $1 ORDER BY starttime LIMIT 200");
        command.Parameters.Add(new() { Value = caller.Workspace });
        var items = new List<ReminderRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            items.Add(new(reader.GetString(0), reader.GetString(1), reader.GetDateTime(2), reader.GetInt64(3) / 1000.0));
        return JsonPage<ReminderRow>.Of(items);
    }
}

public sealed record ReminderRow(string Grain, string Name, DateTimeOffset StartAt, double PeriodSeconds);

public sealed record GrainFiguresView(string Type, int Activations, long Calls, double CallsPerSecond, double? LatencyMs, double? SlowestMs, long Errors);

/// <param name="OrleansDashboard">Path of Orleans' own dashboard; null on the embedded engine, which has none.</param>
public sealed record OperationsView(IReadOnlyList<GrainFiguresView> Grains, string Engine, int Activations, double CallsPerSecond, DateTimeOffset StartedAt, string? OrleansDashboard);

/// <summary>Grain figures with rates: each reading is compared with the one about a second before it.</summary>
public sealed class GrainWatch(IGrainFactory grains, ICallFigures figures, ServerFacts facts, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private (long Stamp, IReadOnlyDictionary<string, CallFigures> Calls) _before = (0, new Dictionary<string, CallFigures>());
    private Dictionary<string, double> _rates = [];

    public async Task<OperationsView> ReadAsync()
    {
        var statistics = await grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        var activations = statistics.GroupBy(s => TypeOf(s.GrainType)).ToDictionary(g => g.Key, g => g.Sum(s => s.ActivationCount));
        var calls = await figures.ReadAsync();
        var rates = Rates(calls);
        var types = activations.Keys.Union(calls.Keys).Order(StringComparer.Ordinal).Select(type =>
        {
            var c = calls.GetValueOrDefault(type);
            return new GrainFiguresView(type, activations.GetValueOrDefault(type), c?.Calls ?? 0, Math.Round(rates.GetValueOrDefault(type), 1),
                c is null ? null : Math.Round(c.MeanMs, 3), c is null ? null : Math.Round(c.SlowestMs, 1), c?.Errors ?? 0);
        }).ToList();
        return new(types, facts.Engine, activations.Values.Sum(), Math.Round(rates.Values.Sum(), 1), facts.StartedAt, facts.OrleansDashboard);
    }

    private Dictionary<string, double> Rates(IReadOnlyDictionary<string, CallFigures> calls)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            var elapsed = clock.GetElapsedTime(_before.Stamp, now).TotalSeconds;
            if (_before.Stamp != 0 && elapsed < 0.9) return _rates;
            _rates = _before.Stamp == 0 ? [] : calls.ToDictionary(c => c.Key, c => Math.Max(0, c.Value.Calls - (_before.Calls.GetValueOrDefault(c.Key)?.Calls ?? 0)) / elapsed);
            _before = (now, calls);
            return _rates;
        }
    }

    /// <summary>The statistics name the class; the rest of the product says the grain's type.</summary>
    private static string TypeOf(string grainClass)
    {
        var name = grainClass.Split(',')[0];
        name = name[(name.LastIndexOf('.') + 1)..];
        return name.EndsWith("Grain", StringComparison.Ordinal) ? name[..^5].ToLowerInvariant() : name;
    }
}
