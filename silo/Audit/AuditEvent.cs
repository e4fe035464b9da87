namespace ProdSprint.Audit;

/// <summary>What is to be written to the audit log; number, time and chain are the database's.</summary>
/// <param name="Actor">Who: <c>user:ana</c>.</param>
/// <param name="Credential">By what they were known: <c>development</c>, a session, a token (its id, never its secret).</param>
/// <param name="Action">The operation's name in the API: <c>AbortRelease</c>.</param>
/// <param name="Resource">Path below <c>/v1</c>: <c>projects/shop/releases/3</c>.</param>
/// <param name="Outcome"><c>requested</c>, then <c>accepted</c>, <c>refused: CODE</c> or <c>failed</c>; <c>read</c>, <c>exported</c>.</param>
/// <param name="Before">Digest of the resource as it was; null: there was none, or it has no stored form.</param>
/// <param name="After">Digest of the resource afterwards.</param>
/// <param name="Request">The request's id: joins what was requested with what came of it, and both with the logs.</param>
/// <param name="Origin">Address it came from. Personal: erasable, never part of a log line.</param>
/// <param name="Agent">The program that sent it. Personal.</param>
public sealed record AuditEvent(
    string Actor, string Credential, string Action, string Resource, string Outcome, string? Before, string? After, string? Reason, string Request, string? Origin, string? Agent);

/// <summary>A row as it stands.</summary>
/// <param name="Personal">Salted digest of origin and agent.</param>
/// <param name="Salt">Null: erased. Then the digest stands for what nobody can read any more.</param>
public sealed record AuditRow(
    string Workspace, long Seq, DateTimeOffset At, AuditEvent Event, byte[] Personal, byte[] Previous, byte[] Hash, byte[]? Salt);

/// <summary>The chain's end: note it down somewhere else, and nobody can rewrite what came before it unseen.</summary>
public sealed record AuditHead(long Seq, string Hash);

/// <param name="Seq">The row it was seen at.</param>
/// <param name="Kind"><c>altered</c>, <c>removed</c>, <c>reordered</c>, <c>cut-off</c>, <c>rewritten</c>, <c>unsealed</c> (it is said to be archived, and no server says so) or <c>elsewhere</c> (the noted row lies in an archive).</param>
public sealed record AuditFault(long Seq, string Kind, string Detail);
