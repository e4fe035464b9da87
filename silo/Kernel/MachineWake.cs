using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Runtime;
using ProdSprint.Data;

namespace ProdSprint.Kernel;

/// <summary>
/// At the start of a silo, every machine with a net under it is woken once: what the last silo had decided and not carried out (a rollback's routes, a job)
/// is done now, and not when the reminder's minute comes round. Until then nobody may ask such a machine anything, for people read the read model.
/// On a cluster the other silos' machines are woken as well, which changes nothing.
/// </summary>
public sealed partial class MachineWake(Database database, IGrainFactory grains, TimeProvider time, ILogger<MachineWake> logger) : BackgroundService
{
    /// <summary>Each reads its state; so many at once keep the database busy and leave room for people.</summary>
    private const int AtOnce = 16;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var nets = await NetsAsync(stoppingToken);
                await Parallel.ForEachAsync(nets, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, async (net, _) => await WakeAsync(net));
                if (nets.Count > 0) LogWoken(nets.Count);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException e)
            {
                LogNotRead(e.Message);
                await Task.Delay(Retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WakeAsync(GrainId machine)
    {
        try
        {
            var now = time.GetUtcNow().UtcDateTime;
            await grains.GetGrain<IRemindable>(machine).ReceiveReminder(MachineNet.Name, new(now, MachineNet.Period, now));
        }
        catch (Exception e)
        {
            LogNotWoken(e, machine);
        }
    }

    private async Task<List<GrainId>> NetsAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(database.OrleansConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT grainid FROM orleansreminderstable WHERE remindername = $1", connection) { Parameters = { new() { Value = MachineNet.Name } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var nets = new List<GrainId>();
        while (await reader.ReadAsync(cancellation)) nets.Add(GrainId.Parse(reader.GetString(0)));
        return nets;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} machines with something ahead of them were woken")]
    private partial void LogWoken(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Machine} could not be woken; its reminder will do it within a minute")]
    private partial void LogNotWoken(Exception exception, GrainId machine);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which machines to wake could not be read: {Error}; it is tried again")]
    private partial void LogNotRead(string error);
}
