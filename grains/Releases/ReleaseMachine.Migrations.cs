using ProdSprint.Deploy;
using ProdSprint.Jobs;

namespace ProdSprint.Releases;

/// <summary>A version's migrations run before it starts, while the stable version serves. One that fails ends the release, and stable goes on.</summary>
public static partial class ReleaseMachine
{
    /// <summary>False when there is nothing to migrate.</summary>
    private static bool Migrate(ReleaseTurn t, string environment)
    {
        if (ReleaseEffects.Migrate(t.State, environment) is not { } job) return false;
        t.Happened(new MigrationStarted(t.Enqueue(job), environment, ReleaseEffects.GivesUpAt(job, t.Now)));
        return true;
    }

    private static void Migrated(ReleaseTurn t, JobOutcome o, string? error, string environment)
    {
        if (error is not null)
        {
            Fail(t, environment, error);
            return;
        }
        var r = Result<MigrateResult>(o);
        t.Happened(new MigrationFinished(environment, r.Migrations, r.Seconds, r.Detail));
        if (environment == ReleaseEffects.Staging) StartInStaging(t);
        else StartInProduction(t);
    }
}
