-- What an application's routes showed under load, release by release, and what they may not exceed.
-- Lists of routes and scenarios are documents, by the digests here.
CREATE TABLE prodsprint.performance_routes (
  workspace text NOT NULL,
  project   text NOT NULL,
  commit    text NOT NULL,
  digest    text NOT NULL,
  source    text NOT NULL,
  routes    integer NOT NULL,
  left_out  integer NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (workspace, project, commit)
);
SELECT prodsprint.secure_table('prodsprint.performance_routes', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');

-- made_by: k6 or built-in; figures of one are not held against the other's. job: tried again, it is one run.
CREATE TABLE prodsprint.performance_run (
  workspace text NOT NULL,
  project   text NOT NULL,
  run       bigint GENERATED ALWAYS AS IDENTITY,
  job       text NOT NULL,
  release   integer NOT NULL,
  commit    text NOT NULL,
  made_by   text NOT NULL,
  scenario  text NOT NULL,
  at        timestamptz NOT NULL,
  detail    text NOT NULL,
  PRIMARY KEY (workspace, project, run)
);
CREATE UNIQUE INDEX performance_run_once ON prodsprint.performance_run (workspace, project, job);
CREATE INDEX performance_run_of ON prodsprint.performance_run (workspace, project, commit, run DESC);
SELECT prodsprint.secure_table('prodsprint.performance_run', 'SELECT, INSERT, DELETE', 'SELECT');

CREATE TABLE prodsprint.performance_figure (
  workspace     text NOT NULL,
  project       text NOT NULL,
  run           bigint NOT NULL,
  route         text NOT NULL,
  requests      integer NOT NULL,
  failed        integer NOT NULL,
  p50_ms        double precision NOT NULL,
  p95_ms        double precision NOT NULL,
  p99_ms        double precision NOT NULL,
  problem       text,
  limit_p95_ms  double precision,
  p95_from      text,
  limit_errors  double precision,
  errors_from   text,
  breach        text,
  PRIMARY KEY (workspace, project, run, route)
);
SELECT prodsprint.secure_table('prodsprint.performance_figure', 'SELECT, INSERT, DELETE', 'SELECT');

CREATE TABLE prodsprint.performance_budget (
  workspace     text NOT NULL,
  project       text NOT NULL,
  route         text NOT NULL,
  p95_ms        double precision,
  error_percent double precision,
  made_by       text NOT NULL,
  at            timestamptz NOT NULL,
  PRIMARY KEY (workspace, project, route)
);
SELECT prodsprint.secure_table('prodsprint.performance_budget', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
