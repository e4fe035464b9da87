namespace ProdSprint.Kernel;

/// <summary>How an event reads in the timeline.</summary>
/// <param name="Kind">Kebab case with its capability: <c>release.step-started</c>.</param>
/// <param name="Text">One plain sentence with numbers and units.</param>
/// <param name="Diff">A reference to what changed: <c>commit:abc..def</c>, <c>plan:default/shop/3</c>, <c>artifact:sha256:…</c>.</param>
public sealed record TimelineFact(string Kind, string Actor, string? Reason, string Text, string? Diff = null);

/// <summary>The job that carries a command to another grain.</summary>
public sealed record TellJob(string GrainKey, string EffectId, string CommandJson)
{
    public const string Kind = "kernel.tell";
}
