using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.TestingHost;
using ProdSprint.Deploy;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Telemetry;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>The shell: what is decided is stored, told to the outside, confirmed back, and survives the loss of the activation at any point.</summary>
public sealed class ReleaseGrainTests : IAsyncLifetime
{
    private const string Key = "release/default/shop/2";
    private readonly RecordingSink _sink = new();
    private InProcessTestCluster _cluster = null!;

    private IReleaseGrain Grain => _cluster.Client.GetGrain<IReleaseGrain>(Key);

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseSystemTextJsonGrainStorageSerializer().AddMemoryGrainStorage("machines").UseInMemoryReminderService();
            silo.Services.AddSingleton<IMachineSink>(_sink);
            silo.Services.AddSingleton<IEvidenceLog>(new MemoryEvidenceLog());
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Release_ToPromotion_LosingItsActivationBeforeEveryMessage()
    {
        await ToFirstStep();
        (await View()).ShouldSatisfyAllConditions(v => v.Phase.ShouldBe(ReleasePhase.Canary), v => v.CanaryWeightPercent.ShouldBe(10));

        await _cluster.DeactivateAsync(Grain);
        await Grain.Observe(Healthy(0));
        (await View()).CanaryWeightPercent.ShouldBe(100);
        await _cluster.DeactivateAsync(Grain);
        await Grain.Observe(Healthy(1));

        // Promoted only because the shell told the machine that the router follows.
        (await View()).ShouldSatisfyAllConditions(v => v.Outcome.ShouldBe(ReleaseOutcome.Promoted), v => v.WarmUntil.ShouldNotBeNull());
        _sink.Facts.Keys.Count.ShouldBe(_sink.Facts.Values.Select(f => (f.Version, f.Index)).Distinct().Count());
        _sink.Routes.Select(r => r.Revision).ShouldBe(_sink.Routes.Select(r => r.Revision).Order());
        _sink.ViewJson!.ShouldContain("\"outcome\":\"promoted\"");
    }

    [Fact]
    public async Task Abort_WhileTheRouterIsAway_EndsWhenItIsBack()
    {
        await ToFirstStep();
        _sink.RouterAway = true;

        (await Grain.Do(new AbortRelease(Actor.User("bo"), "odd"))).Accepted.ShouldBeTrue();
        (await View()).Phase.ShouldBe(ReleasePhase.RollingBack);
        _sink.Jobs.ShouldNotContain(j => j.Job.Kind == DeployJobs.Stop && j.Job.PayloadJson.Contains("production"), "nothing is stopped that may still get traffic");

        _sink.RouterAway = false;
        await _sink.Seen(j => j.Kind == DeployJobs.Stop && j.PayloadJson.Contains("production"));
        await Succeed(DeployJobs.Stop, "production", new { });

        (await View()).ShouldSatisfyAllConditions(v => v.Outcome.ShouldBe(ReleaseOutcome.Aborted), v => v.CanaryWeightPercent.ShouldBe(0), v => v.VerdictToStableMs.ShouldNotBeNull());
        _sink.Routes[^1].Backends.Single().Version.ShouldBe("v1");
    }

    [Fact]
    public async Task RefusedCommand_ChangesNothingAndSaysWhatToDo()
    {
        await ToFirstStep();
        var before = await View();

        var answer = await Grain.Do(new ResumeRelease(Actor.User("bo"), null));

        answer.Rejection!.Code.ShouldBe("release.not-paused");
        (await View()).StateVersion.ShouldBe(before.StateVersion);
    }

    private async Task ToFirstStep()
    {
        (await Grain.Do(new BeginRelease(Spec(), Actor.User("ana"), "ship"))).Accepted.ShouldBeTrue();
        await Succeed(DeployJobs.Build, "", new BuildResult("sha256:2", 10, 1, false, 0, 0));
        await _cluster.DeactivateAsync(Grain);
        await Succeed(DeployJobs.Start, "staging", new StartResult("127.0.0.1:5000", 1, 0.1));
        await Succeed(DeployJobs.Smoke, "", new SmokeResult(true, 40, 0, 5, "ok"));
        await _cluster.DeactivateAsync(Grain);
        await Succeed(DeployJobs.Start, "production", new StartResult("127.0.0.1:4200", 2, 0.1) { Attestation = "sha256:signed" });
    }

