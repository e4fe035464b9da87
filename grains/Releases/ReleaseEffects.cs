using System.Collections.Immutable;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>What a release wants done to the outside. Routes are always absolute; jobs of one attempt form one group.</summary>
internal static class ReleaseEffects
{
    public const string Staging = "staging";
    public const string Production = "production";

    /// <summary>In-flight requests of a stopped version may take this long: longer than a page, shorter than a person's patience.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(30);

    /// <summary>For the queue, the checkout and a restart of the server in between.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan SmokeLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SupplyLimit = TimeSpan.FromMinutes(5);
    private const int StartAttempts = 2;
    private const int StopAttempts = 5;
    private const int SmokeRequestsPerPath = 20;

    public static ServicePlan? ServiceOf(ReleaseSpec spec, string environment) => spec.Plan.Service(environment, spec.Plan.Entry);

    /// <summary>Null when nothing is, so that a plan of before asks for its build as it did. Going back waits for nobody to set anything.</summary>
    private static ImmutableSortedDictionary<string, ImmutableArray<string>>? Given(ReleaseSpec spec)
    {
        if (spec.Kind != ReleaseKind.Normal) return null;
        var all = spec.Plan.Environments
            .Select(e => (e.Name, Names: e.Services.SelectMany(s => s.Variables.IsDefault ? [] : s.Variables).Where(v => v.State == VariableState.Provided).Select(v => v.Name).Distinct().Order(StringComparer.Ordinal).ToImmutableArray()))
            .Where(e => e.Names.Length > 0).ToImmutableSortedDictionary(e => e.Name, e => e.Names, StringComparer.Ordinal);
        return all.IsEmpty ? null : all;
    }

    public static EnqueueJob Build(Release s)
    {
        var request = new BuildRequest(s.Spec.Workspace, s.Spec.Project, s.Spec.Commit, ServiceOf(s.Spec, Production)!, s.Policy.Gates.Contains("tests"))
        {
            Companions = s.Spec.Plan.Companions(Production),
            Ref = s.Spec.Version,
            Given = Given(s.Spec),
        };
        var limit = request.Companions.Aggregate(request.Service.Limits.BuildDeadline, (sum, c) => sum + c.Limits.BuildDeadline);
        return new(DeployJobs.Build, KernelJson.Write(request), limit + Slack, Group: s.Group);
    }

    /// <summary>Null when there is nothing to migrate. An older version that comes back changes no schema: that goes forward only.</summary>
    public static EnqueueJob? Migrate(Release s, string environment)
    {
        if (s.IsRollback || s.Spec.Plan.Schema < 2) return null;
        ImmutableArray<ServicePlan> services = [.. s.Spec.Plan.Companions(environment).Append(ServiceOf(s.Spec, environment)!).Where(x => x.Migrate is not null)];
        if (services.IsEmpty) return null;
        var request = new MigrateRequest(s.Spec.Workspace, s.Spec.Project, environment, s.Spec.Number, s.Spec.Version, s.ArtifactDigest!, services)
        {
            AttestedCommit = environment == Production ? Attested(s) : null,
        };
        // once: what half a migration left behind is for a person to look at, not to be migrated over
        return new(DeployJobs.Migrate, KernelJson.Write(request), services.Aggregate(Slack, (sum, x) => sum + x.Limits.BuildDeadline), 1, Group: s.Group);
    }

    public static EnqueueJob StartStaging(Release s) =>
        Start(s, Staging, s.Spec.Number, s.Spec.Version, s.ArtifactDigest!, ServiceOf(s.Spec, Staging)!, s.Spec.Plan.Companions(Staging));

    public static EnqueueJob StartCandidate(Release s) =>
        Start(s, Production, s.Spec.Number, s.Spec.Version, s.ArtifactDigest!, ServiceOf(s.Spec, Production)!, s.Spec.Plan.Companions(Production), Attested(s));

    /// <summary>
    /// The commit that what gets its first traffic has to be attested for. Null on a way back: that artifact has served before, its bytes are held against
    /// its digest when it starts, and going back must not wait for a paper.
    /// </summary>
    public static string? Attested(Release s) => s.IsRollback ? null : s.Spec.Commit;

    /// <summary>By the stable version's own plan where it is known: the new plan may start another program.</summary>
    public static EnqueueJob StartStable(Release s)
    {
        var stable = s.Spec.Stable!;
        return Start(s, Production, stable.Release, stable.Version, stable.ArtifactDigest, stable.Service ?? ServiceOf(s.Spec, Production)!, stable.Companions);
    }

    public static EnqueueJob Smoke(Release s, string environment, string address)
    {
        var health = ServiceOf(s.Spec, environment)!.Health?.Path ?? "/";
        ImmutableArray<string> paths = health == "/" ? ["/"] : [health, "/"];
        // only in staging, where nobody is served: what is found there is put under load
        var subject = environment == Staging && !s.IsRollback && s.Policy.Performance is not { Seconds: 0 } ? new SmokeSubject(s.Spec.Workspace, s.Spec.Project, s.Spec.Commit) : null;
        return new(DeployJobs.Smoke, KernelJson.Write(new SmokeRequest(address, paths, SmokeRequestsPerPath) { Subject = subject }), SmokeLimit, 2, Group: s.Group);
    }

