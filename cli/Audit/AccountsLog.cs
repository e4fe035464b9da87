using System.Text.Json.Nodes;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Audit;

/// <summary>
/// The chain of what belongs to no workspace: sign-ins, and what became of sessions. No workspace's Admin may read it, so it is read at the machine; that it was read stands in it
/// as well.
/// </summary>
internal static class AccountsLog
{
    public static Task<JsonNode> ListAsync(AuditFilter filter, int limit, CancellationToken cancellation) => ReadAsync(async log =>
    {
        var (rows, next) = await log.ListAsync(AuditTrail.Accounts, filter, null, limit, cancellation);
        return new { items = rows.Select(AuditLine.Of), next };
    }, cancellation);

    public static Task<JsonNode> VerifyAsync(AuditHead? noted, CancellationToken cancellation) => ReadAsync(async log =>
    {
        var (head, rows, faults) = await log.VerifyAsync(AuditTrail.Accounts, noted, cancellation);
        return new { intact = faults.Count == 0, rows, head = $"{head.Seq}:{head.Hash}", faults };
    }, cancellation);

    /// <summary>What is to be erased is on the record before anything is.</summary>
    public static Task<JsonNode> EraseAsync(string person, DateTimeOffset? until, string reason, CancellationToken cancellation)
    {
        var actor = person.Contains(':') ? person : Actor.User(person).Id;
        return AtTheMachine.DoAsync(async database =>
        {
            var log = new AuditLog(database);
            var asked = AtMachine("EraseAuditPerson", "requested") with { Before = $"origin and agent of {actor}{(until is { } t ? $" before {t.ToUniversalTime():O}" : "")}", Reason = reason };
            await log.AppendAsync(AuditTrail.Accounts, asked, cancellation);
            var rows = await log.EraseAsync(AuditTrail.Accounts, actor, until, cancellation);
            await log.AppendAsync(AuditTrail.Accounts, asked with { Outcome = "accepted", After = $"erased in {rows} rows" }, CancellationToken.None);
            return System.Text.Json.JsonSerializer.SerializeToNode(new { actor, rows }, KernelJson.Options)!;
        }, cancellation);
    }

    private static AuditEvent AtMachine(string action, string outcome) =>
        new("system:machine", "machine", action, "sign-in", outcome, null, null, null, Guid.CreateVersion7().ToString("N"), null, $"{Environment.UserName} at {Environment.MachineName}");

    private static Task<JsonNode> ReadAsync<T>(Func<AuditLog, Task<T>> read, CancellationToken cancellation) => AtTheMachine.DoAsync(async database =>
    {
        var log = new AuditLog(database);
        await log.AppendAsync(AuditTrail.Accounts, AtMachine("ReadAccountsLog", "read"), cancellation);
        return System.Text.Json.JsonSerializer.SerializeToNode(await read(log), KernelJson.Options)!;
    }, cancellation);
}
