using System.Collections.Concurrent;

namespace ProdSprint.Data;

/// <summary>A view as it stands in the database, and what was computed from its bytes.</summary>
public sealed class StoredView(byte[] utf8)
{
    private string? _tag;

    public byte[] Utf8 => utf8;

    /// <summary>Of these bytes, which never change; computed once.</summary>
    public string Tag(Func<byte[], string> of) => _tag ??= of(utf8);
}

/// <summary>
/// Views that were just read, so that a page which many look at, and a 304, cost no round trip. It is right to answer from here because
/// <list type="bullet">
/// <item>what this process writes is forgotten before whoever asked for it is told (<see cref="Kernel.MachineSink"/>), and so is a whole workspace when a mutation sent here is answered, whichever process carried it out;</item>
/// <item>what another process writes rings the same bell that pages are told by (<see cref="LiveFeed"/>), and is forgotten before they are told; where no bell is listened to, nothing is kept;</item>
/// <item>a read that began before the bell is not kept after it;</item>
/// <item>it was read as the workspace it is kept under, so row-level security has let it through, and whoever asks has been let into that workspace first;</item>
/// <item>nothing is decided here: <c>If-Match</c> is compared by the grain. A bell that is lost without a word costs <see cref="Kept"/> at most.</item>
/// </list>
/// </summary>
public sealed class ViewMemory(TimeProvider time)
{
    /// <summary>How old an answer can be when the bell is lost.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private const int LargestBody = 16 * 1024;
    private const int Most = 5_000;

    private sealed class Shelf
    {
        public readonly ConcurrentDictionary<string, (StoredView View, long At)> Views = new(StringComparer.Ordinal);
        public int Forgotten;
    }

    private readonly ConcurrentDictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);

    /// <summary>Since the last time everything was forgotten, so there are never more than that.</summary>
    private int _count;

    private volatile bool _heard;

    /// <summary>A read that is about to begin.</summary>
    /// <param name="At">Timestamp.</param>
    internal readonly record struct Mark(object? Shelf, int Forgotten, long At);

    public StoredView? Find(string workspace, string key) =>
        _heard && _shelves.TryGetValue(workspace, out var shelf) && shelf.Views.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < Kept ? known.View : null;

    internal Mark Begin(string workspace)
    {
        if (!_heard) return default;
        if (!_shelves.TryGetValue(workspace, out var shelf))
        {
            if (_shelves.Count >= Most) return default;
            shelf = _shelves.GetOrAdd(workspace, static _ => new());
        }
        return new(shelf, Volatile.Read(ref shelf.Forgotten), time.GetTimestamp());
    }

    internal void Keep(Mark mark, string key, StoredView view)
    {
        if (mark.Shelf is not Shelf shelf || !_heard || view.Utf8.Length > LargestBody || Volatile.Read(ref shelf.Forgotten) != mark.Forgotten) return;
        if (Interlocked.Increment(ref _count) > Most) ForgetAll();
        shelf.Views[key] = (view, mark.At);
        // What was read before the bell rang is not to be remembered after it.
        if (Volatile.Read(ref shelf.Forgotten) != mark.Forgotten || !_heard) shelf.Views.TryRemove(key, out _);
    }

    public void Forget(string workspace, string key)
    {
        if (!_shelves.TryGetValue(workspace, out var shelf)) return;
        Interlocked.Increment(ref shelf.Forgotten);
        shelf.Views.TryRemove(key, out _);
    }

    public void Forget(string workspace)
    {
        if (!_shelves.TryGetValue(workspace, out var shelf)) return;
        Interlocked.Increment(ref shelf.Forgotten);
        shelf.Views.Clear();
    }

    /// <param name="heard">Whether changes are heard of from now on; false: nothing is kept until they are.</param>
    internal void Listens(bool heard)
    {
        _heard = heard;
        ForgetAll();
    }

    private void ForgetAll()
    {
        Interlocked.Exchange(ref _count, 0);
        // Shelves stay: a read under way knows its own by what was forgotten there.
        foreach (var workspace in _shelves.Keys) Forget(workspace);
    }
}