    public static EnqueueJob Performance(Release s, string routes) =>
        new(GateJobs.Performance,
            KernelJson.Write(new PerformanceRequest(s.Spec.Workspace, s.Spec.Project, s.Spec.Number, s.Spec.Commit, s.StagingAddress!, routes, s.Spec.Stable?.Commit, s.Policy.Performance)), SupplyLimit, 2, Group: s.Group);

    public static EnqueueJob Tests(Release s) =>
        new(GateJobs.Tests, KernelJson.Write(new TestsRequest(s.Spec.Workspace, s.Spec.Project, s.Spec.Commit, s.TestReport, s.Spec.Stable?.Commit, s.Policy.Coverage)), SupplyLimit, 2, Group: s.Group);

    public static EnqueueJob Supply(Release s) =>
        new(GateJobs.Supply, KernelJson.Write(new SupplyRequest(s.Spec.Workspace, s.Spec.Project, s.Spec.Commit, s.Policy.Licences)), SupplyLimit, 2, Group: s.Group);

    public static EnqueueJob StopStaging(Release s) => Stop(s, Staging, s.Spec.Number, s.Spec.Version);

    public static EnqueueJob StopCandidate(Release s) => Stop(s, Production, s.Candidate, s.Spec.Version);

    public static EnqueueJob StopFormer(Release s) => Stop(s, Production, s.Former!.Release, s.Former.Version);

    public static EnqueueJob StopStray(Release s, StableVersion stray) => Stop(s, Production, stray.Release, stray.Version);

    public static CancelJobs CancelWork(Release s) => new(s.Group, [DeployJobs.Stop]);

    /// <summary>When a stage that waits for this job has failed: every attempt has had its time.</summary>
    public static DateTimeOffset GivesUpAt(EnqueueJob job, DateTimeOffset now) => now + job.TimeLimit * job.MaxAttempts + Slack;

    /// <summary>Stable has what the new version has not. The stable backend is where requests go when the version chosen for them cannot be reached.</summary>
    public static SetRoutes Split(Release s, double candidatePercent, long revision)
    {
        var share = (int)Math.Round(candidatePercent / 100 * EnvironmentRoutes.FullWeight);
        return Routes(s, revision,
            new(s.Spec.Stable!.Version, s.StableAddress!, EnvironmentRoutes.FullWeight - share, true),
            new(CandidateName(s), s.CandidateAddress!, share, false));
    }

    public static SetRoutes AllToCandidate(Release s, long revision) =>
        Routes(s, revision, new BackendRoute(CandidateName(s), s.CandidateAddress!, EnvironmentRoutes.FullWeight, true));

    /// <summary>Nothing at all when there is no stable version: a first release that is taken back.</summary>
    public static SetRoutes AllToStable(Release s, long revision) => s.Spec.Stable is { } stable && s.StableAddress is { } address
        ? Routes(s, revision, new BackendRoute(stable.Version, address, EnvironmentRoutes.FullWeight, true))
        : Routes(s, revision);

    public static Tell TellProject(Release s, ProjectCommand command) =>
        new(GrainKeys.Project(s.Spec.Workspace, s.Spec.Project), KernelJson.Write(command));

    public static Tell TellRelease(Release s, int number, ReleaseCommand command) =>
        new(GrainKeys.Release(s.Spec.Workspace, s.Spec.Project, number), KernelJson.Write(command));

    /// <summary>A version that is released again while it is stable gets a name of its own, or the router could not tell the two apart.</summary>
    public static string CandidateName(Release s) => s.Spec.Stable?.Version == s.Spec.Version ? $"{s.Spec.Version}-r{s.Spec.Number}" : s.Spec.Version;

    private static SetRoutes Routes(Release s, long revision, params ImmutableArray<BackendRoute> backends) =>
        new(new(s.Spec.Workspace, s.Spec.Project, Production, revision, null, [], backends, RoutingOptions.Default));

    private static EnqueueJob Start(Release s, string environment, int release, string version, string digest, ServicePlan service, ImmutableArray<ServicePlan> companions, string? attested = null)
    {
        // What listens starts before the entry, all at once; workers settle in what is slack.
        var ready = Ready(service) + companions.Select(Ready).DefaultIfEmpty().Max();
        var request = new StartRequest(s.Spec.Workspace, s.Spec.Project, environment, release, version, digest, service) { Companions = companions, AttestedCommit = attested };
        return new(DeployJobs.Start, KernelJson.Write(request), ready + Slack, StartAttempts, Group: s.Group);
    }

    private static TimeSpan Ready(ServicePlan service) => service.Health?.StartDeadline ?? TimeSpan.FromMinutes(1);

    private static EnqueueJob Stop(Release s, string environment, int release, string version)
    {
        var grace = ServiceOf(s.Spec, Production)?.Limits.StopGrace ?? TimeSpan.FromSeconds(10);
        return new(DeployJobs.Stop,
            KernelJson.Write(new StopRequest(s.Spec.Workspace, s.Spec.Project, environment, release, version, DrainLimit)),
            DrainLimit + grace + Slack, StopAttempts, Group: s.Group);
    }
}
