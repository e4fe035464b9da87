namespace ProdSprint.Releases;

/// <summary>What the judge said at one moment of a step, from everything seen since the step began.</summary>
/// <param name="At">End of the last second that counted.</param>
/// <param name="Step">From 0.</param>
[GenerateSerializer, Immutable, Alias("releases.JudgeLook")]
public sealed record JudgeLook([property: Id(0)] DateTimeOffset At, [property: Id(1)] int Step, [property: Id(2)] Judgement Judgement);
