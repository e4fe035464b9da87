using System.Text.Json.Serialization;
using ProdSprint.Gates;

namespace ProdSprint.Releases;

public sealed record ReleaseBegan(ReleaseSpec Spec) : ReleaseEvent
{
    public override string Text() => Spec.Stable is { } stable
        ? $"Release {Spec.Number} ({Spec.Version}) began; production serves {stable.Version}."
        : $"Release {Spec.Number} ({Spec.Version}) began; it is the first of this project.";

    public override string Diff() => Spec.Stable is { } stable ? $"commit:{stable.Commit}..{Spec.Commit}" : $"commit:{Spec.Commit}";
}

public sealed record BuildStarted(string Job, string Commit, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => $"Commit {Commit[..Math.Min(10, Commit.Length)]} is being built.";
    public override string Diff() => $"commit:{Commit}";
}

public sealed record BuildFinished(string ArtifactDigest, long SizeBytes, double Seconds, bool Reused, int TestsPassed, int TestsFailed) : ReleaseEvent
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? TestReport { get; init; }

    public override string Text() =>
        $"{(Reused ? "The artifact was built before" : $"Built in {N(Seconds)} s")}: {Short(ArtifactDigest)}, {N(SizeBytes / 1048576.0)} MiB; {Tests(TestsPassed, TestsFailed)}.";
    public override string Diff() => $"artifact:{ArtifactDigest}";
}

public sealed record BuildSkipped(string ArtifactDigest) : ReleaseEvent
{
    public override string Text() => $"Nothing is built: {Short(ArtifactDigest)} is kept from an earlier release.";
    public override string Diff() => $"artifact:{ArtifactDigest}";
}

public sealed record MigrationStarted(string Job, string Environment, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => $"Migrations are being run in {Environment}, before the new version starts there.";
}

public sealed record MigrationFinished(string Environment, int Migrations, double Seconds, string Detail) : ReleaseEvent
{
    public override string Text() => $"{(Migrations == 1 ? "The migration" : $"{Migrations} migrations")} of {Environment} ended well in {N(Seconds)} s. {Detail}";
}

public sealed record StagingStarting(string Job, string Version, string ArtifactDigest, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => $"{Version} is being started in staging.";
    public override string Diff() => $"artifact:{ArtifactDigest}";
}

public sealed record StagingStarted(string Address, double ReadySeconds) : ReleaseEvent
{
    public override string Text() => $"Staging answers at {Address} after {N(ReadySeconds)} s.";
}

/// <param name="Job">Null when the policy asks for no smoke gate.</param>
public sealed record GatesStarted(string? Job, string Gates, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => $"Gates are being checked: {Gates}.";
}

public sealed record GatesPassed(int Requests, int Errors, double P95Ms, int TestsPassed) : ReleaseEvent
{
    public override string Text() => $"Gates passed: {Requests} smoke requests, {Errors} errors, p95 {N(P95Ms)} ms; {Tests(TestsPassed, 0)}.";
}

public sealed record ApprovalAsked(int PlanNumber) : ReleaseEvent
{
    public override string Text() => "A person other than the one who started the release has to approve before production.";
    public override string Diff() => $"plan:{PlanNumber}";
}

public sealed record Approved(int PlanNumber) : ReleaseEvent
{
    public override string Text() => $"{By} approved the release for production.";
    public override string Diff() => $"plan:{PlanNumber}";
}

/// <param name="Keeper">The release that keeps the wanted version's process running.</param>
public sealed record WarmAsked(int Keeper, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => $"Release {Keeper} is asked whether the wanted version still runs.";
}

public sealed record WarmTaken(StableVersion Warm) : ReleaseEvent
{
    public override string Text() => $"{Warm.Version} still runs at {Warm.Address}: nothing has to be started.";
    public override string Diff() => $"artifact:{Warm.ArtifactDigest}";
}

public sealed record ProductionStarting(string Job, string Version, string ArtifactDigest, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => $"{Version} is being started in production, without traffic.";
    public override string Diff() => $"artifact:{ArtifactDigest}";
}

public sealed record ProductionStarted(string Address, double ReadySeconds) : ReleaseEvent
{
    /// <summary>What was accepted before it started; null on a way back, and in releases of before there was any.</summary>
    public string? Attestation { get; init; }

    public override string Text() =>
        $"The new version answers in production at {Address} after {N(ReadySeconds)} s; it has no traffic yet.{(Attestation is null ? "" : $" Its attestation was verified: {Short(Attestation)}.")}";
}

public sealed record PreviewChecking(string Job, string Address, long Revision, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => $"The new version is being checked at {Address} before the switch.";
}

public sealed record PreviewPassed(int Requests, int Errors, double P95Ms) : ReleaseEvent
{
    public override string Text() => $"The check before the switch passed: {Requests} requests, {Errors} errors, p95 {N(P95Ms)} ms.";
}

/// <param name="Stage">The name of the stage in the pipeline.</param>
public sealed record StageFailed(string Stage, string Problem) : ReleaseEvent
{
    public override string Text() => $"{char.ToUpperInvariant(Stage[0])}{Stage[1..]} failed: {Problem}";
}

public sealed record AttemptRequested(bool Full) : ReleaseEvent
{
    public override string Text() => Full ? "A new attempt straight to production was asked for." : "A new attempt from the first step was asked for.";
}

public sealed record AttemptBegan(int Attempt, bool Full, StableVersion? Stable, string AskedBy) : ReleaseEvent
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public GateFacts? Gate { get; init; }

    public override string Text() => Full ? $"Attempt {Attempt} began: straight to production." : $"Attempt {Attempt} began from the first step.";
}

public sealed record AttemptRefused : ReleaseEvent
{
    public override string Text() => $"The new attempt was refused: {Reason}";
}
