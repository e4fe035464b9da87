using System.Collections.Concurrent;

namespace ProdSprint.Engine;

/// <summary>Lets a test see that a grain has come to a point and hold it there. Grains and tests share one process on both engines.</summary>
public static class Gates
{
    private static readonly ConcurrentDictionary<string, Gate> All = new();

    public static Gate Of(string name) => All.GetOrAdd(name, static _ => new Gate());

    public static async Task ArriveAndWait(string name)
    {
        var gate = Of(name);
        gate.Arrived.Release();
        await gate.Opened;
    }
}

public sealed class Gate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Released by each that comes to the gate.</summary>
    public SemaphoreSlim Arrived { get; } = new(0);

    /// <summary>Released by each that leaves it.</summary>
    public SemaphoreSlim Left { get; } = new(0);

    public Task Opened => _opened.Task;

    public void Open() => _opened.TrySetResult();

    public Task WaitForArrival() => Wait(Arrived);

    public Task WaitForLeaving() => Wait(Left);

    private static async Task Wait(SemaphoreSlim semaphore)
    {
        if (!await semaphore.WaitAsync(Patience))
        {
            throw new TimeoutException("Nobody came to the gate.");
        }
    }
}
