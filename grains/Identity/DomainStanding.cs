namespace ProdSprint.Identity;

/// <summary>What becomes of a proven domain whose record is looked for once a day: two weeks without it, and people are told; two more, and it leads nowhere until it is proven anew.</summary>
public static class DomainStanding
{
    /// <summary>Looks in a row without the record. Who moves a zone to another provider forgets such a record, and needs time to be told.</summary>
    public const int Warned = 14, Lapsed = 28;

    /// <summary>Null: nothing to tell. A look that got no answer is none, and does not come here.</summary>
    public static string? Told(int missedBefore, int missedNow) => (missedBefore, missedNow) switch
    {
        ( < Lapsed, >= Lapsed) => "lapsed",
        ( < Warned, >= Warned) => "warned",
        ( >= Warned, 0) => "found",
        _ => null,
    };

    /// <summary>How many more looks without the record it leads on; null: there is nothing to worry about.</summary>
    public static int? DaysLeft(int missed) => missed is >= Warned and < Lapsed ? Lapsed - missed : null;
}
