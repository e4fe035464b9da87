using System.Collections.Immutable;

namespace ProdSprint.Kernel;

/// <summary>Call figures of all silos of a cluster, told by each every few seconds. In memory only: a silo's next report brings all of it again.</summary>
[Alias("kernel.IFiguresGrain")]
public interface IFiguresGrain : IGrainWithStringKey
{
    const string Key = "figures/cluster";

    /// <param name="silo">Who reports; its report takes the place of its last one.</param>
    /// <param name="calls">By grain type, since the silo's start.</param>
    [Alias("Report")]
    Task Report(string silo, ImmutableDictionary<string, CallFigures> calls);

    /// <summary>The sum over the silos heard of lately.</summary>
    [Alias("Read")]
    Task<ImmutableDictionary<string, CallFigures>> Read();
}

/// <param name="MeanMs">Over all calls since the start.</param>
[GenerateSerializer, Immutable, Alias("kernel.CallFigures")]
public sealed record CallFigures([property: Id(0)] long Calls, [property: Id(1)] long Errors, [property: Id(2)] double MeanMs, [property: Id(3)] double SlowestMs)
{
    public CallFigures Add(CallFigures other)
    {
        var calls = Calls + other.Calls;
        return new(calls, Errors + other.Errors, calls == 0 ? 0 : (MeanMs * Calls + other.MeanMs * other.Calls) / calls, Math.Max(SlowestMs, other.SlowestMs));
    }
}
