using ProdSprint.Plans;

namespace ProdSprint.Deploy;

/// <summary>What is on disk about one running copy; written before its process is started, so that no process exists without a record.</summary>
/// <param name="Id">New for each reservation. The process carries it in its environment (<c>PRODSPRINT_INSTANCE</c>), which is how it is found when the
/// server died between the start and the note of it.</param>
/// <param name="Port">On 127.0.0.1; 0 for a worker, which listens for nothing. Kept through restarts, so routes stay right.</param>
public sealed record InstanceRecord(
    string Id, InstanceKey Key, string Version, string ArtifactKey, string ArtifactDigest, int Port, ServicePlan Service, DateTimeOffset CreatedAt)
{
    public InstancePhase Phase { get; init; } = InstancePhase.Starting;

    /// <summary>The leader of its session; 0 until a process is known.</summary>
    public int Pid { get; init; }

    /// <summary>With <see cref="Pid"/> and <see cref="BootId"/>: which process it is, whoever has its pid later.</summary>
    public long StartTicks { get; init; }

    public string BootId { get; init; } = "";

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>
    /// By name, what was provided to its process from outside. Null from before that is read until it is known, and of copies from before this was written down: it may hold anything.
    /// </summary>
    public IReadOnlyList<string>? Given { get; init; }

    /// <summary>How often it was started again by the supervisor.</summary>
    public int Restarts { get; init; }

    /// <summary>Why it is not well now, or null.</summary>
    public string? Problem { get; init; }

    public string Marker => $"PRODSPRINT_INSTANCE={Id}";

    public string Address => Port == 0 ? "" : $"127.0.0.1:{Port}";
}

public enum InstancePhase
{
    /// <summary>Asked for, and not healthy yet: whoever asked decides what becomes of it.</summary>
    Starting,

    /// <summary>Was healthy: the supervisor keeps it so.</summary>
    Running,

    /// <summary>On its way out; never started again.</summary>
    Stopping,
}
