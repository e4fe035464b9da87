using System.Collections.Concurrent;
using Npgsql;

namespace ProdSprint.Drills;

/// <summary>A transaction of the server that has done everything but commit.</summary>
/// <param name="Name">
/// What it would write: <c>state KEY@VERSION</c>, <c>facts KEY@VERSION</c>, <c>job ID asked|running|ended|told</c>, <c>reminder KEY</c>, <c>seen VERSION</c>; of Terraform:
/// <c>run JOB begun|locked|unlocked</c>, <c>tfstate SERIAL of JOB</c>, <c>kept configuration</c>, <c>kept plan file</c>.
/// </param>
internal sealed record Boundary(string Name, int Backend, string Transaction);

/// <summary>
/// Stands at the database's door: every transaction that writes for one project waits, complete, right before its commit. Killed there, the server dies
/// before that write; and when the transaction is let through once the server is dead, right after it, with nothing done of what follows from it.
/// The product knows nothing of it: these are triggers in the installation's own database, which is the drill's to break.
/// </summary>
internal sealed class Boundaries : IAsyncDisposable
{
    /// <summary>Deferred triggers run at the commit. A boundary is stood at once, so a walk over all of them has an end.</summary>
    private const string Install =
        """
        CREATE SCHEMA IF NOT EXISTS drill;
        CREATE TABLE IF NOT EXISTS drill.watched (project text PRIMARY KEY);
        CREATE TABLE IF NOT EXISTS drill.passed (boundary text PRIMARY KEY);
        CREATE OR REPLACE FUNCTION drill.stand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
          watched text := (SELECT project FROM drill.watched);
          here text;
        BEGIN
          IF watched IS NULL OR current_setting('drill.stood', true) = 'yes' THEN RETURN NULL; END IF;
          IF TG_TABLE_NAME = 'orleansstorage' THEN
            IF split_part(NEW.grainidextensionstring, '/', 3) = watched THEN here := format('state %s@%s', NEW.grainidextensionstring, NEW.version); END IF;
          ELSIF TG_TABLE_NAME = 'orleansreminderstable' THEN
            IF split_part(NEW.grainid, '/', 4) = watched THEN here := format('reminder %s', substr(NEW.grainid, strpos(NEW.grainid, '/') + 1)); END IF;
          ELSIF TG_TABLE_NAME = 'infrastructure_plan' THEN
            -- Of no project: kept by what its bytes are. Two plan files are never the same bytes.
            here := CASE WHEN get_byte(NEW.body, 0) = ascii('{') THEN 'kept configuration' ELSE 'kept plan file' END;
          ELSIF NEW.project = watched THEN
            IF TG_TABLE_NAME = 'timeline' THEN here := format('facts %s@%s', NEW.grain_key, NEW.version);
            ELSIF TG_TABLE_NAME = 'traffic_second' THEN here := format('seen %s', NEW.version);
            ELSIF TG_TABLE_NAME = 'infrastructure_state' THEN here := format('tfstate %s of %s', NEW.serial, NEW.run);
            ELSIF TG_TABLE_NAME = 'infrastructure_run' THEN
              here := format('run %s %s', NEW.run, CASE WHEN TG_OP = 'INSERT' OR OLD.fence <> NEW.fence THEN 'begun' WHEN NEW.lock_id IS NULL THEN 'unlocked' ELSE 'locked' END);
            ELSIF TG_OP = 'INSERT' THEN here := format('job %s asked', NEW.id);
            ELSIF (OLD.state, OLD.told) IS DISTINCT FROM (NEW.state, NEW.told) THEN
              here := format('job %s %s', NEW.id, CASE WHEN NEW.state = 0 THEN 'back' WHEN NEW.state = 1 THEN 'running' WHEN OLD.state < 2 THEN 'ended' ELSE 'told' END);
            END IF;
          END IF;
          here := left(here, 60); -- an application's name, by which it is seen from outside, is cut off at 63
          IF here IS NULL OR EXISTS (SELECT FROM drill.passed WHERE boundary = here) THEN RETURN NULL; END IF;
          PERFORM set_config('drill.stood', 'yes', true), set_config('application_name', 'at ' || here, true);
          PERFORM pg_advisory_xact_lock_shared(7301);
          RETURN NULL;
        END $$;
        """;

