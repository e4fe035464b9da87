using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>How a project and what happens to it read to people.</summary>
internal static class ProjectViews
{
    public static ProjectView View(Project p, string key, long version, DateTimeOffset now) => new(
        key, p.Workspace, p.Id, p.Source, StateOf(p), p.DefaultBranch, p.Head, p.Problem, p.Stable, p.Active?.Number, p.Pending?.Plan,
        p.Queued?.Spec.Number, p.LastPlan, p.LastRelease, p.LastOutcome, [.. p.Good.Select(g => g.Version)], p.Freeze, (p.ClosedAt(now) ?? p.FrozenAt(now)) is not null,
        p.CreatedAt, version)
    {
        Variables = [.. p.Variables.Keys.Order(StringComparer.Ordinal)],
        Advisories = p.Advisories,
        WorkspaceFreeze = p.WorkspaceFreeze,
    };

    public static TimelineFact Fact(ProjectEvent happened, Project p)
    {
        TimelineFact Fact(string kind, string text, string? diff = null) => new($"project.{kind}", happened.By, happened.Reason, text, diff);
        return happened switch
        {
            ImportStarted e => Fact("import-started", $"Import of {e.Source} started"),
            Imported e => Fact("imported", $"Imported {e.Commits} commits, {e.DefaultBranch} at {Short(e.Head)}", $"commit:{e.Head}"),
            ImportFailed e => Fact("import-failed", $"The import failed: {e.Problem}"),
            PlanRequested e => Fact("plan-requested", $"Plan {e.Number} of {e.Ref ?? p.DefaultBranch} asked for", Plan(p, e.Number)),
            PlanAccepted e => Fact("plan-accepted", $"Plan {e.Number} ({e.Version}) is the approved plan", Plan(p, e.Number)),
            PlanGaveUp e => Fact("release-gave-up", $"The release waiting for plan {e.Number} was dropped", Plan(p, e.Number)),
            ReleaseRequested e => Fact("release-requested", $"A release was asked for; it waits for plan {e.Plan}", Plan(p, e.Plan)),
            ReleaseQueued e => Fact("release-queued", $"Release {e.Spec.Number} ({e.Spec.Version}) takes over as soon as release {e.Active} has let go", Diff(e.Spec)),
            ReleaseStarted e => Fact("release-started", $"Release {e.Spec.Number} of {e.Spec.Version} started, production serves {e.Spec.Stable?.Version ?? "nothing yet"}", Diff(e.Spec)),
            ReleaseFinished e => Fact("release-finished", $"Release {e.Number} ended: {e.Outcome.InWords()}; production serves {e.Stable?.Version ?? p.Stable?.Version ?? "nothing"}"),
            RollbackAsked e => Fact("rollback-asked", $"Release {e.Release} was told to go back to {e.Version}"),
            StableMoved { Address: null } => Fact("stable-lost", $"The process of {p.Stable?.Version} in production does not run"),
            StableMoved e => Fact("stable-moved", $"{p.Stable?.Version} in production answers at {e.Address}"),
            FreezeWindowsSet e => Fact("freeze-windows-set", e.Windows.IsEmpty ? "No freeze windows any more" : $"{e.Windows.Length} freeze window{(e.Windows.Length == 1 ? "" : "s")} set"),
            WorkspaceFreezeFollowed e => Fact("workspace-freeze-set", e.Windows.IsEmpty ? "No freeze windows of the workspace any more" : $"{e.Windows.Length} freeze window{(e.Windows.Length == 1 ? "" : "s")} of the workspace hold here"),
            FreezeChanged { Until: { } until, ClosedUntil: null } => Fact("frozen", $"Production is frozen until {until:yyyy-MM-dd HH:mm} UTC; releases wait at its door"),
            FreezeChanged { Until: { } until } => Fact("frozen", $"Frozen until {until:yyyy-MM-dd HH:mm} UTC"),
            FreezeChanged { ClosedUntil: { } until } => Fact("frozen", $"No release begins until {until:yyyy-MM-dd HH:mm} UTC"),
            FreezeChanged => Fact("thawed", "No freeze window is open any more"),
            WaiverCreated { Waiver: var w } => Fact("waiver-created", $"{w.By} waived {Waived(w)} until {w.Expires:yyyy-MM-dd HH:mm} UTC ({w.Ticket})"),
            WaiverRevoked e => Fact("waiver-revoked", $"Waiver {e.Number} of {Waived(p.Waivers.First(w => w.Number == e.Number))} was revoked"),
            WaiversExpired e => Fact("waivers-expired", $"Expired: {string.Join(", ", p.Waivers.Where(w => e.Numbers.Contains(w.Number)).Take(10).Select(w => $"waiver {w.Number} of {Waived(w)}"))}{(e.Numbers.Length > 10 ? $" and {e.Numbers.Length - 10} more" : "")}"),
            AdvisoriesKnown => Fact("advisories-known", "Releases are held against advisories from now on"),
            InfrastructurePlanRequested e => Fact("infrastructure-plan-requested", $"A plan {(e.Destroy ? "to take away" : "of")} the infrastructure of {e.Environment} was asked for"),
            DriftLearned { Stands: false } e => Fact("infrastructure-gone", $"{e.Environment} has no infrastructure of its own any more"),
            DriftLearned { Detail: null } e => Fact("infrastructure-stands", $"The infrastructure of {e.Environment} is as it was applied, or somebody answers for what is not"),
            DriftLearned e => Fact("drifted", e.Detail!),
            VariablesSet e => Fact("variables-set", $"Variables are now: {string.Join(", ", e.Values.Keys.Order())}"),
            _ => Fact("changed", happened.GetType().Name),
        };
    }

    /// <summary>As it is at this moment: the tick that ends a waiver may be a moment late.</summary>
    public static WaiverList Waivers(Project p, DateTimeOffset now) =>
        new([.. p.Waivers.OrderByDescending(w => w.Number).Select(w => w.State == WaiverState.Valid && !w.HoldsAt(now) ? w with { State = WaiverState.Expired } : w)]);

    private static string Waived(GateWaiver w) => $"{w.Covers.ToString().ToLowerInvariant()} {w.Subject}{(w.Package is { } package ? $" in {package}" : "")}";

    private static string StateOf(Project p) => p switch
    {
        { Import: ImportState.Importing } => ProjectStates.Importing,
        { Import: ImportState.Failed } => ProjectStates.ImportFailed,
        { Active: not null } => ProjectStates.Releasing,
        { Pending: not null } => ProjectStates.WaitingForPlan,
        { Stable: not null } => ProjectStates.Live,
        _ => ProjectStates.Imported,
    };

    private static string Plan(Project p, int number) => $"plan:{p.Workspace}/{p.Id}/{number}";

    private static string Diff(ReleaseSpec s) => s.Stable is { } stable ? $"commit:{stable.Commit}..{s.Commit}" : $"commit:{s.Commit}";

    private static string Short(string commit) => commit[..Math.Min(8, commit.Length)];
}
