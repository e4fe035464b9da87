using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>Which nodes hold an environment's pods, and how many: the smallest kind in which its largest pod fits.</summary>
/// <param name="Count">At least: all copies that always run, and one more of the largest during a roll-out.</param>
/// <param name="Most">At most: all copies that scaling allows.</param>
public sealed record EksNodes(string Type, int Count, int Most)
{
    /// <summary>Room for images and logs on each, in GiB, beside the system's own disk.</summary>
    public const int DiskGiB = 30, SystemDiskGiB = 4;

    /// <summary>What kubelet, networking, log shipping and the system keep of each node. Units: 1/1024 processor, MiB.</summary>
    private const int KeptCpu = 512, KeptMemoryMiB = 1400;

    // Source: AWS, "Amazon EC2 instance types"; processors and GiB.
    private static readonly ImmutableArray<(string Type, int Cpus, int GiB)> Burstable = [("t3.medium", 2, 4), ("t3.large", 2, 8)];
    private static readonly ImmutableArray<(string Type, int Cpus, int GiB)> Steady = [("m6i.large", 2, 8), ("m6i.xlarge", 4, 16), ("m6i.2xlarge", 8, 32), ("m6i.4xlarge", 16, 64), ("m6i.8xlarge", 32, 128)];

    public static EksNodes Of(EnvironmentPlan environment)
    {
        var production = environment.Name == "production";
        var sizes = AwsSizes.Of(environment.Name);
        var pods = environment.Services.Select(s => AwsSizes.Task(s.Limits.MemoryMiB, s.Limits.Cpus)).ToList();
        var (cpu, memory) = pods.Count == 0 ? (0, 0) : (pods.Max(p => p.Cpu), pods.Max(p => p.MemoryMiB));
        ImmutableArray<(string Type, int Cpus, int GiB)> offered = production ? Steady : [.. Burstable, .. Steady];
        var chosen = offered.FirstOrDefault(o => o.Cpus * 1024 - KeptCpu >= cpu && o.GiB * 1024 - KeptMemoryMiB >= memory, offered[^1]);
        int Nodes(int copies) => (int)Math.Max(
            Math.Ceiling((copies * pods.Sum(p => p.Cpu) + cpu) / (double)(chosen.Cpus * 1024 - KeptCpu)),
            Math.Ceiling((copies * pods.Sum(p => p.MemoryMiB) + memory) / (double)(chosen.GiB * 1024 - KeptMemoryMiB)));
        // Two, so that the loss of one (or of its zone) leaves the other.
        var count = Math.Max(production ? 2 : 1, Nodes(sizes.Copies));
        return new(chosen.Type, count, Math.Max(count + 1, Nodes(sizes.MostCopies)));
    }
}
