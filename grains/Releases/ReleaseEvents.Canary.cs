namespace ProdSprint.Releases;

/// <param name="Step">Index, from 0.</param>
/// <param name="Revision">Of the orders to the router.</param>
public sealed record StepStarted(int Step, int Steps, double WeightPercent, long Revision, DateTimeOffset MinBakeEnds, DateTimeOffset MaxBakeEnds) : ReleaseEvent
{
    public override string Text() =>
        $"Step {Step + 1} of {Steps}: {N(WeightPercent)} % of production traffic goes to the new version; a verdict is due between {MinBakeEnds:HH:mm:ss} and {MaxBakeEnds:HH:mm:ss} UTC.";
}

/// <summary>The judge's verdict on the running step changed.</summary>
public sealed record StepJudged(int Step, double WeightPercent, long Requests, long Errors, double? P95Ms, Judgement Judgement) : ReleaseEvent
{
    public override string Text() => $"Judged {Judgement.Verdict.ToString().ToLowerInvariant()} at {N(WeightPercent)} % after {Requests} requests with {Errors} errors: {Judgement.Reason}";
}

/// <param name="Judgement">Null when a person moved it on without one.</param>
/// <param name="Stable">What stable showed in the step.</param>
public sealed record StepPassed(int Step, double WeightPercent, bool ByPerson, Judgement? Judgement, VersionEvidence Stable) : ReleaseEvent
{
    public override string Text() => ByPerson
        ? $"{By} moved the release past the step at {N(WeightPercent)} %."
        : $"The step at {N(WeightPercent)} % passed: {Judgement?.Reason}";
}

public sealed record PromotionAwaited(int Step, double WeightPercent) : ReleaseEvent
{
    public override string Text() => $"The step at {N(WeightPercent)} % is done and waits for a person to promote.";
}

public sealed record FullPromotionOrdered : ReleaseEvent
{
    public override string Text() => "Full promotion ordered: every remaining step and analysis is skipped.";
}

public sealed record PromotionStarted(long Revision) : ReleaseEvent
{
    public override string Text() => "All production traffic is ordered to the new version.";
}

public sealed record ReleasePromoted(ReleaseOutcome Outcome, StableVersion Stable, StableVersion? Former, DateTimeOffset? WarmUntil) : ReleaseEvent
{
    public override string Text() => Former is null
        ? $"{Stable.Version} is in production with 100 % of the traffic."
        : $"{Stable.Version} is in production with 100 % of the traffic; {Former.Version} keeps running until {(WarmUntil is { } until ? T(until) : "it is stopped")}.";
    public override string Diff() => Former is null ? $"commit:{Stable.Commit}" : $"commit:{Former.Commit}..{Stable.Commit}";
}

public sealed record FormerStopping(string Job, string Version) : ReleaseEvent
{
    public override string Text() => $"The warm time of {Version} is over; it is being stopped.";
}

/// <param name="Problem">Null when it went well.</param>
public sealed record FormerStopped(string Version, string? Problem) : ReleaseEvent
{
    public override string Text() => Problem is null ? $"{Version} was stopped." : $"{Version} could not be stopped: {Problem}";
}

public sealed record FormerGiven(int ForRelease, StableVersion Former) : ReleaseEvent
{
    public override string Text() => $"{Former.Version}, still running at {Former.Address}, was handed to release {ForRelease}.";
}

public sealed record FormerRefused(int ForRelease) : ReleaseEvent
{
    public override string Text() => $"Release {ForRelease} asked for a version that does not run any more.";
}

public sealed record StrayStopping(StableVersion Stray) : ReleaseEvent
{
    public override string Text() => $"{Stray.Version} was handed over too late to be used; it is stopped.";
}

/// <param name="RestartBy">Without a living process by then the release goes back; null when it is the stable version's process.</param>
public sealed record InstanceDied(int Release, string Why, DateTimeOffset? RestartBy) : ReleaseEvent
{
    public override string Text() => RestartBy is { } by
        ? $"The new version's process failed: {Why}. It counts as unhealthy unless it answers again by {T(by)}."
        : $"The stable version's process failed: {Why}.";
}

public sealed record PromotedDied(int Release, string Why) : ReleaseEvent
{
    public override string Text() => $"The process of the version in production failed: {Why}.";
}

/// <param name="Revision">Of new orders to the router; null when none were needed.</param>
public sealed record InstanceAnswered(int Release, string Address, long? Revision) : ReleaseEvent
{
    public override string Text() => $"The process of release {Release} answers at {Address}.";
}

/// <summary>A service beside the new version's entry.</summary>
/// <param name="RestartBy">Without it by then the release goes back; null once it is promoted, for then there is nothing to go back from.</param>
public sealed record ServiceDied(int Release, string Service, string Why, DateTimeOffset? RestartBy) : ReleaseEvent
{
    public override string Text() => $"{Service} of release {Release} failed: {Why}.{(RestartBy is { } by ? $" The new version counts as unhealthy unless it runs again by {T(by)}." : "")}";
}

public sealed record ServiceAnswered(int Release, string Service) : ReleaseEvent
{
    public override string Text() => $"{Service} of release {Release} runs again.";
}
