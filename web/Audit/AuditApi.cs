using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Audit;

/// <summary>The audit log of a workspace: look, export, verify. Looking leaves a row as well.</summary>
public static class AuditApi
{
    /// <summary>The seal that an archive ends with, as it stands there.</summary>
    public sealed record PruneBody(long From, long To, long Rows, string Anchor, string Head, string Seal, string? Reason = null) : IReasoned;

    /// <param name="Person">Whose rows: a name, or an actor's id.</param>
    /// <param name="Until">Only what was written before this time; all when left out.</param>
    public sealed record EraseBody(string Person, string Reason, DateTimeOffset? Until = null) : IReasoned;

    public static void MapAuditApi(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/v1/admin/audit-logs").WithTags("Audit");
        audit.MapGet("", List).WithName("ListAuditLog").WithSummary("Who did what, newest first").Refuses(422, "page.bad-limit", "page.bad-cursor");
        audit.MapGet("export", Export).WithName("ExportAuditLog").WithSummary("All of it, oldest first, as JSON lines or CSV")
            .Produces<string>(StatusCodes.Status200OK, "application/jsonl", "text/csv").WithMetadata(new InTier(RateTier.Heavy)).Refuses(422, "audit.bad-archive");
        audit.MapGet("verify", Verify).WithName("VerifyAuditLog").WithSummary("Finds any row that was altered, removed or reordered").WithMetadata(new InTier(RateTier.Heavy)).Refuses(422, "audit.bad-head");
        audit.MapPost("prune", Prune).WithName("PruneAuditLog").WithSummary("Takes what lies in a sealed archive out of the database; the chain goes on from its end").WithMetadata(new InTier(RateTier.Heavy))
            .Refuses(409, "audit.not-archived").Refuses(422, "audit.bad-seal");
        audit.MapPost("erase", Erase).WithName("EraseAuditPerson").WithSummary("Erases from where and with which program somebody acted; what they did stays, and the chain is as it was").WithMetadata(new InTier(RateTier.Heavy))
            .Refuses(422, "audit.no-person", "audit.no-reason");
    }

