namespace ProdSprint.Jobs;

/// <summary>How this server works on jobs.</summary>
public sealed class JobOptions
{
    /// <summary>Jobs running at once. Most wait (for a process, a health check, a network), so many more than cores.</summary>
    public int Concurrency { get; set; } = 64;

    /// <summary>
    /// Fewer for kinds that take a whole core (two builds at once leave the machine usable) or a long time. Together below
    /// <see cref="Concurrency"/>: a hundred versions draining must not keep a command from one grain to another waiting.
    /// </summary>
    public Dictionary<string, int> KindLimits { get; } = new()
    {
        ["deploy.build"] = 2, ["project.import"] = 2, ["plans.generate"] = 2, ["deploy.start"] = 16, ["deploy.stop"] = 24, ["gates.smoke"] = 6, ["gates.performance"] = 1, ["webhooks.deliver"] = 8,
        ["infrastructure.plan"] = 2, ["infrastructure.apply"] = 2, ["infrastructure.check"] = 1,
    };

    /// <summary>Of the jobs running at once, how many may be one tenant's, 0-1. The rest is free for whoever comes next, however long this one's take.</summary>
    public double TenantShare { get; set; } = 0.75;

    /// <summary>How many jobs of a kind with a limit a workspace may have running (workspace, kind; "" is any workspace without a limit of its own); null: as many as the kind.</summary>
    public Func<string, string, int?>? TenantKindLimit { get; set; }

    /// <summary>Jobs fetched ahead at most. The worker fetches ahead only while jobs end quickly, so slow jobs are not kept from other servers.</summary>
    public int MaxAhead { get; set; } = 1000;

    /// <summary>A server that did not renew its lease for this long is taken for dead, and its jobs run elsewhere. Renewed every third of it.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Full jitter: the wait after attempt n is anywhere between 0 and min(<see cref="BackoffCap"/>, this · 2^(n-1)), so that failures spread out.</summary>
    public TimeSpan BackoffBase { get; set; } = TimeSpan.FromSeconds(2);

    public TimeSpan BackoffCap { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a job may lose its server before it counts as the one that kills servers.</summary>
    public int MaxInterruptions { get; set; } = 5;

    /// <summary>A net below LISTEN: the queue is looked at this often even if no notification came.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>An outcome its grain did not take is told again after this long.</summary>
    public TimeSpan TellAgain { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Of one attempt of one job; a child that floods its log must not fill the disk.</summary>
    public int MaxLogLines { get; set; } = 20_000;

    /// <summary>Longer lines are cut.</summary>
    public int MaxLineLength { get; set; } = 4_000;

    /// <summary>Ended jobs and their logs are kept this long; dead letters three times as long.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(14);

    /// <summary>At shutdown jobs get this long to see their token and end; then they are handed back to the queue.</summary>
    public TimeSpan Shutdown { get; set; } = TimeSpan.FromSeconds(5);
}
