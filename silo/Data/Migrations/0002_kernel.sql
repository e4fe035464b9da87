-- Workspaces, the timeline, the read model and documents.
-- Every table of schema prodsprint is handed to secure_table(): row-level security on and forced, one workspace for the app, all for the worker.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA prodsprint FROM PUBLIC;
GRANT USAGE ON SCHEMA prodsprint TO prodsprint_app, prodsprint_worker;

CREATE TABLE prodsprint.workspace_key (one boolean PRIMARY KEY CHECK (one), key bytea NOT NULL);

-- The workspace of this session, if whoever set it could sign it; else null, which no row has. Called once per query, not per row.
CREATE FUNCTION prodsprint.current_workspace() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT current_setting('prodsprint.workspace', true)
  FROM prodsprint.workspace_key k
  WHERE encode(sha256(k.key || sha256(k.key || convert_to(current_setting('prodsprint.workspace', true), 'UTF8'))), 'hex')
      = current_setting('prodsprint.workspace_proof', true)
$$;
REVOKE ALL ON FUNCTION prodsprint.current_workspace() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prodsprint.current_workspace() TO prodsprint_app;

-- For a table with a column "workspace". Rights as in GRANT: 'SELECT', 'SELECT, INSERT'; null for none.
CREATE FUNCTION prodsprint.secure_table(name regclass, app_rights text, worker_rights text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('REVOKE ALL ON TABLE %s FROM PUBLIC', name);
  EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true) WITH CHECK (true)', name);
  IF app_rights IS NOT NULL THEN
    EXECUTE format('CREATE POLICY app ON %s TO prodsprint_app USING (workspace = (SELECT prodsprint.current_workspace())) '
                || 'WITH CHECK (workspace = (SELECT prodsprint.current_workspace()))', name);
    EXECUTE format('GRANT %s ON %s TO prodsprint_app', app_rights, name);
  END IF;
  IF worker_rights IS NOT NULL THEN
    EXECUTE format('CREATE POLICY worker ON %s TO prodsprint_worker USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT %s ON %s TO prodsprint_worker', worker_rights, name);
  END IF;
END $$;
REVOKE ALL ON FUNCTION prodsprint.secure_table(regclass, text, text) FROM PUBLIC;

SELECT prodsprint.secure_table('prodsprint.schema_migration', NULL, NULL);
SELECT prodsprint.secure_table('prodsprint.workspace_key', NULL, NULL);

-- One order over the timeline and the read model: whoever has seen N and asks for what came after N misses nothing.
-- Writers take advisory lock 'live' before they draw from it, so that numbers become visible in their order.
CREATE SEQUENCE prodsprint.live_seq CACHE 1;
GRANT USAGE ON SEQUENCE prodsprint.live_seq TO prodsprint_worker;

CREATE TABLE prodsprint.timeline (
  seq         bigint NOT NULL DEFAULT nextval('prodsprint.live_seq') PRIMARY KEY,
  id          text NOT NULL UNIQUE,
  workspace   text NOT NULL,
  project     text,
  grain_key   text NOT NULL,
  version     bigint NOT NULL,
  index       integer NOT NULL,
  at          timestamptz NOT NULL,
  kind        text NOT NULL,
  actor       text NOT NULL,
  reason      text,
  text        text NOT NULL,
  diff        text,
  body        jsonb NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX timeline_project ON prodsprint.timeline (workspace, project, seq);
CREATE INDEX timeline_grain ON prodsprint.timeline (grain_key, version, index);
SELECT prodsprint.secure_table('prodsprint.timeline', 'SELECT', 'SELECT, INSERT');

-- Rights alone would do for the roles; the trigger also stops an owner's slip.
CREATE FUNCTION prodsprint.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the timeline is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER timeline_append_only BEFORE UPDATE OR DELETE ON prodsprint.timeline
  FOR EACH ROW EXECUTE FUNCTION prodsprint.refuse_change();
CREATE TRIGGER timeline_never_truncated BEFORE TRUNCATE ON prodsprint.timeline
  FOR EACH STATEMENT EXECUTE FUNCTION prodsprint.refuse_change();

CREATE TABLE prodsprint.resource_view (
  workspace  text NOT NULL,
  kind       text NOT NULL,
  key        text NOT NULL,
  project    text,
  version    bigint NOT NULL,
  seq        bigint NOT NULL DEFAULT nextval('prodsprint.live_seq'),
  body       jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, kind, key)
);
CREATE INDEX resource_view_seq ON prodsprint.resource_view (seq);
CREATE INDEX resource_view_project ON prodsprint.resource_view (workspace, project, kind);
SELECT prodsprint.secure_table('prodsprint.resource_view', 'SELECT', 'SELECT, INSERT, UPDATE');

-- Audit reports and plans, by the digest of their text: what was approved can be shown to be what is carried out.
CREATE TABLE prodsprint.document (
  workspace  text NOT NULL,
  digest     text NOT NULL CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
  kind       text NOT NULL,
  body       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, digest)
);
SELECT prodsprint.secure_table('prodsprint.document', 'SELECT, INSERT', 'SELECT, INSERT');
