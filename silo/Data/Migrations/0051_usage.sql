-- What running services used, an hour a row: histograms of processors and MiB (see UsageHistogram), and the limits they ran under.
-- hour: since 1970-01-01T00:00Z. Rows older than a month are deleted.
CREATE TABLE prodsprint.usage_hour (
  workspace        text NOT NULL,
  project          text NOT NULL,
  environment      text NOT NULL,
  service          text NOT NULL,
  hour             bigint NOT NULL,
  cpu_buckets      integer[] NOT NULL,
  cpu_counts       bigint[] NOT NULL,
  cpu_max          double precision NOT NULL,
  memory_buckets   integer[] NOT NULL,
  memory_counts    bigint[] NOT NULL,
  memory_max_mib   double precision NOT NULL,
  limit_memory_mib integer NOT NULL,
  limit_cpus       integer,
  PRIMARY KEY (workspace, project, environment, service, hour)
);
CREATE INDEX usage_hour_old ON prodsprint.usage_hour (hour);
SELECT prodsprint.secure_table('prodsprint.usage_hour', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
