using System.Text.Json;

namespace ProdSprint.Projects;

/// <summary>One row of the timeline, as <c>TimelineReads</c> writes it. Times are UTC.</summary>
/// <param name="Seq">Rising; a cursor.</param>
/// <param name="Id">The grain's key, the version of its state and the place within that change.</param>
/// <param name="Kind">The event's name: <c>release.step-started</c>.</param>
/// <param name="Actor"><c>user:ana</c>, <c>system:judge</c>.</param>
/// <param name="Diff">Where to see what changed: <c>commit:abc..def</c>, <c>plan:default/shop/3</c>.</param>
/// <param name="Body">The event itself.</param>
public sealed record TimelineRow(
    long Seq, string Id, DateTimeOffset At, string Kind, string Actor, string? Reason, string Text, string? Diff, string Key, long Version,
    string? Project, int? Release, JsonElement Body);
