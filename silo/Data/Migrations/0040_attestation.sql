-- What says where an artifact came from, signed; and the keys it is held against. Rows are added and never changed: a key that signs no more still verifies.
CREATE TABLE prodsprint.attestation_key (
  workspace  text NOT NULL,
  -- SHA-256 of public_key, hex.
  id         text NOT NULL,
  -- SubjectPublicKeyInfo, DER: ECDSA on P-256.
  public_key bytea NOT NULL,
  -- The public key again, sealed with a key that is not in the database: a row that somebody wrote into the table is no key of ours.
  proof      bytea NOT NULL,
  made_by    text NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, id)
);
SELECT prodsprint.secure_table('prodsprint.attestation_key', 'SELECT, INSERT', 'SELECT');

-- The one private key of a workspace that signs now, sealed. A rotation writes over it, so that what has been replaced is nowhere any more.
CREATE TABLE prodsprint.attestation_signer (
  workspace   text PRIMARY KEY,
  key_id      text NOT NULL,
  private_key bytea NOT NULL
);
SELECT prodsprint.secure_table('prodsprint.attestation_signer', 'SELECT, INSERT, UPDATE', NULL);

CREATE TABLE prodsprint.attestation (
  workspace      text NOT NULL,
  -- sha256:… of the envelope.
  id             text NOT NULL,
  project        text NOT NULL,
  artifact       text NOT NULL,
  predicate_type text NOT NULL,
  -- Of what: the input of a build by digest, or deployment/production/3.
  source         text NOT NULL,
  -- A DSSE envelope, as it was signed.
  envelope       text NOT NULL,
  made_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, id)
);
CREATE INDEX attestation_artifact ON prodsprint.attestation (workspace, project, artifact, made_at DESC);
SELECT prodsprint.secure_table('prodsprint.attestation', 'SELECT, INSERT', 'SELECT');

CREATE FUNCTION prodsprint.refuse_attestation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER attestation_append_only BEFORE UPDATE OR DELETE ON prodsprint.attestation FOR EACH ROW EXECUTE FUNCTION prodsprint.refuse_attestation_change();
CREATE TRIGGER attestation_never_truncated BEFORE TRUNCATE ON prodsprint.attestation FOR EACH STATEMENT EXECUTE FUNCTION prodsprint.refuse_attestation_change();
CREATE TRIGGER attestation_key_append_only BEFORE UPDATE OR DELETE ON prodsprint.attestation_key FOR EACH ROW EXECUTE FUNCTION prodsprint.refuse_attestation_change();
CREATE TRIGGER attestation_key_never_truncated BEFORE TRUNCATE ON prodsprint.attestation_key FOR EACH STATEMENT EXECUTE FUNCTION prodsprint.refuse_attestation_change();
