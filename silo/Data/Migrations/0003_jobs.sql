-- The job queue. state: 0 queued, 1 running, 2 succeeded, 3 dead (failed for good), 4 cancelled.
CREATE TABLE prodsprint.job (
  id             text PRIMARY KEY,
  workspace      text NOT NULL,
  project        text,
  kind           text NOT NULL,
  owner_key      text,
  owner_version  bigint NOT NULL DEFAULT 0,
  owner_index    integer NOT NULL DEFAULT 0,
  group_key      text,
  payload        text NOT NULL,
  state          smallint NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 4),
  priority       smallint NOT NULL DEFAULT 0,
  run_at         timestamptz NOT NULL DEFAULT now(),
  attempt        integer NOT NULL DEFAULT 0,
  max_attempts   integer NOT NULL DEFAULT 3 CHECK (max_attempts > 0),
  interruptions  integer NOT NULL DEFAULT 0,
  time_limit_ms  bigint NOT NULL DEFAULT 600000 CHECK (time_limit_ms > 0),
  lease_owner    text,
  lease_until    timestamptz,
  cancel         boolean NOT NULL DEFAULT false,
  progress       real,
  progress_text  text,
  result         text,
  error          text,
  told           boolean NOT NULL DEFAULT true,
  created_at     timestamptz NOT NULL DEFAULT now(),
  started_at     timestamptz,
  ended_at       timestamptz
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
-- Small whatever the history: each holds only what is waiting, running, or not told yet.
CREATE INDEX job_queued ON prodsprint.job (workspace, priority DESC, run_at) WHERE state = 0;
CREATE INDEX job_running ON prodsprint.job (lease_until) WHERE state = 1;
CREATE INDEX job_untold ON prodsprint.job (ended_at) WHERE NOT told;
CREATE INDEX job_group ON prodsprint.job (group_key) WHERE state < 2 AND group_key IS NOT NULL;
CREATE INDEX job_dead ON prodsprint.job (workspace, created_at) WHERE state = 3;
CREATE INDEX job_listed ON prodsprint.job (workspace, created_at, id);
SELECT prodsprint.secure_table('prodsprint.job', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
-- People may retry and cancel, in their workspace, and nothing else about a job.
GRANT UPDATE (state, run_at, attempt, interruptions, cancel, error, told, ended_at, progress, progress_text) ON prodsprint.job TO prodsprint_app;

CREATE TABLE prodsprint.job_log (
  workspace text NOT NULL,
  job_id    text NOT NULL REFERENCES prodsprint.job (id) ON DELETE CASCADE,
  n         bigint GENERATED ALWAYS AS IDENTITY,
  attempt   integer NOT NULL,
  at        timestamptz NOT NULL,
  line      text NOT NULL,
  PRIMARY KEY (job_id, n)
);
SELECT prodsprint.secure_table('prodsprint.job_log', 'SELECT', 'SELECT, INSERT, DELETE');
