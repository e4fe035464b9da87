namespace ProdSprint.Traffic;

/// <summary>One version's counters on one event loop: written by that loop only. Only <see cref="InFlight"/> is read by others, while it changes.</summary>
internal sealed class VersionCell(VersionRuntime version)
{
    private readonly int[] _latency = new int[LatencyHistogram.BucketCount];
    private readonly long[] _classes = new long[6];
    private long _inFlight, _requests, _errors, _faults;

    /// <summary>Routes of the running second.</summary>
    private HashSet<string>? _routes;
    private int _looked;

    /// <summary>A few looks a second find the routes that count within minutes, and cost nothing beside the requests.</summary>
    private const int LooksPerSecond = 4;

    /// <summary>Whether a request's route is to be looked at; asking counts as a look.</summary>
    public bool Looks => _looked < LooksPerSecond && _looked++ >= 0;

    public VersionRuntime Version => version;
    public bool Touched { get; private set; }
    public long InFlight => Volatile.Read(ref _inFlight);

    public void Enter() => Volatile.Write(ref _inFlight, _inFlight + 1);
    public void Leave() => Volatile.Write(ref _inFlight, _inFlight - 1);

    public void Count(int status, bool aborted, bool failed, bool fault, double ms)
    {
        Touched = true;
        _requests++;
        _classes[aborted ? 5 : Math.Clamp(status / 100, 1, 5) - 1]++;
        if (!aborted && (failed || status >= 500)) _errors++;
        if (fault) _faults++;
        _latency[LatencyHistogram.BucketOf(ms)]++;
    }

    public void Saw(string route) => (_routes ??= new(LooksPerSecond, StringComparer.Ordinal)).Add(route);

    /// <summary>Takes what was counted since the last call.</summary>
    public TrafficSecond Take(long unixSecond)
    {
        var row = new TrafficSecond(
            version.Workspace, version.Project, version.Environment, version.Name, unixSecond, _requests, _errors,
            new(_classes[0], _classes[1], _classes[2], _classes[3], _classes[4], _classes[5]), _faults, LatencyHistogram.FromCounts(_latency))
        {
            Routes = _routes is { Count: > 0 } ? string.Join('\n', _routes.Order(StringComparer.Ordinal)) : null,
        };
        _routes?.Clear();
        _looked = 0;
        Touched = false;
        _requests = _errors = _faults = 0;
        Array.Clear(_classes);
        Array.Clear(_latency);
        return row;
    }
}

/// <summary>A version of an environment, for as long as the router knows it or still serves it.</summary>
internal sealed class VersionRuntime(string workspace, string project, string environment, string name, int loops)
{
    private readonly VersionCell?[] _cells = new VersionCell?[loops];

    public string Workspace => workspace;
    public string Project => project;
    public string Environment => environment;
    public string Name => name;
    public byte[] ServedBy { get; } = System.Text.Encoding.ASCII.GetBytes($"X-ProdSprint-Served-By: {name}\r\n");

    public long InFlight
    {
        get
        {
            long sum = 0;
            foreach (var cell in _cells) sum += cell?.InFlight ?? 0;
            return sum;
        }
    }

    /// <summary>The calling loop's own cell.</summary>
    public VersionCell On(int loop) => _cells[loop] ??= new(this);
}
