using System.Collections.Immutable;

namespace ProdSprint.Kernel;

/// <summary>Adds up what the silos say of themselves.</summary>
[GrainType("figures")]
public sealed class FiguresGrain(TimeProvider time) : Grain, IFiguresGrain
{
    /// <summary>Several reports missed: the silo is gone, and so are its activations.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, (long At, ImmutableDictionary<string, CallFigures> Calls)> _silos = [];

    public Task Report(string silo, ImmutableDictionary<string, CallFigures> calls)
    {
        _silos[silo] = (time.GetTimestamp(), calls);
        return Task.CompletedTask;
    }

    public Task<ImmutableDictionary<string, CallFigures>> Read()
    {
        foreach (var silo in _silos.Where(s => time.GetElapsedTime(s.Value.At) > Forgotten).Select(s => s.Key).ToList()) _silos.Remove(silo);
        return Task.FromResult(_silos.Values.SelectMany(s => s.Calls).GroupBy(c => c.Key).ToImmutableDictionary(g => g.Key, g => g.Select(c => c.Value).Aggregate((a, b) => a.Add(b))));
    }
}