    private static readonly string[] Tables =
    [
        "orleans.orleansstorage", "orleans.orleansreminderstable", "prodsprint.timeline", "prodsprint.job", "prodsprint.traffic_second",
        "prodsprint.infrastructure_plan", "prodsprint.infrastructure_run", "prodsprint.infrastructure_state",
    ];

    private readonly Installation _place;
    private readonly NpgsqlConnection _door;
    private readonly ConcurrentDictionary<string, byte> _effects = new();

    private Boundaries(Installation place, NpgsqlConnection door) => (_place, _door) = (place, door);

    /// <summary>From now on the writes of this project wait.</summary>
    public static async Task<Boundaries> OfAsync(Installation place, string project)
    {
        var boundaries = new Boundaries(place, await place.OpenDatabaseAsync());
        await boundaries.DoAsync(Install + string.Concat(Tables.Select(Trigger)));
        await boundaries.DoAsync("SELECT pg_advisory_lock(7301)");
        await boundaries.DoAsync("TRUNCATE drill.watched, drill.passed");
        await boundaries.DoAsync("INSERT INTO drill.watched VALUES ($1)", project);
        return boundaries;
    }

    /// <summary>For what is no write: the middle of an effect, where somebody else holds it up.</summary>
    public bool HasPassed(string effect) => _effects.ContainsKey(effect);

    public void Pass(string effect) => _effects[effect] = 0;

    /// <summary>The one that stands here longest, if any.</summary>
    public async Task<Boundary?> StandingAsync()
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT substr(application_name, 4), pid, coalesce(backend_xid::text, '') FROM pg_stat_activity
            WHERE application_name LIKE 'at %' AND wait_event = 'advisory' ORDER BY xact_start LIMIT 1
            """, _door);
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? new(row.GetString(0), row.GetInt32(1), row.GetString(2)) : null;
    }

    /// <summary>Waits for the next boundary that <paramref name="here"/> is about.</summary>
    public async Task<Boundary> NextAsync(Func<Boundary, bool> here)
    {
        while (true)
        {
            var standing = await Eventually.Is("the server stands at a boundary", StandingAsync, b => b is not null);
            if (here(standing!)) return standing!;
            await LetThroughAsync(standing!);
        }
    }

    /// <summary>The server goes on, and does not stop here again.</summary>
    public async Task LetThroughAsync(Boundary boundary)
    {
        await DoAsync("INSERT INTO drill.passed VALUES ($1) ON CONFLICT DO NOTHING", boundary.Name);
        await DoAsync("SELECT pg_advisory_unlock(7301)");
        await DoAsync("SELECT pg_advisory_lock(7301)");
    }

    /// <summary>
    /// After the server was killed: decides what the database has of the write it died in, all or nothing, and makes sure of it. Whatever else stood here is
    /// lost, as with any commit that was not reached.
    /// </summary>
    public async Task SettleAsync(Boundary boundary, bool committed)
    {
        await DoAsync("INSERT INTO drill.passed VALUES ($1) ON CONFLICT DO NOTHING", boundary.Name);
        await DoAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'at %' AND (NOT $1 OR pid <> $2)", committed, boundary.Backend);
        if (committed) await DoAsync("SELECT pg_advisory_unlock(7301)");
        await Eventually.Is($"the transaction of {boundary.Name} is over", () => _place.AskDatabaseAsync<bool>("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'at %')"), over => over);
        if (committed) await DoAsync("SELECT pg_advisory_lock(7301)");
        (await _place.AskDatabaseAsync<string>("SELECT pg_xact_status($1::xid8)", boundary.Transaction)).ShouldBe(committed ? "committed" : "aborted", boundary.Name);
    }

    public async ValueTask DisposeAsync()
    {
        await DoAsync("TRUNCATE drill.watched");
        await _door.DisposeAsync();
    }

    private static string Trigger(string table) =>
        $"""
         DROP TRIGGER IF EXISTS drill_stand ON {table};
         CREATE CONSTRAINT TRIGGER drill_stand AFTER INSERT OR UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION drill.stand();
         """;

    private async Task DoAsync(string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, _door);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }
}
