using System.Text.Json.Serialization;
using ProdSprint.Traffic;

namespace ProdSprint.Kernel;

/// <summary>
/// What a decision wants done to the outside, as data. An effect gets its id from the grain, the version and its index when it is stored with the
/// state; whoever carries it out applies it once by that id. Effects hold absolute values, never deltas.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$effect")]
[JsonDerivedType(typeof(EnqueueJob), "job")]
[JsonDerivedType(typeof(CancelJobs), "cancel-jobs")]
[JsonDerivedType(typeof(SetRoutes), "routes")]
[JsonDerivedType(typeof(Tell), "tell")]
public abstract record Effect;

/// <summary>Slow work. The outcome comes back as a command through <c>IJobOwner</c>.</summary>
/// <param name="Kind">Names the handler: <c>project.import</c>, <c>deploy.build</c>, <c>deploy.start</c>, <c>deploy.stop</c>, <c>gates.smoke</c>.</param>
/// <param name="PayloadJson">The handler's argument, a JSON object.</param>
/// <param name="TimeLimit">Of one attempt.</param>
/// <param name="RunAt">Not before this time; null for now.</param>
/// <param name="Group">Jobs of one group can be cancelled together, e.g. <c>release/…/3</c>.</param>
public sealed record EnqueueJob(string Kind, string PayloadJson, TimeSpan TimeLimit, int MaxAttempts = 3, DateTimeOffset? RunAt = null, string? Group = null) : Effect;

/// <summary>Cancels what is queued or running in a group, except the kinds named.</summary>
public sealed record CancelJobs(string Group, string[]? ExceptKinds = null) : Effect;

/// <summary>The absolute routes of one environment; the router refuses an older revision.</summary>
public sealed record SetRoutes(EnvironmentRoutes Routes) : Effect;

/// <summary>A command for another grain, as JSON of its command type; the receiver is idempotent by the effect's id.</summary>
public sealed record Tell(string GrainKey, string CommandJson) : Effect;

/// <summary>An effect with its identity, as it is stored in the outbox.</summary>
/// <param name="Id"><c>grain-key@version.index</c></param>
public sealed record OutboxEntry(string Id, Effect Effect);
