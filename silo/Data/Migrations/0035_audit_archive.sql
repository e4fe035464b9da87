-- What of the audit log lies in a sealed archive elsewhere, and is no longer here. The chain goes on from the head of the last one: the anchor.
CREATE TABLE prodsprint.audit_archive (
  workspace  text NOT NULL,
  from_seq   bigint NOT NULL,
  to_seq     bigint NOT NULL,
  anchor     bytea NOT NULL,
  head       bytea NOT NULL,
  pruned_by  text NOT NULL,
  pruned_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, to_seq)
);
SELECT prodsprint.secure_table('prodsprint.audit_archive', 'SELECT', 'SELECT');

-- Only audit_prune() may delete, and only what it says: the setting is its transaction's, and names the workspace and the last row.
CREATE OR REPLACE FUNCTION prodsprint.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
     AND current_setting('prodsprint.audit_prune', true) = OLD.workspace || ' ' || (SELECT max(a.to_seq) FROM prodsprint.audit_archive a WHERE a.workspace = OLD.workspace)
     AND OLD.seq <= (SELECT max(a.to_seq) FROM prodsprint.audit_archive a WHERE a.workspace = OLD.workspace) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

-- Whoever names the hash of a row has the archive that ends with it. Rows up to it that are older than `older_than` are taken out of the workspace the session has proved;
-- null: the hash is not that row's, or it is younger. How many otherwise.
CREATE FUNCTION prodsprint.audit_prune(head_seq bigint, head_hash bytea, older_than timestamptz, by_actor text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ws      text := prodsprint.current_workspace();
  first   prodsprint.audit_log;
  deleted bigint;
BEGIN
  IF ws IS NULL THEN RAISE EXCEPTION 'the session has no workspace' USING ERRCODE = 'insufficient_privilege'; END IF;
  -- With the workspace's head held nobody appends, and of two that prune one comes after the other.
  PERFORM 1 FROM prodsprint.audit_head h WHERE h.workspace = ws FOR UPDATE;
  PERFORM 1 FROM prodsprint.audit_log l WHERE l.workspace = ws AND l.seq = head_seq AND l.hash = head_hash AND l.at < older_than;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT * INTO first FROM prodsprint.audit_log l WHERE l.workspace = ws ORDER BY l.seq LIMIT 1;
  INSERT INTO prodsprint.audit_archive (workspace, from_seq, to_seq, anchor, head, pruned_by) VALUES (ws, first.seq, head_seq, first.previous, head_hash, by_actor);
  PERFORM set_config('prodsprint.audit_prune', ws || ' ' || head_seq, true);
  DELETE FROM prodsprint.audit_log l WHERE l.workspace = ws AND l.seq <= head_seq;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  DELETE FROM prodsprint.audit_personal p WHERE p.workspace = ws AND p.seq <= head_seq;
  PERFORM set_config('prodsprint.audit_prune', '', true);
  RETURN deleted;
END $$;
REVOKE ALL ON FUNCTION prodsprint.audit_prune(bigint, bytea, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prodsprint.audit_prune(bigint, bytea, timestamptz, text) TO prodsprint_app;
