namespace ProdSprint.Identity;

/// <summary>What is known of a session when one of its refresh tokens is shown.</summary>
/// <param name="Generation">Of the newest refresh token; the first is 1.</param>
/// <param name="SinceRotated">How long the newest has been out.</param>
/// <param name="Over">Ended, idle for too long, or as old as a session may become.</param>
public sealed record FamilyState(int Generation, TimeSpan SinceRotated, bool Over);

public enum Refreshing
{
    /// <summary>The newest token: it is spent, and its successor handed out.</summary>
    Rotate,

    /// <summary>The one before the newest, just spent: its one successor is handed out once more. Two tabs, or an answer that got lost.</summary>
    Again,

    /// <summary>A token that was spent long ago: somebody kept a copy. Nobody knows who is who, so the whole family dies.</summary>
    Reused,

    /// <summary>Nothing to refresh any more.</summary>
    Over,
}

/// <summary>
/// The refresh tokens of one session form a family of which one is good at any time. Whoever shows one gets its successor, and there is only ever one successor:
/// a copied token is found out as soon as both the owner and the thief have used it.
/// </summary>
public static class SessionFamily
{
    /// <summary>How long a spent token is answered with its successor: long enough for a slow network's retry, too short to be of use in a mailbox or a log.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static Refreshing Decide(FamilyState family, int shown) => family switch
    {
        { Over: true } => Refreshing.Over,
        _ when shown == family.Generation => Refreshing.Rotate,
        _ when shown == family.Generation - 1 && family.SinceRotated <= Grace => Refreshing.Again,
        _ => Refreshing.Reused,
    };
}
