namespace ProdSprint.Releases;

/// <summary>One way to read canary evidence. Pure: no clock, no I/O, no randomness.</summary>
public interface ICanaryPolicy
{
    Judgement Judge(JudgePolicy policy, CanaryEvidence evidence);
}
