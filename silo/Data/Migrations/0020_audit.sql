-- The audit log: who did what, chained per workspace. Each row's hash covers its own fields and the hash of the row before, so that an altered, removed
-- or reordered row shows (silo/Audit/AuditChain.cs computes the same). The head says where the chain ends, so that a cut-off end shows as well.
CREATE TABLE prodsprint.audit_head (
  workspace text PRIMARY KEY,
  seq       bigint NOT NULL,
  hash      bytea NOT NULL
);
CREATE TABLE prodsprint.audit_log (
  workspace  text NOT NULL,
  seq        bigint NOT NULL,
  at         timestamptz NOT NULL,
  actor      text NOT NULL,
  credential text NOT NULL,
  action     text NOT NULL,
  resource   text NOT NULL,
  outcome    text NOT NULL,
  before     text,
  after      text,
  reason     text,
  request    text NOT NULL,
  personal   bytea NOT NULL,
  previous   bytea NOT NULL,
  hash       bytea NOT NULL,
  PRIMARY KEY (workspace, seq)
);
CREATE INDEX audit_log_actor ON prodsprint.audit_log (workspace, actor, seq);
CREATE INDEX audit_log_action ON prodsprint.audit_log (workspace, action, seq);
CREATE INDEX audit_log_at ON prodsprint.audit_log (workspace, at);

-- What identifies a person beyond the actor's id: kept apart, so that it can be erased without breaking the chain, which holds only a salted digest.
CREATE TABLE prodsprint.audit_personal (
  workspace text NOT NULL,
  seq       bigint NOT NULL,
  salt      bytea NOT NULL,
  origin    text,
  agent     text,
  PRIMARY KEY (workspace, seq)
);

SELECT prodsprint.secure_table('prodsprint.audit_head', 'SELECT', 'SELECT');
SELECT prodsprint.secure_table('prodsprint.audit_log', 'SELECT', 'SELECT');
SELECT prodsprint.secure_table('prodsprint.audit_personal', 'SELECT', 'SELECT, DELETE');

CREATE FUNCTION prodsprint.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON prodsprint.audit_log FOR EACH ROW EXECUTE FUNCTION prodsprint.refuse_audit_change();
CREATE TRIGGER audit_log_never_truncated BEFORE TRUNCATE ON prodsprint.audit_log FOR EACH STATEMENT EXECUTE FUNCTION prodsprint.refuse_audit_change();

-- A field with its length, so that no two rows have the same bytes; '-' is null.
CREATE FUNCTION prodsprint.audit_field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN value IS NULL THEN convert_to('-', 'UTF8') ELSE convert_to(octet_length(convert_to(value, 'UTF8')) || ':' || value, 'UTF8') END
$$;

-- The one way in: it numbers and chains, holding the workspace's head until the commit. It writes to the workspace the session has proved, to no other.
CREATE FUNCTION prodsprint.audit_append(
  actor text, credential text, action text, resource text, outcome text, before text, after text, reason text, request text, origin text, agent text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ws       text := prodsprint.current_workspace();
  n        bigint;
  previous bytea;
  salt     bytea := decode(replace(gen_random_uuid()::text, '-', ''), 'hex');
  personal bytea := sha256(salt || prodsprint.audit_field(origin) || prodsprint.audit_field(agent));
  at       timestamptz;
  row_hash bytea;
BEGIN
  IF ws IS NULL THEN RAISE EXCEPTION 'the session has no workspace' USING ERRCODE = 'insufficient_privilege'; END IF;
  INSERT INTO prodsprint.audit_head AS h VALUES (ws, 0, '\x') ON CONFLICT (workspace) DO NOTHING;
  SELECT h.seq + 1, h.hash INTO n, previous FROM prodsprint.audit_head h WHERE h.workspace = ws FOR UPDATE;
  at := clock_timestamp();
  row_hash := sha256(previous || prodsprint.audit_field(ws) || prodsprint.audit_field(n::text) || prodsprint.audit_field((extract(epoch FROM at) * 1000000)::bigint::text)
    || prodsprint.audit_field(actor) || prodsprint.audit_field(credential) || prodsprint.audit_field(action) || prodsprint.audit_field(resource)
    || prodsprint.audit_field(outcome) || prodsprint.audit_field(before) || prodsprint.audit_field(after) || prodsprint.audit_field(reason)
    || prodsprint.audit_field(request) || personal);
  INSERT INTO prodsprint.audit_log VALUES (ws, n, at, actor, credential, action, resource, outcome, before, after, reason, request, personal, previous, row_hash);
  INSERT INTO prodsprint.audit_personal VALUES (ws, n, salt, origin, agent);
  UPDATE prodsprint.audit_head h SET seq = n, hash = row_hash WHERE h.workspace = ws;
  RETURN n;
END $$;
REVOKE ALL ON FUNCTION prodsprint.audit_append(text, text, text, text, text, text, text, text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prodsprint.audit_append(text, text, text, text, text, text, text, text, text, text, text) TO prodsprint_app;
