using ProdSprint.Audit;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>
/// Looks once a day whether the record of each proven domain is still there: a domain that was sold is not to lead its new owner's people to the old one's provider.
/// Of several servers the one that marks the look first makes it.
/// </summary>
public sealed partial class DomainWatch(DueDomains domains, DomainProof proof, AuditLog log, TimeProvider time, ILogger<DomainWatch> logger) : BackgroundService
{
    private static readonly Actor By = Actor.System("domain-watch");
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(e.Message, Every);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Once through all that were not looked at for a day.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var due in await domains.ListAsync(cancellation))
            if (await domains.TakeAsync(due, cancellation) && await proof.IsThereAsync(due.Stated, cancellation) is { } there)
                await KeepAsync(due, there ? 0 : due.Missed + 1, cancellation);
    }

    private async Task KeepAsync(DueDomain due, int missed, CancellationToken cancellation)
    {
        if (!await domains.KeepAsync(due, missed, missed >= DomainStanding.Lapsed, cancellation) || DomainStanding.Told(due.Missed, missed) is not { } told) return;
        var why = missed == 0 ? $"The TXT record {due.Stated.Record} is there again" : $"The TXT record {due.Stated.Record} was not there at {missed} daily looks in a row";
        await log.AppendAsync(due.Workspace, new(By.Id, "server", "WatchDomain", $"connections/{due.Connection}/domains/{due.Domain}", told, null, null, why, Guid.CreateVersion7().ToString("N"), null, null), cancellation);
        LogTold(due.Domain, due.Workspace, told, missed);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Domain {Domain} of {Workspace}: {Told}. Its record was not there at {Missed} daily looks in a row; its Admins see it at the connection")]
    private partial void LogTold(string domain, string workspace, string told, int missed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking domains up again broke off, and is tried again in {Pause}: {Error}")]
    private partial void LogLater(string error, TimeSpan pause);
}
