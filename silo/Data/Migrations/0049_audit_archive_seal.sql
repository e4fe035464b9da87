-- HMAC of the server over what was archived (AuditSeal); without one nobody knows whether it was.
ALTER TABLE prodsprint.audit_archive ADD COLUMN seal bytea;
DROP FUNCTION prodsprint.audit_prune(bigint, bytea, timestamptz, text);

-- Whoever names the hash of a row has the archive that ends with it. Rows up to it that are older than `older_than` are taken out of the workspace the session has proved;
-- null: the hash is not that row's, it is younger, or another row is the first. How many otherwise. The server's seal over what is taken out is kept,
-- so that a record of an archive that somebody made up is told from one that was written.
CREATE FUNCTION prodsprint.audit_prune(head_seq bigint, head_hash bytea, older_than timestamptz, by_actor text, first_seq bigint, seal bytea) RETURNS bigint
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
  IF first.seq <> first_seq THEN RETURN NULL; END IF;
  INSERT INTO prodsprint.audit_archive (workspace, from_seq, to_seq, anchor, head, pruned_by, seal) VALUES (ws, first.seq, head_seq, first.previous, head_hash, by_actor, audit_prune.seal);
  PERFORM set_config('prodsprint.audit_prune', ws || ' ' || head_seq, true);
  DELETE FROM prodsprint.audit_log l WHERE l.workspace = ws AND l.seq <= head_seq;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  DELETE FROM prodsprint.audit_personal p WHERE p.workspace = ws AND p.seq <= head_seq;
  PERFORM set_config('prodsprint.audit_prune', '', true);
  RETURN deleted;
END $$;
REVOKE ALL ON FUNCTION prodsprint.audit_prune(bigint, bytea, timestamptz, text, bigint, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prodsprint.audit_prune(bigint, bytea, timestamptz, text, bigint, bytea) TO prodsprint_app;
