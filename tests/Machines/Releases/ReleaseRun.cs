using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>
/// One release and a small world around it: a queue, a router that follows newer orders only, a clock. State goes through its stored JSON after every
/// decision, as if the process had died and come back between any two.
/// </summary>
internal sealed class ReleaseRun
{
    private static readonly JsonSerializerOptions Stored = new() { IncludeFields = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly List<string> _order = [];

    public ReleaseRun(ReleaseSpec? spec = null) => Spec = spec ?? ReleaseSamples.Second();

    public ReleaseSpec Spec { get; }
    public string Key => GrainKeys.Release(Spec.Workspace, Spec.Project, Spec.Number);
    public Release? State { get; private set; }
    public Release S => State!;
    public DateTimeOffset Now { get; set; } = ReleaseSamples.Start;
    public List<ReleaseEvent> Journal { get; } = [];
    public List<OutboxEntry> Effects { get; } = [];
    public List<OutboxEntry> LastEffects { get; private set; } = [];
    public List<ReleaseEvent> LastEvents { get; private set; } = [];
    public Dictionary<string, EnqueueJob> Queue { get; } = [];
    public EnvironmentRoutes? Routes { get; private set; }
    public List<double> Weights { get; } = [];
    public bool RouterAnswers { get; set; } = true;
    public ReleaseView View => ReleaseViews.Of(S);

    public IEnumerable<ReleaseCommand> ToldReleases => Effects.Select(e => e.Effect).OfType<Tell>().Where(t => t.GrainKey.StartsWith("release/", StringComparison.Ordinal))
        .Select(t => KernelJson.Read<ReleaseCommand>(t.CommandJson));

    public IEnumerable<ProjectCommand> ToldProject => Effects.Select(e => e.Effect).OfType<Tell>().Where(t => t.GrainKey.StartsWith("project/", StringComparison.Ordinal))
        .Select(t => KernelJson.Read<ProjectCommand>(t.CommandJson));

    public ReleaseEnded Ended => ToldProject.OfType<ReleaseEnded>().Last();

    public Rejection? Do(ReleaseCommand command)
    {
        var decision = ReleaseMachine.Decide(State, Key, command, Now);
        LastEvents = [.. decision.Events];
        LastEffects = [];
        if (decision.Rejection is { } no)
        {
            decision.Events.ShouldBeEmpty();
            decision.Effects.ShouldBeEmpty();
            return no;
        }
        if (decision.Events.Count == 0)
        {
            decision.Effects.ShouldBeEmpty("an effect without a fact would leave no trace");
            return null;
        }
        var version = (State?.Version ?? 0) + 1;
        var state = State;
        foreach (var e in decision.Events)
        {
            state = ReleaseMachine.Apply(state, e);
            Journal.Add(e);
        }
        State = JsonSerializer.Deserialize<Release>(JsonSerializer.Serialize(state, Stored), Stored)!;
        State.Version.ShouldBe(version);
        var entries = decision.Effects.Select((e, i) => new OutboxEntry($"{Key}@{version}.{i}", e)).ToList();
        LastEffects = entries;
        Effects.AddRange(entries);
        foreach (var entry in entries) CarryOut(entry);
        if (CrashAfter == version) ComeBack(command, entries);
        if (RouterAnswers && entries.Any(e => e.Effect is SetRoutes)) Do(new RoutesInForce(Routes!.Revision)).ShouldBeNull();
        return null;
    }

    public ReleaseRun Did(ReleaseCommand command)
    {
        Do(command).ShouldBeNull();
        return this;
    }

    /// <summary>
    /// The process died after the write: the outbox is flushed again, what is known to be done is confirmed again, and whoever was not answered tells
    /// it again.
    /// </summary>
    private void ComeBack(ReleaseCommand command, List<OutboxEntry> entries)
    {
        CrashAfter = null;
        foreach (var entry in entries.Where(e => e.Effect is not CancelJobs)) CarryOut(entry);
        var (events, effects) = (LastEvents, LastEffects);
        if (command is ReleaseJobEnded or RoutesInForce or ReleaseTick) Do(command).ShouldBeNull();
        (LastEvents, LastEffects) = (events, effects);
    }

    /// <summary>The version after whose write the process dies; null for an unbroken run.</summary>
    public int? CrashAfter { get; set; }

    /// <summary>The router takes what it has not answered for yet.</summary>
    public void RouterCatchesUp()
    {
        RouterAnswers = true;
        Did(new RoutesInForce(Routes!.Revision));
    }

    private void CarryOut(OutboxEntry entry)
    {
        switch (entry.Effect)
        {
            case EnqueueJob job:
                if (_order.Contains(entry.Id)) break; // a queue takes one id once
                _order.Add(entry.Id);
                Queue.Add(entry.Id, job);
                break;
            case CancelJobs cancel:
                foreach (var (id, job) in Queue.ToList())
                    if (job.Group == cancel.Group && cancel.ExceptKinds?.Contains(job.Kind) != true) Queue.Remove(id);
                break;
            case SetRoutes routes when Routes is null || routes.Routes.Revision > Routes.Revision:
                Routes = routes.Routes;
                Weights.Add(CanaryShare);
                break;
        }
    }

    /// <summary>The new version's share at the router, percent.</summary>
    public double CanaryShare => Routes is null ? 0 : Routes.Backends.Where(b => b.Address == ReleaseSamples.NewAddress).Sum(b => b.Weight) / 100.0;

    public string? Pending(string kind) => _order.FirstOrDefault(id => Queue.TryGetValue(id, out var j) && j.Kind == kind);

    public IEnumerable<T> Payloads<T>(string kind) => Effects.Select(e => e.Effect).OfType<EnqueueJob>().Where(j => j.Kind == kind).Select(j => KernelJson.Read<T>(j.PayloadJson));

    public ReleaseRun Succeed(string kind, object? result = null)
    {
        var id = Pending(kind) ?? throw new InvalidOperationException($"No {kind} is queued in {S.Phase}: {S.Message}");
        Queue.Remove(id);
        return Did(new ReleaseJobEnded(new(id, kind, true, JsonSerializer.Serialize(result ?? Result(kind, id), KernelJson.Options), null, 1)));
    }

    public ReleaseRun Break(string kind, string error = "it broke.")
    {
        var id = Pending(kind) ?? throw new InvalidOperationException($"No {kind} is queued in {S.Phase}");
        Queue.Remove(id);
        return Did(new ReleaseJobEnded(new(id, kind, false, null, error, 3)));
    }

    private object Result(string kind, string id)
    {
        var job = Effects.Select(e => e).First(e => e.Id == id).Effect as EnqueueJob;
        return kind switch
        {
            DeployJobs.Build => new BuildResult(ReleaseSamples.Digest(Spec.Number), 1_000_000, 12.5, false, 40, 0),
            DeployJobs.Start => Started(KernelJson.Read<StartRequest>(job!.PayloadJson)),
            DeployJobs.Smoke => new SmokeResult(true, 40, 0, 12, "All answered.") { Routes = S.Policy.Performance is null ? null : ReleaseSamples.Digest(88) },
            GateJobs.Performance => new PerformanceResult(1, 60, 0, 12, [], "60 requests to 1 route."),
            _ => new { },
        };
    }

    private StartResult Started(StartRequest r) => new(AddressOf(r), 100, 0.8) { Attestation = r.AttestedCommit is null ? null : ReleaseSamples.Digest(900) };

    private string AddressOf(StartRequest r) =>
        r.Environment == "staging" ? "127.0.0.1:5000" : r.Release == Spec.Number ? ReleaseSamples.NewAddress : ReleaseSamples.StableAddress;

    public ReleaseRun Begin(string by = "ana") => Did(new BeginRelease(Spec, Actor.User(by), "Ship it"));

    /// <summary>Build, staging, gates.</summary>
    public ReleaseRun ToGatesPassed()
    {
        Begin();
        if (Spec.ArtifactDigest is null) Succeed(DeployJobs.Build);
        Succeed(DeployJobs.Start);
        if (S.Policy.Gates.Contains("smoke")) Succeed(DeployJobs.Smoke);
        return this;
    }

    /// <summary>Up to the first step's traffic (or its promotion).</summary>
    public ReleaseRun ToProduction()
    {
        ToGatesPassed();
        return Succeed(DeployJobs.Start);
    }

    public ReleaseRun Pass(TimeSpan time)
    {
        Now += time;
        return this;
    }

    public ReleaseRun Tick(TimeSpan? after = null)
    {
        Now += after ?? TimeSpan.Zero;
        return Did(new ReleaseTick());
    }

    public ReleaseRun Look(CanaryEvidence evidence) => Did(new JudgeTick(evidence with { Attempt = S.Attempt, Step = S.Step }));

    public ReleaseRun LookHealthy() => Look(ReleaseSamples.Healthy);

    public ReleaseRun LookBad() => Look(ReleaseSamples.Bad);

    /// <summary>Passes the running step by the judge.</summary>
    public ReleaseRun PassStep()
    {
        Now = S.MinBakeEnds!.Value;
        return LookHealthy();
    }

    public ReleaseRun ToStep(int step)
    {
        ToProduction();
        while (S.Step < step) PassStep();
        return this;
    }

    public ReleaseRun ToPromoted()
    {
        ToProduction();
        return ToPromotedFrom();
    }

    public ReleaseRun ToPromotedFrom()
    {
        while (S.Phase != ReleasePhase.Ended) PassStep();
        return this;
    }

    /// <summary>Whatever is stopping has stopped.</summary>
    public ReleaseRun Settle()
    {
        while (Pending(DeployJobs.Stop) is not null) Succeed(DeployJobs.Stop);
        return this;
    }

    public IEnumerable<string> Kinds => Journal.Select(e => ReleaseTimeline.KindOf(e));
}
