using System.Collections.Immutable;
using Orleans.Concurrency;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>One release of one project: <c>release/{workspace}/{project}/{number}</c>.</summary>
[Alias("releases.IReleaseGrain")]
public interface IReleaseGrain : IGrainWithStringKey, IJobOwner, ICommandTarget
{
    /// <summary>A person's or a rule's command. Refused commands change nothing.</summary>
    [Alias("Do")]
    Task<CommandResult> Do(ReleaseCommand command);

    /// <summary>What the router saw, cumulative since the current step began; cheap and often. Not stored: PostgreSQL has the seconds.</summary>
    [Alias("Observe")]
    Task Observe(CanaryEvidence evidence);

    [Alias("View")]
    Task<ReleaseView?> View();

    /// <summary>The judge's looks in the step that runs, or ran last, oldest first; empty without one. Interleaves: an abort does not wait behind a reading of the log.</summary>
    [Alias("Looks"), AlwaysInterleave]
    Task<ImmutableArray<JudgeLook>> Looks();

    /// <summary>What its gate found in what it is built from; null: there is no such release.</summary>
    [Alias("Findings")]
    Task<ReleaseFindings?> Findings();
}