    private static async Task<AuditErased> Erase(EraseBody body, Caller caller, AuditLog log, HttpContext http, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(body.Person)) throw ProblemException.Invalid("audit.no-person", "'person' is empty.", "Name whose rows: ana, or service:deployer");
        if (string.IsNullOrWhiteSpace(body.Reason)) throw ProblemException.Invalid("audit.no-reason", "'reason' is empty.", "Say why: it stays in the audit log");
        var (actor, upTo) = (ActorOf(body.Person), body.Until is { } until ? $" before {until.ToUniversalTime():O}" : "");
        AuditTrail.Changed(http, $"origin and agent of {actor}{upTo}", null);
        var rows = await log.EraseAsync(caller.Workspace, actor, body.Until, cancellation);
        AuditTrail.Changed(http, $"origin and agent of {actor}{upTo}", $"erased in {rows} rows");
        return new(actor, rows);
    }

    private static string ActorOf(string person) => person.Contains(':') ? person : Actor.User(person).Id;

    private static async Task<AuditPruned> Prune(PruneBody body, Caller caller, AuditLog log, AuditRetention retention, TimeProvider time, CancellationToken cancellation)
    {
        var seal = new AuditSeal(caller.Workspace, body.From, body.To, body.Rows, body.Anchor, body.Head, body.Seal);
        if (!seal.IsOf(log.SealKey)) throw ProblemException.Invalid("audit.bad-seal", "This is no seal of this server's for this workspace.", "Give the last line of the archive as it stands: prodsprint audit-log prune FILE");
        return await log.PruneAsync(caller.Workspace, new(seal.To, seal.Head), time.GetUtcNow() - retention.Keep, caller.Actor.Id, cancellation: cancellation) is { } rows ? new(rows, $"{seal.To}:{seal.Head}")
            : throw new ProblemException(StatusCodes.Status409Conflict, "audit.not-archived", "Not to be taken out", $"Row {seal.To} is not here any more, or is younger than {retention.Keep.TotalDays:0} days.",
                "Archive what is older: prodsprint audit-log archive FILE --until TIME");
    }

    private static async Task<AuditListed> List(
        string? user, string? action, string? resource, DateTimeOffset? from, DateTimeOffset? until, long? after, [Range(1, Page.MaxLimit)] int? limit,
        Caller caller, AuditLog log, AuditArchives archives, AuditTrail trail, HttpContext http, CancellationToken cancellation)
    {
        await trail.LookedAsync(http, caller, "read");
        var (rows, next) = await log.ListAsync(caller.Workspace, Filter(user, action, resource, from, until), after, Page.Limit(limit), cancellation);
        return new([.. rows.Select(r => KernelJson.Write(AuditLine.Of(r)))], next, after is null ? await archives.ReadAsync(caller.Workspace, cancellation) : null);
    }

    private static async Task<IResult> Export(
        [AllowedValues("json", "csv")] string? format, string? user, string? action, string? resource, DateTimeOffset? from, DateTimeOffset? until,
        [Description("true: with the server's seal as the last line; what is in it can be pruned afterwards")] bool? archive, Caller caller, AuditLog log, AuditTrail trail, HttpContext http)
    {
        var csv = format == "csv";
        await trail.LookedAsync(http, caller, "exported");
        if (archive == true && (csv || user is not null || action is not null || resource is not null || from is not null))
            throw ProblemException.Invalid("audit.bad-archive", "An archive is all there is up to a time, as JSON lines.", "Ask with 'until' alone");
        return new AuditExport(log, caller.Workspace, Filter(user, action, resource, from, until), csv, archive == true);
    }

    private static async Task<JsonBody<AuditVerdict>> Verify([Description("Where an earlier verification ended: SEQ:HASH")] string? head, Caller caller, AuditLog log, AuditTrail trail, HttpContext http, CancellationToken cancellation)
    {
        var noted = head is null ? null : ReadHead(head);
        await trail.LookedAsync(http, caller, "read");
        var (end, rows, faults) = await log.VerifyAsync(caller.Workspace, noted, cancellation);
        return JsonBody<AuditVerdict>.Of(new AuditVerdict(faults.Count == 0, rows, $"{end.Seq}:{end.Hash}", faults));
    }

    private static AuditHead ReadHead(string text) =>
        text.Split(':') is [var seq, { Length: 64 } hash] && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? new(n, hash)
            : throw ProblemException.Invalid("audit.bad-head", $"'{text}' is no head.", "Give it as verify printed it: SEQ:HASH");

    private static AuditFilter Filter(string? user, string? action, string? resource, DateTimeOffset? from, DateTimeOffset? until) =>
        new(user is null ? null : ActorOf(user), action, resource, from, until);
}

/// <param name="Head">Where the log ends, as <c>SEQ:HASH</c>: note it down elsewhere and give it to the next verification.</param>
public sealed record AuditVerdict(bool Intact, long Rows, string Head, IReadOnlyList<AuditFault> Faults);

/// <param name="Head">The chain goes on from here.</param>
public sealed record AuditPruned(long Rows, string Head);

/// <param name="Rows">Of so many rows; those that were erased before are not counted.</param>
public sealed record AuditErased(string Actor, long Rows);

/// <param name="Archives">What of the log is not here any more, or should not be; only on the first page.</param>
public sealed record AuditPage(IReadOnlyList<AuditLine> Items, string? Next, AuditArchiveState? Archives);

internal sealed class AuditListed(IReadOnlyList<string> items, string? next, AuditArchiveState? archives) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext context) => Answers.WritePage(context, typeof(AuditLine), items, next, $",\"archives\":{(archives is null ? "null" : KernelJson.Write(archives))}");

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Answers.Describe<AuditPage>(builder);
}
