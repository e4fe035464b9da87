namespace ProdSprint.Releases;

/// <summary>How a release ended, in a sentence.</summary>
internal static class ReleaseOutcomeText
{
    public static string InWords(this ReleaseOutcome outcome) => outcome switch
    {
        ReleaseOutcome.Promoted => "promoted",
        ReleaseOutcome.FastPromoted => "promoted at once",
        ReleaseOutcome.RolledBack => "rolled back",
        ReleaseOutcome.FastRolledBack => "rolled back at once",
        ReleaseOutcome.Superseded => "superseded",
        ReleaseOutcome.Aborted => "aborted",
        _ => "failed",
    };
}
