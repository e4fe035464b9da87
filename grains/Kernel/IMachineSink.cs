namespace ProdSprint.Kernel;

/// <summary>
/// The way out of a grain, implemented by the silo. One call takes all that one decision produced; it is repeated after a crash or a failure,
/// so every part is applied once by its id: timeline rows by id, jobs by effect id, routes by revision. A command for another grain comes as a job.
/// </summary>
public interface IMachineSink
{
    /// <summary>
    /// Puts facts into the timeline, the view into the read model (if newer than what is there), jobs into the queue and routes to the router.
    /// Returns the ids of effects that could not be done now; they are tried again later. Throws only if nothing was done.
    /// </summary>
    Task<IReadOnlyCollection<string>> FlushAsync(MachineFlush flush, CancellationToken cancellation);
}

/// <param name="ViewJson">The state as people see it, for lists and pages; null if the machine has no view.</param>
public sealed record MachineFlush(
    string GrainKey, long Version, string? ViewJson, IReadOnlyList<TimelineEntry> Facts, IReadOnlyList<OutboxEntry> Effects);
