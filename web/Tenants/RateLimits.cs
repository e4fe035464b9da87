using System.Collections.Concurrent;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Tenants;

/// <summary>
/// Buckets in PostgreSQL, so that a tenant has one whatever the number of web processes; each process takes tokens in leases, so that a request usually costs no
/// round trip. Of what has not been asked for in a while nothing is kept.
/// </summary>
public sealed class RateLimits(Database database, LimitOptions limits, TimeProvider time)
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    /// <summary>Callers may make up addresses and workspaces; these do not grow without end.</summary>
    private const int MostLeases = 20_000;

    private sealed class Entry(RateLimit limit)
    {
        public readonly Lock Lock = new();
        public readonly TokenLease Lease = new(limit);
        public Task? Asking;
    }

    private readonly ConcurrentDictionary<(string Subject, RateTier Tier), Entry> _entries = new();
    private long _swept;

    /// <param name="subject">A workspace, or <c>address/…</c>.</param>
    public ValueTask<RateVerdict> TakeAsync(string subject, RateTier tier)
    {
        var entry = _entries.GetOrAdd((subject, tier), static (key, l) => new(l.RateOf(key.Tier, key.Subject)), limits);
        lock (entry.Lock)
        {
            if (entry.Lease.TryTake(time.GetUtcNow()) is { } known)
            {
                if (known.Allowed && entry.Lease.IsLow) entry.Asking ??= AskAsync(subject, tier, entry);
                return ValueTask.FromResult(known);
            }
        }
        return AskedAsync(subject, tier, entry);
    }

    private async ValueTask<RateVerdict> AskedAsync(string subject, RateTier tier, Entry entry)
    {
        // Many may wait for one answer that is not enough for all of them.
        while (true)
        {
            Task asking;
            lock (entry.Lock) asking = entry.Asking ??= AskAsync(subject, tier, entry);
            try
            {
                await asking;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                return entry.Lease.Unknown;
            }
            lock (entry.Lock)
                if (entry.Lease.TryTake(time.GetUtcNow()) is { } known) return known;
        }
    }

    private async Task AskAsync(string subject, RateTier tier, Entry entry)
    {
        await Task.Yield();
        try
        {
            await using var command = database.Worker.CreateCommand("SELECT granted, remaining FROM prodsprint.take_tokens($1, $2, $3, $4, $5)");
            foreach (var value in (object[])[subject, tier.ToString(), (double)entry.Lease.Limit.Burst, entry.Lease.Limit.PerSecond, entry.Lease.Size]) command.Parameters.Add(new() { Value = value });
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            var (granted, remaining) = (reader.GetInt32(0), reader.GetDouble(1));
            lock (entry.Lock) entry.Lease.Add(granted, remaining, time.GetUtcNow());
        }
        finally
        {
            lock (entry.Lock) entry.Asking = null;
        }
        await SweepAsync();
    }

    /// <summary>A bucket that is full again is as good as none.</summary>
    private async Task SweepAsync()
    {
        var swept = Interlocked.Read(ref _swept);
        var now = time.GetTimestamp();
        if (_entries.Count < MostLeases && swept != 0 && time.GetElapsedTime(swept, now) < Forgotten || Interlocked.CompareExchange(ref _swept, now, swept) != swept) return;
        var before = time.GetUtcNow() - (_entries.Count < MostLeases ? Forgotten : TimeSpan.FromSeconds(3));
        foreach (var (key, entry) in _entries) if (entry.Lease.LastUsed < before) _entries.TryRemove(key, out _);
        await using var command = database.Worker.CreateCommand("DELETE FROM prodsprint.rate_bucket WHERE at < now() - make_interval(hours => 1)");
        await command.ExecuteNonQueryAsync();
    }
}
