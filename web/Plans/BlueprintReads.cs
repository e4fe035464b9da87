using System.Collections.Immutable;
using ProdSprint.Data;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Plans.Blueprints.Risk;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Telemetry;

namespace ProdSprint.Plans;

/// <summary>What a blueprint is made of: the plan with its audit, what is approved beside it, and how the project's releases went.</summary>
public sealed class BlueprintReads(ViewReads views, DocumentStore documents, OpaProgram opa, UsageLog usage, TestRunStore runs, RightsizingOptions sizing)
{
    /// <summary>Releases that the risk learns from, newest first.</summary>
    private const int Releases = 100;

    public async Task<(PlanView View, PlanDocument Plan, AuditReport Audit, ProjectView Project)> PlanAsync(string workspace, string project, int? number, CancellationToken cancellation)
    {
        var projectView = await ReadAsync<ProjectView>(workspace, GrainKeys.Project(workspace, project), cancellation) ?? throw ProjectNames.Missing(project);
        var wanted = number ?? projectView.LastPlan;
        var view = await ReadAsync<PlanView>(workspace, GrainKeys.Plan(workspace, project, wanted), cancellation)
            ?? throw ProblemException.NotFound("plan", $"{project}/{wanted}", $"Make one: prodsprint plan --project {project}");
        return await DocumentsAsync(workspace, view, cancellation) is { } both ? (view, both.Plan, both.Audit, projectView)
            : throw new ProblemException(StatusCodes.Status409Conflict, "plan.not-ready", "Not planned yet", $"Plan {wanted} of {project} is {view.Status.ToString().ToLowerInvariant()}.", $"Wait for it, or plan again: prodsprint plan --project {project}");
    }

    /// <summary>The rules' results with those of Open Policy Agent beside them, where it is installed.</summary>
    public async Task<Blueprint> CheckedAsync(Blueprint made, string profile, PlanDocument plan, AuditReport audit, CancellationToken cancellation) =>
        made with { Policies = await opa.BesideAsync(profile, made.Policies, new(plan, audit, made.Infrastructure), cancellation) };

    public RightsizingOptions Sizing => sizing;

    /// <summary>What the project's services were seen to use here; null: nothing yet.</summary>
    public async Task<ObservedUse?> UseAsync(string workspace, string project, DateTimeOffset now, CancellationToken cancellation)
    {
        var hours = await usage.ReadAsync(workspace, project, null, UsageHour.Of(now.AddDays(-sizing.Days)), cancellation);
        return hours.Count == 0 ? null : ObservedUse.Of(now, hours, await usage.LastRequestAsync(workspace, project, "production", cancellation));
    }

    /// <summary>The newest approved plan before this one; null when there is none.</summary>
    public async Task<(PlanDocument Plan, AuditReport Audit)?> ApprovedAsync(string workspace, string project, int before, CancellationToken cancellation)
    {
        for (var (after, page) = ((string?)null, 0); page < 10; page++)
        {
            var (items, next) = await views.ListAsync(workspace, new("plan", project, after, Page.MaxLimit), cancellation);
            foreach (var plan in items.Select(KernelJson.Read<PlanView>))
                if (plan.Number < before && plan.Status == PlanStatus.Approved) return await DocumentsAsync(workspace, plan, cancellation);
            if ((after = next) is null) break;
        }
        return null;
    }

    /// <summary>Null when the plan was made before changes were looked at.</summary>
    public async Task<RiskAssessment?> RiskAsync(string workspace, PlanView plan, CancellationToken cancellation)
    {
        if (await ChangeAsync(workspace, plan.ChangeDigest, cancellation) is not { } change) return null;
        var seen = await CoverageAsync(workspace, plan.Project, cancellation);
        return RiskScore.Of(change, await HistoryAsync(workspace, plan.Project, seen, cancellation), CoverageDelta.Of(seen, change.Base, change.Commit), plan.RequestedAt);
    }

    private async Task<IReadOnlyList<CoverageSeen>> CoverageAsync(string workspace, string project, CancellationToken cancellation) =>
        [.. (await runs.RunsAsync(workspace, project, null, Releases, cancellation)).Select(r => new CoverageSeen(r.Commit, r.At, r.Coverage))];

    /// <summary>Oldest first, each with what would have been predicted from those before it: so a prediction needs no storing, and is never made with hindsight.</summary>
    private async Task<ImmutableArray<ReleaseRecord>> HistoryAsync(string workspace, string project, IReadOnlyList<CoverageSeen> seen, CancellationToken cancellation)
    {
        var (items, _) = await views.ListAsync(workspace, new("release", project, null, Releases, Ended: true), cancellation);
        var history = ImmutableArray.CreateBuilder<ReleaseRecord>();
        foreach (var release in items.Select(KernelJson.Read<ReleaseView>).Where(r => r.Kind == ReleaseKind.Normal && r.EndedAt is not null).OrderBy(r => r.EndedAt).ThenBy(r => r.Number))
        {
            if (release.Outcome is not (ReleaseOutcome.Promoted or ReleaseOutcome.FastPromoted or ReleaseOutcome.RolledBack or ReleaseOutcome.FastRolledBack or ReleaseOutcome.Aborted or ReleaseOutcome.Failed)) continue;
            // What never met a user says nothing of how changes fare with them: a build that failed is not taken back.
            if (!HadTraffic(release)) continue;
            var plan = await ReadAsync<PlanView>(workspace, GrainKeys.Plan(workspace, project, release.PlanNumber), cancellation);
            var change = await ChangeAsync(workspace, plan?.ChangeDigest, cancellation);
            double? predicted = change is null ? null : RiskScore.Of(change, history.ToImmutable(), CoverageDelta.Of([.. seen.Where(s => s.At <= release.StartedAt)], change.Base, change.Commit), plan!.RequestedAt).Probability;
            history.Add(new(release.Number, release.Outcome is not (ReleaseOutcome.Promoted or ReleaseOutcome.FastPromoted), change is null ? [] : [.. change.Files.Select(f => f.Path)], predicted, release.EndedAt!.Value));
        }
        return history.ToImmutable();
    }

    private static bool HadTraffic(ReleaseView release) => release.Stages.Any(s => s.StartedAt is not null && s.Name is not ("apply" or "staging" or "gates" or "approval"));

    private async Task<(PlanDocument Plan, AuditReport Audit)?> DocumentsAsync(string workspace, PlanView view, CancellationToken cancellation) =>
        view is { Document: { } document, AuditDigest: { } digest } && await documents.GetAsync(workspace, digest, cancellation) is { } audit ? (document, AuditJson.Read(audit)) : null;

    private async Task<ChangeFacts?> ChangeAsync(string workspace, string? digest, CancellationToken cancellation) =>
        digest is not null && await documents.GetAsync(workspace, digest, cancellation) is { } json ? CanonicalJson.Read<ChangeFacts>(json) : null;

    private async Task<T?> ReadAsync<T>(string workspace, string key, CancellationToken cancellation) where T : class =>
        await views.GetAsync(workspace, key, cancellation) is { } json ? KernelJson.Read<T>(json) : null;
}
