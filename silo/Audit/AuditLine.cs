namespace ProdSprint.Audit;

/// <summary>A row as people and exports see it. Hashes in hex; with all of them an export can be verified without the database.</summary>
public sealed record AuditLine(
    long Seq, DateTimeOffset At, string Actor, string Credential, string Action, string Resource, string Outcome, string? Before, string? After, string? Reason,
    string Request, string? Origin, string? Agent, string Workspace, string Personal, string? Salt, string Previous, string Hash)
{
    public static AuditLine Of(AuditRow r) => new(
        r.Seq, r.At, r.Event.Actor, r.Event.Credential, r.Event.Action, r.Event.Resource, r.Event.Outcome, r.Event.Before, r.Event.After, r.Event.Reason,
        r.Event.Request, r.Event.Origin, r.Event.Agent, r.Workspace, Hex(r.Personal), r.Salt is null ? null : Hex(r.Salt), Hex(r.Previous), Hex(r.Hash));

    /// <exception cref="FormatException">A hash is not hex.</exception>
    public AuditRow Row() => new(
        Workspace, Seq, At, new(Actor, Credential, Action, Resource, Outcome, Before, After, Reason, Request, Origin, Agent),
        Convert.FromHexString(Personal), Convert.FromHexString(Previous), Convert.FromHexString(Hash), Salt is null ? null : Convert.FromHexString(Salt));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
