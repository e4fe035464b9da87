using System.Collections.Immutable;
using ProdSprint.Data;
using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Plans;
using ProdSprint.Secrets;

namespace ProdSprint.Projects;

/// <summary>Brings the mirror up to date, audits the commit and makes the plan. Reads files; executes nothing of the repository.</summary>
public sealed class PlanHandler(ProjectMirrors mirrors, DocumentStore documents, SecretStore secrets, PerformanceStore performance, OpaProgram opa, TimeProvider time) : IJobHandler
{
    public string Kind => ProjectJobs.Plan;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<PlanRequest>();
        try
        {
            context.Progress(10, $"fetching {request.Source}");
            var repository = await mirrors.ImportAsync(request.Workspace, request.Project, request.Source, cancellation);
            var commit = await repository.ResolveAsync(request.Ref, cancellation);
            var info = await repository.CommitAsync(commit, cancellation);
            var version = await VersionAsync(repository, request.Ref, commit, cancellation);
            context.Progress(50, $"auditing {version}");
            using var tree = await repository.TreeAsync(commit, cancellation);
            var report = Auditor.Run(tree);
            var auditDigest = await documents.PutAsync(request.Workspace, "audit", AuditJson.Write(report), cancellation);
            // so that what would be put under load can be read before there is a release
            await performance.KeepRoutesAsync(request.Workspace, request.Project, commit, RouteFiles.Read(tree), time.GetUtcNow(), cancellation);
            context.Progress(80, "comparing with what is served");
            var change = await ChangeReader.ReadAsync(repository, request.Serving, info, cancellation);
            var changeDigest = await documents.PutAsync(request.Workspace, "change", CanonicalJson.Write(change), cancellation);
            context.Progress(90, "planning");
            var profile = PolicyProfiles.Find(request.Profile)
                ?? throw new JobFailedException($"There is no policy profile '{request.Profile}'.", $"use one of: {string.Join(", ", PolicyProfiles.Names)}");
            var draft = PlanBuilder.Draft(report, profile, Provided(request, await secrets.ListAsync(request.Workspace, request.Project, cancellation)), request.Care);
            var facts = PlanPolicies.Facts(request.Project, draft, report);
            var plan = PlanBuilder.Complete(draft, await opa.BesideAsync(draft.Policy.Name, PlanPolicies.Check(facts), facts, cancellation), request.Previous);
            return JobContext.Write(new PlanResult(commit, version, info.AuthorName, info.Subject, plan, auditDigest, Summary(report, plan)) { ChangeDigest = changeDigest });
        }
        catch (GitProblem e)
        {
            throw new JobFailedException(e.Message, "prodsprint plan --ref REF", retry: e.Code == "git.timeout", inner: e);
        }
    }

    /// <summary>The tag when the ref names one, or the only tag at the commit; else the short commit.</summary>
    private static async Task<string> VersionAsync(GitRepository repository, string? reference, string commit, CancellationToken cancellation)
    {
        var tags = (await repository.ReferencesAsync(cancellation)).Where(r => r.IsTag && r.Commit == commit).Select(r => r.Name).ToArray();
        var tag = tags.Contains(reference) ? reference! : tags.Length == 1 ? tags[0] : null;
        return tag is not null && tag.Length <= 64 && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+') ? tag : commit[..10];
    }

    /// <summary>Names only: variables of the project, secrets of the environment, and what its infrastructure gives.</summary>
    private static Dictionary<string, ImmutableHashSet<string>> Provided(PlanRequest request, IReadOnlyList<SecretView> secrets)
    {
        var names = request.Variables.Keys.ToImmutableHashSet();
        return PlanBuilder.Environments.ToDictionary(e => e, e =>
        {
            var there = names.Union(secrets.Where(s => s.Environment == e).Select(s => s.Name));
            return request.Standing.IsDefault || !request.Standing.Contains(e) ? there : there.Add(Infrastructure.InfrastructureVariables.DatabaseUrl);
        });
    }

    private static string Summary(AuditReport report, PlanDocument plan)
    {
        var deployed = plan.Environments[0].Services;
        var services = deployed.Select(s => $"{s.Name} ({string.Join(", ", new string?[] { s.Language, s.Framework, s.PackageManager }.Where(x => x is not null))})");
        var blocking = report.Gaps.Count(g => g.Severity == GapSeverity.Blocking);
        return $"{deployed.Length} service{(deployed.Length == 1 ? "" : "s")}: {string.Join("; ", services)}; {report.Tree.Files} files, {report.Gaps.Length} gaps, {blocking} blocking";
    }
}
