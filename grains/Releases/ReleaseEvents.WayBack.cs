namespace ProdSprint.Releases;

public sealed record ReleasePaused(string Stage) : ReleaseEvent
{
    public override string Text() => $"Paused by {By} in {Stage}; the next step does not begin.";
}

public sealed record ReleaseResumed : ReleaseEvent
{
    public override string Text() => $"Resumed by {By}.";
}

public sealed record ReleaseHeld(HoldReason Why, DateTimeOffset Since, DateTimeOffset Until, double WeightPercent, string Detail) : ReleaseEvent
{
    public override string Text() => $"Held at {N(WeightPercent)} %: {Detail} It goes back by itself at {T(Until)} unless something changes.";
}

/// <param name="EndsAt">Spread, so that not every held release moves in the same second.</param>
public sealed record HoldEnding(HoldReason Why, DateTimeOffset EndsAt) : ReleaseEvent
{
    public override string Text() => $"The cause of the hold is gone; the release goes on at {T(EndsAt)}.";
}

public sealed record HoldEnded(HoldReason Why) : ReleaseEvent
{
    public override string Text() => "The hold is over; the release goes on.";
}

public sealed record BlockRaised(HoldReason Why, string Detail, DateTimeOffset? Until) : ReleaseEvent
{
    public override string Text() => $"{Detail}{(Until is { } until ? $" Until {T(until)}." : "")}";
}

public sealed record BlockLifted(HoldReason Why) : ReleaseEvent
{
    public override string Text() => Why switch
    {
        HoldReason.Frozen => "The freeze window closed.",
        HoldReason.Drift => "No drift any more.",
        HoldReason.WaiverExpired => "The waiver is valid again.",
        HoldReason.AttestationMissing => "The attestation is in order.",
        _ => $"{Why} is over.",
    };
}

public sealed record OverrideAsked(TimeSpan Duration, DateTimeOffset Until) : ReleaseEvent
{
    public override string Text() => $"{By} asks to go on in the freeze for {N(Duration.TotalMinutes)} min; a second person has to confirm by {T(Until)}.";
}

public sealed record OverrideConfirmed(string AskedBy, DateTimeOffset Until) : ReleaseEvent
{
    public override string Text() => $"{By} confirmed the freeze override of {AskedBy}; it ends at {T(Until)}.";
}

public sealed record OverrideEnded(bool Confirmed) : ReleaseEvent
{
    public override string Text() => Confirmed ? "The freeze override is over." : "Nobody confirmed the freeze override in time.";
}

/// <param name="Revision">Of the orders that give stable all traffic; null when the new version had none, or when stable has to be started first.</param>
/// <param name="Judgement">What the judge saw, when it was the judge.</param>
public sealed record RollbackStarted(ReleaseOutcome Outcome, string Cause, long? Revision, double WeightPercent, string? Job, DateTimeOffset? GivesUpAt, Judgement? Judgement) : ReleaseEvent
{
    public override string Text() => (Revision, Job) switch
    {
        (null, not null) => $"Going back: {Cause} The stable version does not run, so it is started first; the new version keeps its {N(WeightPercent)} % until then.",
        (null, _) => $"Going back: {Cause} The new version had no traffic.",
        _ => $"Going back: {Cause} All traffic is ordered to the stable version (the new one had {N(WeightPercent)} %).",
    };
}

public sealed record StableStarting(string Job, string Version, string ArtifactDigest, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => $"The stable version {Version} does not run; it is being started.";
    public override string Diff() => $"artifact:{ArtifactDigest}";
}

public sealed record StableStarted(string Address) : ReleaseEvent
{
    public override string Text() => $"The stable version answers at {Address}.";
}

public sealed record StableStartFailed(string Problem, DateTimeOffset RetryAt) : ReleaseEvent
{
    public override string Text() => $"The stable version could not be started: {Problem} The new version keeps its traffic; the start is tried again at {T(RetryAt)}.";
}

public sealed record TrafficReturning(long Revision) : ReleaseEvent
{
    public override string Text() => "All traffic is ordered to the stable version.";
}

/// <param name="Milliseconds">From the decision to go back to the router following it.</param>
public sealed record TrafficReturned(long Revision, long Milliseconds) : ReleaseEvent
{
    public override string Text() => $"Every new request goes to the stable version, {Milliseconds} ms after the decision.";
}

public sealed record CandidateStopping(string Job, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => "The new version finishes its requests and is stopped.";
}

/// <param name="Problem">Null when it went well.</param>
public sealed record CandidateStopped(string? Problem) : ReleaseEvent
{
    public override string Text() => Problem is null ? "The new version was stopped." : $"The new version could not be stopped: {Problem} It has no traffic.";
}

public sealed record ReleaseFinished(ReleaseOutcome Outcome, string Cause, StableVersion? Stable) : ReleaseEvent
{
    public override string Text() => $"Ended: {Outcome.InWords()}; production serves {(Stable is null ? "nothing" : Stable.Version)}. {Cause}";
}

public sealed record DeadlinesMoved(TimeSpan Moved) : ReleaseEvent
{
    public override string Text() => $"The clock was set by {N(Moved.TotalSeconds)} s; bakes and deadlines move with it.";
}
