namespace ProdSprint.Releases;

/// <summary>
/// Where the canary decides. Pure: the same policy and the same evidence give the same judgement, so a verdict can be replayed from the journal.
/// Two rules stand above every policy: a canary that was not seen is never Healthy, and a canary seen too little is not Healthy yet.
/// </summary>
public static class CanaryJudge
{
    /// <exception cref="ArgumentException">The policy's name is unknown.</exception>
    public static Judgement Judge(JudgePolicy policy, CanaryEvidence evidence)
    {
        var judgement = CanaryPolicies.Named(policy.Name).Judge(policy, evidence);
        if (judgement.Verdict != Verdict.Healthy || evidence.Canary.Requests >= Math.Max(1, policy.MinRequests)) return judgement;
        return judgement with
        {
            Verdict = Verdict.Inconclusive,
            Reason = $"The canary has answered {evidence.Canary.Requests} of the {Math.Max(1, policy.MinRequests)} requests this policy asks for before it calls anything healthy.",
        };
    }
}
