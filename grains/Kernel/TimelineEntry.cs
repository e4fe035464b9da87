namespace ProdSprint.Kernel;

/// <summary>One row of the append-only timeline: what happened, who did it, why, and where to see what changed.</summary>
/// <param name="Id"><c>grain-key@version.index</c>; the second insert of one id does nothing.</param>
/// <param name="Kind">The event's name in kebab case: <c>release.step-started</c>.</param>
/// <param name="Text">One plain sentence with numbers and units.</param>
/// <param name="Diff">A reference to what changed: <c>commit:abc..def</c>, <c>plan:default/shop/3</c>, <c>artifact:sha256:…</c>.</param>
/// <param name="BodyJson">The event as JSON.</param>
public sealed record TimelineEntry(
    string Id, string GrainKey, long Version, int Index, DateTimeOffset At, string Kind, string Actor, string? Reason, string Text, string? Diff, string BodyJson);
