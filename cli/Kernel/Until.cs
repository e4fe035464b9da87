namespace ProdSprint.Kernel;

/// <summary>Waiting for the server: asks again until it is so.</summary>
public static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    public static async Task<T> True<T>(Func<Task<T>> ask, Func<T, bool> done, CancellationToken cancellation)
    {
        while (true)
        {
            var value = await ask();
            if (done(value)) return value;
            await Task.Delay(Pause, cancellation);
        }
    }
}
