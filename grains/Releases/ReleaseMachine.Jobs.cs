using System.Text.Json;
using ProdSprint.Deploy;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>Outcomes of jobs. Only those that are still waited for count: one of an earlier attempt, or one that comes twice, changes nothing.</summary>
public static partial class ReleaseMachine
{
    private static readonly TimeSpan StableRetry = TimeSpan.FromSeconds(10);

    private static Rejection? JobEnded(ReleaseTurn t, JobOutcome o)
    {
        if (!t.State.Jobs.TryGetValue(o.JobId, out var purpose)) return null;
        var error = o.Succeeded ? Unreadable(purpose, o) : o.Error ?? "the job failed without saying why.";
        switch (purpose)
        {
            case JobPurpose.Build: Built(t, o, error); break;
            case JobPurpose.MigrateStaging: Migrated(t, o, error, ReleaseEffects.Staging); break;
            case JobPurpose.MigrateProduction: Migrated(t, o, error, ReleaseEffects.Production); break;
            case JobPurpose.StartStaging when error is not null: Fail(t, ReleaseStages.Staging, error); break;
            case JobPurpose.StartStaging:
                var staging = Result<StartResult>(o);
                t.Happened(new StagingStarted(staging.Address, staging.ReadySeconds));
                Proceed(t);
                break;
            case JobPurpose.Smoke: Smoked(t, ReleaseStages.Gates, o, error, r => AfterSmoke(t, r)); break;
            case JobPurpose.Performance: PerformanceSeen(t, o, error); break;
            case JobPurpose.Tests: TestsSeen(t, o, error); break;
            case JobPurpose.Supply: SupplySeen(t, o, error); break;
            case JobPurpose.StartCandidate when error is not null: Fail(t, ReleaseStages.Production, error); break;
            case JobPurpose.StartCandidate:
                CandidateStarted(t, Result<StartResult>(o));
                break;
            case JobPurpose.CheckPreview: Smoked(t, ReleaseStages.Preview, o, error, r => PassPreview(t, r)); break;
            case JobPurpose.StartStable: StableStartEnded(t, o, error); break;
            case JobPurpose.StopCandidate:
                t.Happened(new CandidateStopped(error));
                Finish(t);
                break;
            case JobPurpose.StopFormer: t.Happened(new FormerStopped(t.State.Former!.Version, error)); break;
        }
        return null;
    }

    private static void Built(ReleaseTurn t, JobOutcome o, string? error)
    {
        if (error is not null)
        {
            Fail(t, ReleaseStages.Apply, error);
            return;
        }
        var r = Result<BuildResult>(o);
        t.Happened(new BuildFinished(r.ArtifactDigest, r.SizeBytes, r.Seconds, r.Reused, r.TestsPassed, r.TestsFailed) { TestReport = r.TestReport });
        Proceed(t);
    }

    /// <summary>A target that did not say which attestation it accepted has not looked: no traffic, whatever else it says.</summary>
    private static void CandidateStarted(ReleaseTurn t, StartResult r)
    {
        if (ReleaseEffects.Attested(t.State) is not null && r.Attestation is null)
            Fail(t, ReleaseStages.Production, "the target started the version without an attestation that counts. Release the commit again: what is built is attested.");
        else
        {
            t.Happened(new ProductionStarted(r.Address, r.ReadySeconds) { Attestation = r.Attestation });
            Proceed(t);
        }
    }

    private static void Smoked(ReleaseTurn t, string stage, JobOutcome o, string? error, Action<SmokeResult> passed)
    {
        if (error is not null)
        {
            Fail(t, stage, error);
            return;
        }
        var r = Result<SmokeResult>(o);
        if (r.Passed) passed(r);
        else Fail(t, stage, $"{r.Errors} of {r.Requests} requests failed. {r.Detail}");
    }

    private static void PassPreview(ReleaseTurn t, SmokeResult r)
    {
        t.Happened(new PreviewPassed(r.Requests, r.Errors, r.P95Ms));
        if (ReleaseGuards.Blocking(t.State) is { } block) HoldFor(t, block.Reason, block.Detail);
        else if (t.State.Hold is null) Proceed(t);
    }

    /// <summary>On the way back a stable version that does not start is tried again for as long as it takes: the new one serves meanwhile.</summary>
    private static void StableStartEnded(ReleaseTurn t, JobOutcome o, string? error)
    {
        var goingBack = t.State.Stage == ReleaseStage.RollingBack;
        if (error is null)
        {
            t.Happened(new StableStarted(Result<StartResult>(o).Address));
            if (goingBack) ReturnTraffic(t);
            else Proceed(t);
        }
        else if (goingBack) t.Happened(new StableStartFailed(error, t.Now + StableRetry));
        else Fail(t, ReleaseStages.Production, $"the stable version does not run and could not be started: {error}");
    }

    /// <summary>A result that cannot be read is a defect of the handler; the release fails openly instead of hanging on it.</summary>
    private static string? Unreadable(JobPurpose purpose, JobOutcome o)
    {
        try
        {
            _ = purpose switch
            {
                JobPurpose.Build => Result<BuildResult>(o).ArtifactDigest ?? throw new JsonException("no artifactDigest"),
                JobPurpose.StartStaging or JobPurpose.StartCandidate or JobPurpose.StartStable =>
                    Result<StartResult>(o).Address ?? throw new JsonException("no address"),
                JobPurpose.MigrateStaging or JobPurpose.MigrateProduction => Result<MigrateResult>(o).Detail ?? throw new JsonException("no detail"),
                JobPurpose.Tests => Result<Gates.TestsResult>(o).Detail ?? throw new JsonException("no detail"),
                JobPurpose.Performance => Result<Gates.PerformanceResult>(o).Detail ?? throw new JsonException("no detail"),
                JobPurpose.Supply => Result<Gates.SupplyResult>(o).Detail ?? throw new JsonException("no detail"),
                JobPurpose.Smoke or JobPurpose.CheckPreview => Result<SmokeResult>(o).Detail,
                _ => null,
            };
            return null;
        }
        catch (JsonException e)
        {
            return $"the result of {o.Kind} cannot be read: {e.Message}";
        }
    }

    private static T Result<T>(JobOutcome o) => KernelJson.Read<T>(o.ResultJson ?? "null");
}
