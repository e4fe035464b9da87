using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Releases;

/// <summary>Processes that die and come back. The supervisor restarts them; the release decides what that means for traffic.</summary>
public static partial class ReleaseMachine
{
    /// <summary>A restart takes seconds; longer than this and the version is not fit for traffic.</summary>
    private static readonly TimeSpan RestartGrace = TimeSpan.FromSeconds(15);

    private static Rejection? InstanceFailed(ReleaseTurn t, InstanceFailed c)
    {
        var s = t.State;
        if (c.Environment == ReleaseEffects.Production && IsCandidate(s, c.Release))
        {
            var mustComeBack = s.Stage is ReleaseStage.StartingProduction or ReleaseStage.Preview or ReleaseStage.Canary or ReleaseStage.Promoting;
            var restartBy = mustComeBack ? s.RestartBy ?? t.Now + RestartGrace : (DateTimeOffset?)null;
            if (c.Service is { } service)
            {
                if (!s.Down.Contains(service)) t.Happened(new ServiceDied(c.Release, service, c.Why, restartBy));
                return null;
            }
            if (restartBy is not null && !s.Down.Contains("")) t.Happened(new InstanceDied(c.Release, c.Why, restartBy));
            if (s is { Promoted: true, PromotedDown: false })
            {
                t.Effect(ReleaseEffects.TellProject(s, new StableProcessChanged(c.Release, null, c.Why, c.By, c.Reason)));
                t.Happened(new PromotedDied(c.Release, c.Why));
            }
            return null;
        }
        if (c.Environment != ReleaseEffects.Production || s.Spec.Stable?.Release != c.Release) return ReleaseRejections.NotOurs(c.Environment, c.Release);
        // It was told to end: a server that comes back in the middle of that takes the end for a death.
        if (s.Promoted && (s.Former is null || s.Jobs.ContainsValue(JobPurpose.StopFormer))) return null;
        // Traffic goes to the entry: a worker of stable that died must not keep anyone from going back to it.
        if (s.StableRuns && c.Service is null) t.Happened(new InstanceDied(c.Release, c.Why, null));
        return null;
    }

    /// <summary>The release that gave the last orders also gives the next when an address changes, even after it has ended.</summary>
    private static Rejection? InstanceStarted(ReleaseTurn t, InstanceStarted c)
    {
        var s = t.State;
        var candidate = IsCandidate(s, c.Release);
        if (c.Environment != ReleaseEffects.Production || !(candidate || s.Spec.Stable?.Release == c.Release)) return ReleaseRejections.NotOurs(c.Environment, c.Release);
        if (c.Service is { } service)
        {
            if (candidate && s.Down.Contains(service)) t.Happened(new ServiceAnswered(c.Release, service));
            return null;
        }
        // A candidate without an address is still being started: a server that restarts in between finds it running, but whether it is fit the start says.
        var moved = candidate ? s.CandidateAddress is { } known && known != c.Address : s.StableAddress != c.Address;
        var wasDown = candidate ? s.Down.Contains("") || s.PromotedDown : !s.StableRuns;
        if (!moved && !wasDown) return null;
        if (!candidate && s is { Stage: ReleaseStage.RollingBack, WeightPercent: > 0 })
        {
            t.Happened(new InstanceAnswered(c.Release, c.Address, null));
            ReturnTraffic(t);
            t.Effect(ReleaseEffects.CancelWork(s));
            return null;
        }
        var routed = moved && s.RoutesRevision > 0 && (candidate ? s.WeightPercent > 0 : s.WeightPercent < 100 && !s.Promoted);
        t.Happened(new InstanceAnswered(c.Release, c.Address, routed ? t.Revision : null));
        if (routed) t.Effect(RoutesNow(t.State, t.Revision));
        if (candidate && s.Promoted) t.Effect(ReleaseEffects.TellProject(s, new StableProcessChanged(c.Release, c.Address, "It answers again.", c.By, c.Reason)));
        return null;
    }

    private static bool IsCandidate(Release s, int release) => s.Candidate != 0 && s.Candidate == release && (s.CandidateMayRun || s.Promoted);

    /// <summary>The same split as before, with the addresses as they are now.</summary>
    private static SetRoutes RoutesNow(Release s, long revision) => s switch
    {
        { Promoted: true } or { Stage: ReleaseStage.Promoting } => ReleaseEffects.AllToCandidate(s, revision),
        { WeightPercent: 0, Stage: ReleaseStage.RollingBack or ReleaseStage.Ended } => ReleaseEffects.AllToStable(s, revision),
        { StableAddress: null } => ReleaseEffects.AllToCandidate(s, revision),
        _ => ReleaseEffects.Split(s, s.WeightPercent, revision),
    };
}
