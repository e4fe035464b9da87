-- What Terraform knows of an environment, version by version. Rows are added and never changed.
CREATE TABLE prodsprint.infrastructure_state (
  workspace   text NOT NULL,
  project     text NOT NULL,
  environment text NOT NULL,
  version     bigint NOT NULL,
  -- Terraform's own: which history it belongs to, and its number in it.
  lineage     text NOT NULL,
  serial      bigint NOT NULL,
  -- sha256:… of body.
  digest      text NOT NULL,
  body        text NOT NULL,
  -- Over all of the above, with a key that is not in the database: a row that somebody wrote or changed is no state of ours.
  seal        bytea NOT NULL,
  -- The job that wrote it.
  run         text NOT NULL,
  made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace, project, environment, version)
);
SELECT prodsprint.secure_table('prodsprint.infrastructure_state', 'SELECT, INSERT', NULL);

CREATE FUNCTION prodsprint.refuse_state_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER infrastructure_state_append_only BEFORE UPDATE OR DELETE ON prodsprint.infrastructure_state FOR EACH ROW EXECUTE FUNCTION prodsprint.refuse_state_change();
CREATE TRIGGER infrastructure_state_never_truncated BEFORE TRUNCATE ON prodsprint.infrastructure_state FOR EACH STATEMENT EXECUTE FUNCTION prodsprint.refuse_state_change();

-- Who works on an environment. Each run raises the fence: what an earlier one still wants to write is refused, and the lock it left is broken.
CREATE TABLE prodsprint.infrastructure_run (
  workspace   text NOT NULL,
  project     text NOT NULL,
  environment text NOT NULL,
  fence       bigint NOT NULL,
  run         text NOT NULL,
  -- Terraform's lock, while it holds it.
  lock_id     text,
  lock_info   text,
  begun_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace, project, environment)
);
SELECT prodsprint.secure_table('prodsprint.infrastructure_run', 'SELECT, INSERT, UPDATE', NULL);

-- Plan files and configurations, by the digest of their bytes: what was approved is what is applied.
CREATE TABLE prodsprint.infrastructure_plan (
  workspace text NOT NULL,
  digest    text NOT NULL,
  body      bytea NOT NULL,
  made_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace, digest)
);
SELECT prodsprint.secure_table('prodsprint.infrastructure_plan', 'SELECT, INSERT, UPDATE', NULL);
