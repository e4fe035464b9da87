namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>How large each part is in an environment. Staging is the smallest that works; production survives the loss of a zone.</summary>
/// <param name="Zones">Availability zones.</param>
/// <param name="Copies">Of each service, at least.</param>
/// <param name="MostCopies">Of each service, at most.</param>
/// <param name="BackupDays">Days for which any moment of the database can be restored.</param>
public sealed record AwsSizes(
    int Zones, bool GatewayPerZone, int Copies, int MostCopies, string DatabaseClass, int DatabaseGiB, bool MultiZone, int BackupDays, string CacheNode, int CacheNodes, int LogDays, bool Protect)
{
    public static readonly AwsSizes Staging = new(2, false, 1, 2, "db.t4g.small", 20, false, 7, "cache.t4g.micro", 1, 30, false);
    public static readonly AwsSizes Production = new(3, true, 2, 10, "db.t4g.medium", 20, true, 30, "cache.t4g.small", 2, 365, true);

    public static AwsSizes Of(string environment) => environment == "production" ? Production : Staging;

    /// <summary>With what people choose.</summary>
    public static AwsSizes Of(string environment, BlueprintOptions options) => Of(environment) is var sizes && sizes.GatewayPerZone ? sizes with { GatewayPerZone = options.GatewayPerZone ?? true } : sizes;

    /// <summary>The smallest Fargate task with at least this memory and these processors. Units: 1/1024 processor, MiB.</summary>
    public static (int Cpu, int MemoryMiB) Task(int memoryMiB, int? cpus)
    {
        foreach (var (cpu, memories) in Tasks)
            if (cpu >= (cpus ?? 0) * 1024)
                foreach (var memory in memories)
                    if (memory >= memoryMiB) return (cpu, memory);
        var (largest, sizes) = Tasks[^1];
        return (largest, sizes[^1]);
    }

    // Source: AWS documentation, "Task CPU and memory" of Fargate.
    private static readonly (int Cpu, int[] MemoryMiB)[] Tasks =
    [
        (256, [512, 1024, 2048]),
        (512, [.. Steps(1, 4)]),
        (1024, [.. Steps(2, 8)]),
        (2048, [.. Steps(4, 16)]),
        (4096, [.. Steps(8, 30)]),
        (8192, [.. Steps(16, 60, 4)]),
        (16384, [.. Steps(32, 120, 8)]),
    ];

    private static IEnumerable<int> Steps(int fromGiB, int toGiB, int step = 1)
    {
        for (var gib = fromGiB; gib <= toGiB; gib += step) yield return gib * 1024;
    }
}
