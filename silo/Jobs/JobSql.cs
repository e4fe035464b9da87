namespace ProdSprint.Jobs;

/// <summary>The statements of the queue. All take arrays, so that a batch of any size is one statement and one round trip.</summary>
internal static class JobSql
{
    public const string Channel = "prodsprint_job";

    public const string Enqueue =
        """
        INSERT INTO job (id, workspace, project, kind, payload, time_limit_ms, max_attempts, run_at, group_key, owner_key, owner_version, owner_index, priority, trace)
        SELECT id, workspace, project, kind, payload, time_limit_ms, max_attempts, coalesce(run_at, now()), group_key, owner_key, owner_version, owner_index, priority, trace
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::int[], $8::timestamptz[], $9::text[], $10::text[], $11::bigint[], $12::int[], $13::smallint[], $14::text[])
          AS n(id, workspace, project, kind, payload, time_limit_ms, max_attempts, run_at, group_key, owner_key, owner_version, owner_index, priority, trace)
        ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>$1 seconds until the first of them is due, as text; empty for now.</summary>
    public const string Ring = "SELECT pg_notify('prodsprint_job', $1)";

    /// <summary>
    /// $1 how many, $2 kinds, $3 worker, $4 lease in seconds; $5 how many of each kind, $6 of each kind for one tenant; $7 tenants that have jobs here, $8 how
    /// many, $9 how many more they may have ($10: who has none); $11 tenant and $12 kind of which it may still have $13. Each workspace with work offers its
    /// share; of what is offered, those workspaces come first that have the least running. Workspaces are found by hopping through the index, so a backlog
    /// of one costs the others nothing.
    /// </summary>
    public const string Fetch =
        """
        WITH RECURSIVE w(workspace) AS (
          (SELECT workspace FROM job WHERE state = 0 ORDER BY workspace LIMIT 1)
          UNION ALL
          SELECT (SELECT j.workspace FROM job j WHERE j.state = 0 AND j.workspace > w.workspace ORDER BY j.workspace LIMIT 1)
          FROM w WHERE w.workspace IS NOT NULL
        ), tenant AS MATERIALIZED (
          SELECT * FROM unnest($7::text[], $8::int[], $9::int[]) t(workspace, running, room)
        ), within AS MATERIALIZED (
          SELECT * FROM unnest($11::text[], $12::text[], $13::int[]) t(workspace, kind, room)
        ), kinds AS MATERIALIZED (
          SELECT * FROM unnest($2::text[], $5::int[], $6::int[]) k(kind, room, of_one)
        ), shares AS MATERIALIZED (
          SELECT w.workspace, coalesce(t.running, 0) AS running, least(greatest(1, $1::int / count(*) OVER ()), coalesce(t.room, $10::int))::int AS share
          FROM w LEFT JOIN tenant t ON t.workspace = w.workspace WHERE w.workspace IS NOT NULL
        ), offered AS MATERIALIZED (
          SELECT o.id, o.kind, o.priority, o.run_at, s.workspace, s.running
          FROM shares s CROSS JOIN LATERAL (
            SELECT id, kind, priority, run_at FROM job
            WHERE state = 0 AND workspace = s.workspace AND run_at <= now() AND kind = ANY($2::text[])
              AND NOT EXISTS (SELECT 1 FROM within c WHERE c.workspace = s.workspace AND c.kind = job.kind AND c.room = 0)
            ORDER BY priority DESC, run_at LIMIT s.share FOR UPDATE SKIP LOCKED) o
        ), ranked AS (
          SELECT *, running + row_number() OVER (PARTITION BY workspace ORDER BY priority DESC, run_at) AS turn,
            row_number() OVER (PARTITION BY workspace, kind ORDER BY priority DESC, run_at) AS of_tenant
          FROM offered
        ), allowed AS (
          SELECT r.id, r.turn, r.priority, r.run_at, k.room, row_number() OVER (PARTITION BY r.kind ORDER BY r.turn, r.priority DESC, r.run_at) AS of_kind
          FROM ranked r JOIN kinds k ON k.kind = r.kind LEFT JOIN within c ON c.workspace = r.workspace AND c.kind = r.kind
          WHERE r.of_tenant <= coalesce(c.room, k.of_one)
        ), taken AS (
          SELECT id FROM allowed WHERE of_kind <= room ORDER BY turn, priority DESC, run_at LIMIT $1
        )
        UPDATE job j SET state = 1, attempt = j.attempt + 1, lease_owner = $3, lease_until = now() + make_interval(secs => $4),
          started_at = now(), progress = NULL, progress_text = NULL
        WHERE j.id = ANY(ARRAY(SELECT id FROM taken))
        RETURNING j.id, j.workspace, j.project, j.kind, j.owner_key, j.payload, j.attempt, j.max_attempts, j.time_limit_ms, j.interruptions, j.trace
        """;

    /// <summary>Only by the worker that holds the lease, for the attempt it holds it for: who lost it writes nothing. The cast keeps the planner from
    /// walking all that runs for each row of the batch (index job_running) instead of the batch by key.</summary>
    public const string End =
        """
        UPDATE job j SET state = e.state, result = e.result, error = e.error,
          attempt = j.attempt - e.uncounted,
          run_at = CASE WHEN e.state = 0 THEN now() + make_interval(secs => e.wait) ELSE j.run_at END,
          ended_at = CASE WHEN e.state = 0 THEN NULL ELSE now() END,
          told = e.state = 0 OR j.owner_key IS NULL, lease_owner = NULL, lease_until = NULL
        FROM unnest($2::text[], $3::int[], $4::smallint[], $5::text[], $6::text[], $7::float8[], $8::int[]) AS e(id, attempt, state, result, error, wait, uncounted)
        WHERE j.id = e.id AND j.state::int = 1 AND j.lease_owner = $1 AND j.attempt = e.attempt
        RETURNING j.id
        """;

    /// <summary>
    /// Also says which of them are to be cancelled. Never waits for a row: two statements that lock many rows in different orders would sooner or
    /// later wait for each other. A row that was locked may come back through <see cref="StillMine"/>; if not, the job has another worker now.
    /// </summary>
    public const string Renew =
        """
        UPDATE job SET lease_until = now() + make_interval(secs => $2)
        WHERE id = ANY(ARRAY(SELECT id FROM job WHERE state = 1 AND lease_owner = $1 FOR UPDATE SKIP LOCKED)) RETURNING id, attempt, cancel
        """;

    public const string StillMine = "SELECT id, attempt FROM job WHERE id = ANY($2::text[]) AND state = 1 AND lease_owner = $1";

    public const string Cancelled = "SELECT id FROM job WHERE state = 1 AND lease_owner = $1 AND cancel";

    public const string LeaseOwners = "SELECT DISTINCT lease_owner FROM job WHERE state = 1 AND lease_owner IS NOT NULL";

    /// <summary>
    /// $1 workers known to be dead, $2 the most interruptions. Losing its server is not a job's fault, so the attempt does not count; but a job
    /// that loses one server after the other is the one that kills them.
    /// </summary>
    public const string TakeOver =
        """
        UPDATE job SET
          state = CASE WHEN cancel THEN 4 WHEN interruptions >= $2 THEN 3 ELSE 0 END,
          error = CASE WHEN cancel THEN 'Cancelled.' WHEN interruptions >= $2
            THEN 'The server was lost ' || interruptions + 1 || ' times while this job ran. Next: look at the server''s memory and log, then retry the job.' ELSE error END,
          told = NOT (cancel OR interruptions >= $2) OR owner_key IS NULL,
          ended_at = CASE WHEN cancel OR interruptions >= $2 THEN now() END,
          interruptions = interruptions + 1, attempt = greatest(0, attempt - 1), lease_owner = NULL, lease_until = NULL
        WHERE id = ANY(ARRAY(SELECT id FROM job WHERE state = 1 AND (lease_until < now() OR lease_owner = ANY($1::text[])) FOR UPDATE SKIP LOCKED))
        RETURNING id
        """;

    /// <summary>$1 seconds since the last try.</summary>
    public const string Untold =
        """
        SELECT id, owner_key, kind, state, result, error, attempt, trace FROM job
        WHERE NOT told AND ended_at < now() - make_interval(secs => $1) ORDER BY ended_at LIMIT 500
        """;

    public const string Told =
        "UPDATE job j SET told = true FROM unnest($1::text[], $2::int[]) AS t(id, attempt) WHERE j.id = t.id AND j.attempt = t.attempt AND j.state::int >= 2";

    public const string Forget =
        """
        DELETE FROM job WHERE id IN (
          SELECT id FROM job WHERE state >= 2 AND told AND ended_at < now() - make_interval(secs => CASE WHEN state = 3 THEN 3 * $1 ELSE $1 END) LIMIT 5000)
        """;

    /// <summary>
    /// $1 group, $2 kinds spared, $3 owner, $4 version and $5 index of the asking effect: jobs the owner asked for later are not meant,
    /// though the effect may be repeated after a crash. Queued ones end here; running ones are told to by their worker.
    /// </summary>
    public const string CancelGroup =
        """
        UPDATE job SET cancel = true,
          state = CASE WHEN state = 0 THEN 4 ELSE state END,
          error = CASE WHEN state = 0 THEN 'Cancelled.' ELSE error END,
          ended_at = CASE WHEN state = 0 THEN now() END,
          told = told AND (state <> 0 OR owner_key IS NULL)
        WHERE state < 2 AND id = ANY(ARRAY(
          SELECT id FROM job WHERE group_key = $1 AND state < 2 AND NOT kind = ANY($2::text[])
            AND (owner_key IS DISTINCT FROM $3 OR (owner_version, owner_index) < ($4::bigint, $5::int))
          ORDER BY id COLLATE "C" FOR UPDATE))
        """;
}
