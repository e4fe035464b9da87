namespace ProdSprint.Tenants;

/// <summary>What a request was told about its bucket.</summary>
/// <param name="Remaining">Requests left at once, as far as this process knows: others take from the same bucket.</param>
/// <param name="RetryAfter">When the next one may come; zero for one that is let through.</param>
public readonly record struct RateVerdict(bool Allowed, int Remaining, TimeSpan RetryAfter);

/// <summary>
/// The tokens that this process has taken out of a shared bucket ahead of the requests that will spend them. A lease that is not spent soon is given up: the
/// bucket fills again without it, and a tenant never has more than its bucket and what lies in leases a few seconds old. Not safe for concurrent use.
/// </summary>
public sealed class TokenLease(RateLimit limit)
{
    /// <summary>Long enough for a steady caller to need no round trip, short enough to count for nothing.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(3);

    private int _left;
    private double _shared = limit.Burst;
    private DateTimeOffset _takenAt;
    private DateTimeOffset _refusedUntil;

    public RateLimit Limit => limit;

    /// <summary>How many to ask for: a tenth of the bucket, so that one process cannot empty it for the others without using it.</summary>
    public int Size => Math.Clamp(limit.Burst / 10, 1, 500);

    public DateTimeOffset LastUsed { get; private set; }

    /// <summary>Time to ask for more, while there still are some.</summary>
    public bool IsLow => _left < Size / 4;

    /// <summary>Null: only the shared bucket knows.</summary>
    public RateVerdict? TryTake(DateTimeOffset now)
    {
        LastUsed = now;
        if (_left > 0 && now - _takenAt > Kept) _left = 0;
        if (_left > 0)
        {
            _left--;
            return new(true, _left + (int)_shared, TimeSpan.Zero);
        }
        return now < _refusedUntil ? new(false, 0, _refusedUntil - now) : null;
    }

    /// <param name="granted">0: the bucket is empty, and is not asked again before it has a whole token.</param>
    /// <param name="remaining">What the bucket still has.</param>
    public void Add(int granted, double remaining, DateTimeOffset now)
    {
        (_left, _shared, _takenAt) = (_left + granted, remaining, now);
        _refusedUntil = granted > 0 ? default : now + TimeSpan.FromSeconds(Math.Max(0.01, (1 - remaining) / limit.PerSecond));
    }

    /// <summary>The bucket cannot be asked: what would be let through fails by itself, and refusing would be a second fault.</summary>
    public RateVerdict Unknown => new(true, 0, TimeSpan.Zero);
}
