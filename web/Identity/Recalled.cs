using System.Collections.Concurrent;

namespace ProdSprint.Identity;

/// <summary>Answers of the database that are good until someone says that something has changed, and never for longer than <see cref="Trust"/>.</summary>
/// <param name="ask">Null is an answer like any other: there is no such thing.</param>
internal sealed class Recalled<TKey, TValue>(TimeProvider time, Func<TKey, CancellationToken, Task<TValue?>> ask)
    where TKey : notnull where TValue : class
{
    /// <summary>How long what has ended could go on at most when the bell is lost.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(10);

    /// <summary>Guesses are remembered as well, and must not fill the memory.</summary>
    private const int Most = 50_000;

    private readonly ConcurrentDictionary<TKey, (TValue? Value, long At)> _known = new();
    private int _forgotten;

    public ValueTask<TValue?> GetAsync(TKey key, CancellationToken cancellation) =>
        _known.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) <= Trust ? new(known.Value) : AskAsync(key, cancellation);

    private async ValueTask<TValue?> AskAsync(TKey key, CancellationToken cancellation)
    {
        var before = Volatile.Read(ref _forgotten);
        var at = time.GetTimestamp();
        var value = await ask(key, cancellation);
        if (_known.Count >= Most) _known.Clear();
        // What was read before the bell rang is not to be remembered after it.
        if (before == Volatile.Read(ref _forgotten)) _known[key] = (value, at);
        if (before != Volatile.Read(ref _forgotten)) _known.TryRemove(key, out _);
        return value;
    }

    public void Forget(TKey key)
    {
        Interlocked.Increment(ref _forgotten);
        _known.TryRemove(key, out _);
    }

    public void ForgetAll()
    {
        Interlocked.Increment(ref _forgotten);
        _known.Clear();
    }
}
