using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProdSprint.Data;

namespace ProdSprint.Jobs;

/// <summary>
/// Works on the queue: <see cref="JobPump"/> moves jobs in and ends out, this service runs what belongs around it (the bell, the journal, outcomes,
/// leases). Start it once the grains can be reached.
/// </summary>
public sealed partial class JobWorker : BackgroundService
{
    private readonly JobPump _pump;
    private readonly JobJournal _journal;
    private readonly JobOutcomes _outcomes;
    private readonly JobSweeper _sweeper;
    private readonly Listener _bell;
    private readonly JobOptions _options;
    private readonly TimeProvider _time;

    public JobWorker(
        Database database, IEnumerable<IJobHandler> handlers, IOutcomeReceiver receiver, JobOptions options, TimeProvider time, ILogger<JobWorker> logger, IJobSpans? spans = null)
    {
        _options = options;
        _time = time;
        Id = WorkerId.New();
        _journal = new(database, options, time, logger);
        _outcomes = new(database, receiver, spans, logger);
        _pump = new(database, Id, handlers, _journal, _outcomes, options, spans, time, logger);
        _sweeper = new(database, Id, _pump, _outcomes, options, time, logger);
        _bell = new(database.WorkerConnectionString, JobSql.Channel, _pump.LookEverywhere, _pump.Heard, logger, time);
    }

    /// <summary>Who holds the leases of this worker's jobs.</summary>
    public string Id { get; }

    /// <summary>Jobs running now.</summary>
    public int Running => _pump.Running;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        // What surrounds the pump goes on until the pump has handed everything back.
        using var around = new CancellationTokenSource();
        Task[] surrounding = [_bell.RunAsync(around.Token), _journal.RunAsync(around.Token), _outcomes.RunAsync(around.Token), _sweeper.RunAsync(around.Token)];
        try
        {
            await _pump.RunAsync(stoppingToken);
            await _pump.ShutdownAsync(_options.Shutdown);
        }
        finally
        {
            await around.CancelAsync();
            await _pump.DisposeAsync();
            await Task.WhenAll(surrounding).WaitAsync(TimeSpan.FromSeconds(5), _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
