namespace Orleans.Runtime;

/// <summary>Values that travel with calls from caller to callee, never back.</summary>
public static class RequestContext
{
    internal const string CallChainReentrancyKey = "#RC_CCR";

    private static readonly AsyncLocal<Values?> Ambient = new();

    public static IEnumerable<KeyValuePair<string, object>> Entries => (IEnumerable<KeyValuePair<string, object>>?)Current?.Map ?? [];

    public static IEnumerable<string> Keys => Current?.Map?.Keys ?? Enumerable.Empty<string>();

    /// <summary>The call chain whose calls may come back into a waiting grain; empty: none.</summary>
    public static Guid ReentrancyId
    {
        get => Current?.ReentrancyId ?? Guid.Empty;
        set => Current = new Values(Current?.Map, value).OrNull();
    }

    internal static Values? Current
    {
        get => Ambient.Value;
        set
        {
            // Setting an AsyncLocal copies the execution context; most calls carry nothing, so the write is usually saved.
            if (!ReferenceEquals(Ambient.Value, value))
            {
                Ambient.Value = value;
            }
        }
    }

    public static object? Get(string key) => Current?.Map is { } map && map.TryGetValue(key, out var value) ? value : null;

    public static void Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(key);
        var current = Current;
        var map = current?.Map is { } old ? new Dictionary<string, object>(old) : new Dictionary<string, object>(1);
        map[key] = value;
        Current = new Values(map, current?.ReentrancyId ?? Guid.Empty);
    }

    public static bool Remove(string key)
    {
        if (Current is not { Map: { } old } current || !old.ContainsKey(key))
        {
            return false;
        }

        var map = new Dictionary<string, object>(old);
        map.Remove(key);
        Current = new Values(map.Count == 0 ? null : map, current.ReentrancyId).OrNull();
        return true;
    }

    public static void Clear() => Current = null;

    /// <summary>Until disposed, calls made from here may call back into this grain although it is waiting for them.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var original = ReentrancyId;
        var id = original == Guid.Empty ? Guid.NewGuid() : original;
        return new ReentrancySection(original, id);
    }

    public static ReentrancySection SuppressCallChainReentrancy() => new(ReentrancyId, Guid.Empty);

    /// <summary>Immutable: a call takes a reference and never sees later changes of its caller.</summary>
    internal sealed class Values(Dictionary<string, object>? map, Guid reentrancyId)
    {
        public Dictionary<string, object>? Map { get; } = map;

        public Guid ReentrancyId { get; } = reentrancyId;

        public Values? OrNull() => Map is null && ReentrancyId == Guid.Empty ? null : this;
    }

    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _original;
        private readonly Guid _entered;

        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            _original = originalReentrancyId;
            _entered = newReentrancyId;
            if (newReentrancyId != originalReentrancyId)
            {
                ReentrancyId = newReentrancyId;
            }

            (RuntimeContext.Current as Activation)?.EnterReentrantSection(newReentrancyId);
        }

        public void Dispose()
        {
            (RuntimeContext.Current as Activation)?.LeaveReentrantSection(_entered);
            if (_entered != _original)
            {
                ReentrancyId = _original;
            }
        }
    }
}
