using System.Diagnostics;
using ProdSprint.Kernel;

namespace ProdSprint.Drills;

/// <summary>Asks again until it is so, up to a deadline that is generous: a busy machine must not fail a drill.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<T> Is<T>(string what, Func<Task<T>> ask, Func<T, bool> so)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            T? value = default;
            try
            {
                value = await ask();
                if (so(value)) return value;
            }
            catch (CliException e) when (e.Type == "server.waiting-for-database" && waited.Elapsed < Limit)
            {
                // It asks to be asked again.
            }
            if (waited.Elapsed > Limit) throw new TimeoutException($"Not within {Limit.TotalSeconds:0} s: {what}. Last seen: {value}");
            await Task.Delay(Pause);
        }
    }

    public static Task Is(string what, Func<bool> so) => Is(what, () => Task.FromResult(so()), yes => yes);
}