    private async Task Succeed<T>(string kind, string environment, T result)
    {
        var job = _sink.Jobs.Last(j => j.Job.Kind == kind && j.Job.PayloadJson.Contains(environment));
        await _cluster.Client.GetGrain<IJobOwner>(GrainId.Create("release", Key)).JobEnded(new(job.Id, kind, true, KernelJson.Write(result), null, 1));
    }

    private async Task<ReleaseView> View() => (await Grain.View())!;

    private static CanaryEvidence Healthy(int step)
    {
        var version = new VersionEvidence(100, 0, LatencyHistogram.Of(Enumerable.Repeat(20.0, 100)));
        var points = Enumerable.Range(1, 6).Select(i => new EvidencePoint(i, version, version)).ToArray();
        var total = points.Aggregate(VersionEvidence.None, (sum, p) => sum.Add(p.Canary));
        return new(total, total, [.. points], 6, 6) { Step = step };
    }

    private static ReleaseSpec Spec()
    {
        var service = new ServicePlan(
            "web", ".", ServiceKind.Web, "javascript", null, null, null, null, null, new("node server.js", ".", "package.json"), null, null, null, new(3000, "PORT"),
            new("/", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 3), new(256, 32, 256, TimeSpan.FromMinutes(5), 256, TimeSpan.FromSeconds(5)), []);
        var policy = new PolicyProfile(
            "default", 1, ApprovalMode.OncePerExecution, ReleaseStrategy.Canary,
            [new(10, 100, TimeSpan.Zero, TimeSpan.FromHours(1), false), new(100, 100, TimeSpan.Zero, TimeSpan.FromHours(1), false)],
            new(JudgePolicy.Threshold, 0.01), TimeSpan.FromHours(1), FreezeBehaviour.Hold, ["build", "smoke"], TimeSpan.FromHours(1), 5);
        var plan = new PlanDocument(1, "c2", "sha256:a", "sha256:p", "sha256:e", policy, "web", [new("staging", [service]), new("production", [service])], [], [], [], [], false);
        return new("default", "shop", 2, "v2", "c2", 2, plan, new(1, "v1", "c1", "sha256:1", "127.0.0.1:4100"), ReleaseKind.Normal, null, false);
    }

    /// <summary>Takes everything once by its id, as the real sink does; the router can be away.</summary>
    private sealed class RecordingSink : IMachineSink
    {
        private readonly Lock _gate = new();
        private readonly List<(Func<EnqueueJob, bool> Wanted, TaskCompletionSource Found)> _waiting = [];

        public ConcurrentDictionary<string, TimelineEntry> Facts { get; } = [];
        public List<(string Id, EnqueueJob Job)> Jobs { get; } = [];
        public List<EnvironmentRoutes> Routes { get; } = [];
        public string? ViewJson { get; private set; }
        public volatile bool RouterAway;

        public Task<IReadOnlyCollection<string>> FlushAsync(MachineFlush flush, CancellationToken cancellation)
        {
            var left = new List<string>();
            lock (_gate)
            {
                foreach (var fact in flush.Facts) Facts.TryAdd(fact.Id, fact);
                ViewJson = flush.ViewJson;
                foreach (var (id, effect) in flush.Effects.Select(e => (e.Id, e.Effect)))
                {
                    if (effect is EnqueueJob job && Jobs.All(j => j.Id != id))
                    {
                        Jobs.Add((id, job));
                        foreach (var (_, found) in _waiting.Where(w => w.Wanted(job))) found.TrySetResult();
                    }
                    else if (effect is SetRoutes && RouterAway) left.Add(id);
                    else if (effect is SetRoutes orders && (Routes.Count == 0 || orders.Routes.Revision > Routes[^1].Revision)) Routes.Add(orders.Routes);
                }
            }
            return Task.FromResult<IReadOnlyCollection<string>>(left);
        }

        public Task Seen(Func<EnqueueJob, bool> wanted)
        {
            var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                if (Jobs.Any(j => wanted(j.Job))) return Task.CompletedTask;
                _waiting.Add((wanted, found));
            }
            return found.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }
}
