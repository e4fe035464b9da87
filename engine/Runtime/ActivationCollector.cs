namespace Orleans.Runtime;

/// <summary>Looks for idle grains once per quantum.</summary>
internal sealed class ActivationCollector : IDisposable
{
    private readonly ITimer _timer;

    public ActivationCollector(Silo silo)
    {
        var quantum = silo.Collection.CollectionQuantum;
        _timer = silo.Time.CreateTimer(static s => ((Silo)s!).Catalog.Collect(null), silo, quantum, quantum);
    }

    public void Dispose() => _timer.Dispose();
}
