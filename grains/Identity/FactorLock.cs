namespace ProdSprint.Identity;

/// <summary>How long nobody may try another code after so many wrong ones in a row: a million codes cannot be tried, and mistyping costs nothing.</summary>
public static class FactorLock
{
    private const int Free = 5;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    /// <summary>Somebody who keeps trying must not lock the owner out for a day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public static TimeSpan After(int failures) =>
        failures < Free ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(failures - Free, 20)));
}
