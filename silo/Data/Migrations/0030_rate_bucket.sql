-- What is left of each tenant's requests, for all web processes together. Unlogged: after a crash of PostgreSQL all buckets are full, and nothing else is lost.
-- The subject is a workspace, or an address for those who are nobody's members; no request reads it, so it belongs to the worker.
CREATE UNLOGGED TABLE prodsprint.rate_bucket (
  subject text NOT NULL,
  tier    text NOT NULL,
  tokens  double precision NOT NULL,
  at      timestamptz NOT NULL,
  PRIMARY KEY (subject, tier)
) WITH (fillfactor = 50);
SELECT prodsprint.secure_table('prodsprint.rate_bucket', NULL, 'SELECT, INSERT, UPDATE, DELETE');

-- Takes up to `want` whole tokens out of a bucket of `capacity` into which `rate` a second flow; what is left may be a fraction.
CREATE FUNCTION prodsprint.take_tokens(subject_ text, tier_ text, capacity double precision, rate double precision, want integer)
RETURNS TABLE (granted integer, remaining double precision) LANGUAGE plpgsql SET search_path = prodsprint, pg_catalog, pg_temp AS $$
DECLARE
  b         rate_bucket;
  available double precision;
BEGIN
  INSERT INTO rate_bucket AS r VALUES (subject_, tier_, capacity, clock_timestamp()) ON CONFLICT DO NOTHING;
  SELECT * INTO b FROM rate_bucket r WHERE r.subject = subject_ AND r.tier = tier_ FOR UPDATE;
  -- A clock that was set back brings nothing, and takes nothing away.
  available := least(capacity, b.tokens + rate * greatest(0, extract(epoch FROM clock_timestamp() - b.at)));
  granted := least(want, floor(available));
  remaining := available - granted;
  UPDATE rate_bucket r SET tokens = remaining, at = greatest(b.at, clock_timestamp()) WHERE r.subject = subject_ AND r.tier = tier_;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION prodsprint.take_tokens(text, text, double precision, double precision, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prodsprint.take_tokens(text, text, double precision, double precision, integer) TO prodsprint_worker;
