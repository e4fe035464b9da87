-- What was answered to a mutation with an Idempotency-Key: asked again within a day, the same is answered, and nothing is done twice.
CREATE TABLE prodsprint.idempotency_key (
  workspace     text NOT NULL,
  actor         text NOT NULL,
  key           text NOT NULL,
  fingerprint   bytea NOT NULL,
  -- Who works on it, and until when nobody else may; null status: no answer yet.
  claim         uuid NOT NULL,
  claimed_until timestamptz NOT NULL,
  status        integer,
  content_type  text,
  location      text,
  body          bytea,
  expires_at    timestamptz NOT NULL,
  PRIMARY KEY (workspace, actor, key)
);
CREATE INDEX idempotency_key_old ON prodsprint.idempotency_key (workspace, expires_at);
SELECT prodsprint.secure_table('prodsprint.idempotency_key', 'SELECT, INSERT, UPDATE, DELETE', NULL);
