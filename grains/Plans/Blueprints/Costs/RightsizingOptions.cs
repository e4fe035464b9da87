namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>How much has to be known before a size is proposed, and what has to stay free in it: section <c>Rightsizing</c>.</summary>
public sealed record RightsizingOptions
{
    /// <summary>Days looked back on: two weeks hold two of each weekday, and what an old version used is forgotten in time.</summary>
    public int Days { get; init; } = 14;

    /// <summary>Hours of production that have to be known: a day has its quiet and its busy ones.</summary>
    public int MinHours { get; init; } = 24;

    /// <summary>Looks that have to be known: below it, 95 % of them is a guess.</summary>
    public int MinSamples { get; init; } = 1_000;

    /// <summary>Part of the processors that stays free above what 95 % of the looks saw: load rises faster than copies start.</summary>
    public double CpuHeadroom { get; init; } = 0.4;

    /// <summary>Part of the memory that stays free above the most that was seen: too little is no slowness, it is the end of the process.</summary>
    public double MemoryHeadroom { get; init; } = 0.3;

    /// <summary>Days without a request after which an environment counts as idle: longer than a holiday weekend.</summary>
    public int IdleDays { get; init; } = 7;

    /// <summary>A change of size is one click, so it is worth less than other hints before it is noise. In the price book's currency, a month.</summary>
    public double WorthSaying { get; init; } = 1;

    /// <summary>Names every setting that cannot stand.</summary>
    public IEnumerable<string> Errors()
    {
        if (Days is not (>= 1 and <= 30)) yield return $"Rightsizing:Days is {Days}. Set it to 1 to 30 days; more is not kept.";
        if (MinHours is not (>= 1 and <= 720)) yield return $"Rightsizing:MinHours is {MinHours}. Set it to 1 to 720 hours.";
        if (MinSamples < 20) yield return $"Rightsizing:MinSamples is {MinSamples}. Set it to at least 20: the 95 % of fewer is their most.";
        if (CpuHeadroom is not (>= 0 and <= 0.9)) yield return $"Rightsizing:CpuHeadroom is {CpuHeadroom}. Set it to 0 to 0.9.";
        if (MemoryHeadroom is not (>= 0 and <= 0.9)) yield return $"Rightsizing:MemoryHeadroom is {MemoryHeadroom}. Set it to 0 to 0.9.";
        if (IdleDays is not (>= 1 and <= 30)) yield return $"Rightsizing:IdleDays is {IdleDays}. Set it to 1 to 30 days.";
        if (WorthSaying < 0) yield return $"Rightsizing:WorthSaying is {WorthSaying}. Set it to 0 or more.";
    }
}
