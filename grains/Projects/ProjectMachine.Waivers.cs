using System.Collections.Immutable;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>Waivers: who answers for what, until when. They end by themselves; what ended stays to be read.</summary>
public static partial class ProjectMachine
{
    private static Decision<ProjectEvent> Waive(Project p, CreateWaiver c, DateTimeOffset now) => WaiverChecks.Create(p, c, now) is { } no
        ? Refuse(no)
        : Told(p, new WaiverCreated(new(p.LastWaiver + 1, c.Covers, c.Subject.Trim(), c.Package?.Trim(), c.Reason!.Trim(), c.Ticket.Trim(), c.Expires, c.By.Id, now), c.By.Id, c.Reason));

    private static Decision<ProjectEvent> Revoke(Project p, RevokeWaiver c, DateTimeOffset now) => WaiverChecks.Revoke(p, c, now) is { } no
        ? Refuse(no)
        : Told(p, new WaiverRevoked(c.Number, now, c.By.Id, c.Reason));

    private static Decision<ProjectEvent> KnowAdvisories(Project p, ProjectCommand c) => p.Advisories ? Decision<ProjectEvent>.Nothing : Told(p, new AdvisoriesKnown(c.By.Id, c.Reason));

    /// <summary>The release in flight judges its next step by it. An expiry it sees by itself.</summary>
    private static Decision<ProjectEvent> Told(Project p, ProjectEvent changed) => p.Active is { } active
        ? Of(changed, TellRelease(p, active.Number, new TellGateFacts(Facts(Apply(p, changed)) ?? new(p.GateRevision + 1, p.Advisories, []), Actor.System("project"), null)))
        : Of(changed);

    /// <summary>Null when there is nothing to tell: then a release is as it was before there were gates of this kind.</summary>
    private static GateFacts? Facts(Project p)
    {
        ImmutableArray<GateWaiver> valid = [.. p.Waivers.Where(w => w.State == WaiverState.Valid)];
        return valid.IsEmpty && !p.Advisories ? null : new(p.GateRevision, p.Advisories, valid);
    }

    /// <summary>A boundary of a freeze window or the end of a waiver has come; both may have.</summary>
    private static Decision<ProjectEvent> Tick(Project p, ProjectTick c, DateTimeOffset now)
    {
        ImmutableArray<int> over = [.. p.Waivers.Where(w => w.State == WaiverState.Valid && w.Expires <= now).Select(w => w.Number).Order()];
        if (over.IsEmpty) return FreezeBoundary(p, c, now);
        var expired = new WaiversExpired(over, c.By.Id, null);
        return Then(expired, FreezeBoundary(Apply(p, expired), c, now));
    }

    private static Project Ended(Project p, Func<GateWaiver, bool> which, Func<GateWaiver, GateWaiver> end)
    {
        var all = p.Waivers.Select(w => which(w) ? end(w) : w).ToList();
        var kept = all.Where(w => w.State != WaiverState.Valid).OrderByDescending(w => w.Number).Take(WaiverChecks.EndedKept).Select(w => w.Number).ToHashSet();
        return p with { GateRevision = p.GateRevision + 1, Waivers = [.. all.Where(w => w.State == WaiverState.Valid || kept.Contains(w.Number))] };
    }
}
