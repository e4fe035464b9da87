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

    private static Task<JsonNode> ReadAsync<T>(Func<AuditLog, Task<T>> read, CancellationToken cancellation) => AtTheMachine.DoAsync(async database =>
    {
        var log = new AuditLog(database);
        await log.AppendAsync(AuditTrail.Accounts,
            new("system:machine", "machine", "ReadAccountsLog", "sign-in", "read", null, null, null, Guid.CreateVersion7().ToString("N"), null, $"{Environment.UserName} at {Environment.MachineName}"), cancellation);
        return System.Text.Json.JsonSerializer.SerializeToNode(await read(log), KernelJson.Options)!;
    }, cancellation);
}
