using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Traffic;

namespace ProdSprint.Kernel;

/// <summary>
/// The way out of grains. Routes go to the router at once, beside the database, because a rollback must not wait for a commit; everything else is
/// one transaction, shared by all grains that flush while the last one is being committed.
/// What comes after a <see cref="SetRoutes"/> in a decision waits for it: a version is not stopped before its traffic is gone.
/// </summary>
public sealed partial class MachineSink : IMachineSink, IAsyncDisposable
{
    private const int MaxParts = 256;

    /// <summary>A router on this machine answers within a millisecond or two; then all of a flush is one transaction. A slow one is not waited for.</summary>
    private static readonly TimeSpan RoutesFirst = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan RouteLimit = TimeSpan.FromSeconds(5);

    private readonly Channel<SinkPart> _parts = Channel.CreateUnbounded<SinkPart>(new() { SingleReader = true });
    private readonly Database _database;
    private readonly ITrafficOrders _router;
    private readonly TimeProvider _time;
    private readonly ILogger<MachineSink> _logger;
    private readonly Task _writing;

    public MachineSink(Database database, ITrafficOrders router, TimeProvider time, ILogger<MachineSink> logger)
    {
        (_database, _router, _time, _logger) = (database, router, time, logger);
        _writing = Task.Run(WriteAsync);
    }

    /// <inheritdoc/>
    /// <remarks>Throws when the database cannot be reached; routes may have been set by then, and setting them again changes nothing.</remarks>
    public async Task<IReadOnlyCollection<string>> FlushAsync(MachineFlush flush, CancellationToken cancellation)
    {
        var first = flush.Effects.Count;
        for (var i = flush.Effects.Count - 1; i >= 0; i--) if (flush.Effects[i].Effect is SetRoutes) first = i;
        if (first == flush.Effects.Count)
        {
            await CommitAsync(flush, true, flush.Effects, cancellation);
            return [];
        }

        var routing = RouteAsync(flush.GrainKey, flush.Effects, first);
        await Task.WhenAny(routing, Task.Delay(RoutesFirst, _time, cancellation));
        if (!routing.IsCompleted)
        {
            await CommitAsync(flush, true, flush.Effects.Take(first).ToList(), cancellation);
            var until = await routing;
            await CommitAsync(flush, false, flush.Effects.Take(until).Skip(first).ToList(), cancellation);
            return Left(flush, until);
        }
        var done = await routing;
        await CommitAsync(flush, true, flush.Effects.Take(done).ToList(), cancellation);
        return Left(flush, done);
    }

    public async ValueTask DisposeAsync()
    {
        _parts.Writer.TryComplete();
        await _writing;
    }

    private static List<string> Left(MachineFlush flush, int done) => [.. flush.Effects.Skip(done).Select(e => e.Id)];

    /// <summary>Applies the routes in order and returns how many effects may be done: all, or those before the routes that could not be set.</summary>
    private async Task<int> RouteAsync(string grainKey, IReadOnlyList<OutboxEntry> effects, int first)
    {
        for (var i = first; i < effects.Count; i++)
        {
            if (effects[i].Effect is not SetRoutes { Routes: var routes }) continue;
            try
            {
                using var limit = new CancellationTokenSource(RouteLimit, _time);
                var ack = await _router.ApplyAsync(routes, limit.Token);
                if (ack.Outcome == RouteOutcome.Refused)
                {
                    LogRefused(grainKey, routes.Environment, routes.Revision, ack.Detail);
                    return i;
                }
                // Another release owns the environment now: there is nothing left to do with these orders.
                if (ack.Outcome == RouteOutcome.Stale) LogStale(grainKey, routes.Environment, routes.Revision, ack.Revision);
            }
            catch (Exception e)
            {
                LogNotRouted(e, grainKey, routes.Environment, routes.Revision);
                return i;
            }
        }
        return effects.Count;
    }

    private Task CommitAsync(MachineFlush flush, bool facts, IReadOnlyList<OutboxEntry> effects, CancellationToken cancellation)
    {
        // Here, in the caller's flow: the transaction is written in another, for several callers at once.
        var trace = Activity.Current is { Recorded: true, Id: { } id } ? id : null;
        var part = new SinkPart(flush.GrainKey, flush.Version, facts ? flush.ViewJson : null, facts ? flush.Facts : [], effects, trace);
        if (part.ViewJson is null && part.Facts.Count == 0 && !effects.Any(e => e.Effect is EnqueueJob or CancelJobs)) return Task.CompletedTask;
        if (!_parts.Writer.TryWrite(part)) throw new ObjectDisposedException(nameof(MachineSink));
        return part.Done.Task.WaitAsync(cancellation);
    }

    private async Task WriteAsync()
    {
        var parts = new List<SinkPart>();
        while (await _parts.Reader.WaitToReadAsync())
        {
            parts.Clear();
            while (parts.Count < MaxParts && _parts.Reader.TryRead(out var part)) parts.Add(part);
            try
            {
                await WriteAsync(parts);
                foreach (var part in parts) part.Done.SetResult();
            }
            catch (Exception e) when (parts.Count > 1 && e is not NpgsqlException { IsTransient: true })
            {
                // One grain's bad row must not fail the others.
                foreach (var part in parts) await WriteAloneAsync(part);
            }
            catch (Exception e)
            {
                foreach (var part in parts) part.Done.SetException(e);
            }
        }
    }

    private async Task WriteAloneAsync(SinkPart part)
    {
        try
        {
            await WriteAsync([part]);
            part.Done.SetResult();
        }
        catch (Exception e)
        {
            part.Done.SetException(e);
        }
    }

    private async Task WriteAsync(List<SinkPart> parts)
    {
        await using var connection = await _database.Worker.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        SinkBatch.Fill(batch, parts);
        try
        {
            await batch.ExecuteNonQueryAsync();
        }
        finally
        {
            // Also after a fault: it may have been committed all the same.
            foreach (var part in parts) if (part.ViewJson is not null) _database.Views.Forget(GrainKeys.Workspace(part.GrainKey), part.GrainKey);
        }
    }
}
