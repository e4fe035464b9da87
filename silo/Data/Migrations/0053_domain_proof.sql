-- A domain leads to a connection when it is proven: by a record that only whoever keeps its DNS can make ('dns'), or, where the server asks for none, by an Admin's word ('stated').
-- What was stated before goes on leading, as 'stated'. Until it is proven anybody may state a domain, so that nobody keeps another's away from them.
ALTER TABLE prodsprint.sign_in_domain
  ADD COLUMN challenge text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
  ADD COLUMN proven_at timestamptz,
  ADD COLUMN proof     text CHECK (proof IN ('dns', 'stated')),
  ADD CHECK ((proven_at IS NULL) = (proof IS NULL)),
  DROP CONSTRAINT sign_in_domain_domain_key;
UPDATE prodsprint.sign_in_domain SET proven_at = stated_at, proof = 'stated';
CREATE UNIQUE INDEX sign_in_domain_proven ON prodsprint.sign_in_domain (domain) WHERE proven_at IS NOT NULL;
GRANT UPDATE (proven_at, proof) ON prodsprint.sign_in_domain TO prodsprint_app;
