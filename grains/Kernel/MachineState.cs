namespace ProdSprint.Kernel;

/// <summary>One storage row: the machine's state, its version and what is still to be told to the outside. Writing it is the transaction.</summary>
public sealed class MachineState<TState>
{
    public TState? State { get; set; }

    /// <summary>Counts accepted commands that changed something; 0 before the first.</summary>
    public long Version { get; set; }

    /// <summary>Not known to be done yet. After a crash they are done again, by id.</summary>
    public List<OutboxEntry> Outbox { get; set; } = [];

    /// <summary>Facts not known to be in the timeline yet.</summary>
    public List<TimelineEntry> Facts { get; set; } = [];

    /// <summary>Effect ids of <see cref="Tell"/> commands already taken, newest last, bounded: a second delivery changes nothing.</summary>
    public List<string> Seen { get; set; } = [];
}
