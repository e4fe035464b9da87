-- What routers saw: one row per version, second and batch. Appended by COPY; read by charts and by the judge's evidence after a restart.
CREATE SEQUENCE prodsprint.traffic_batch CACHE 1;
GRANT USAGE ON SEQUENCE prodsprint.traffic_batch TO prodsprint_worker;

CREATE TABLE prodsprint.traffic_second (
  workspace   text NOT NULL,
  project     text NOT NULL,
  environment text NOT NULL,
  version     text NOT NULL,
  second      bigint NOT NULL,
  batch       bigint NOT NULL,
  requests    bigint NOT NULL,
  errors      bigint NOT NULL,
  faults      bigint NOT NULL,
  classes     bigint[] NOT NULL,
  buckets     integer[] NOT NULL,
  counts      bigint[] NOT NULL,
  PRIMARY KEY (workspace, project, environment, second, version, batch)
);
CREATE INDEX traffic_second_old ON prodsprint.traffic_second (second);
SELECT prodsprint.secure_table('prodsprint.traffic_second', 'SELECT', 'SELECT, INSERT, DELETE');

-- How far each router's reports are safe here: a batch that comes again after a lost acknowledgement is not counted twice.
CREATE TABLE prodsprint.router_cursor (
  router     text PRIMARY KEY,
  sequence   bigint NOT NULL,
  dropped    bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
SELECT prodsprint.secure_table('prodsprint.router_cursor', NULL, 'SELECT, INSERT, UPDATE, DELETE');
