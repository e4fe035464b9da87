using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>What the shell itself tells the machine. Internal: nobody outside can send one, and they never travel between grains, so they carry no aliases.</summary>
internal sealed record ReleaseTick() : ReleaseCommand(Actor.System("timer"), null);

/// <summary>The judge looks at what the router saw. Time has passed as well: everything a tick does is done too.</summary>
internal sealed record JudgeTick(CanaryEvidence Evidence) : ReleaseCommand(Actor.System("judge"), null);

internal sealed record ReleaseJobEnded(JobOutcome Outcome) : ReleaseCommand(Actor.System("jobs"), null);

/// <summary>The router follows these orders now, for every request that arrives.</summary>
internal sealed record RoutesInForce(long Revision) : ReleaseCommand(Actor.System("router"), null);

/// <summary>
/// The wall clock was set while the process ran. Bakes and deadlines are lengths of time, so they move with it; freeze windows are points in
/// the calendar, so they stay.
/// </summary>
internal sealed record ClockMoved(TimeSpan Distance) : ReleaseCommand(Actor.System("clock"), null);
