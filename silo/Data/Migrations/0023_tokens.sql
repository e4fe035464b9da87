-- Tokens that people and services show instead of signing in. Only a digest is kept: who reads this table can use none of them.
CREATE TABLE identity.token (
  id          text PRIMARY KEY,
  workspace   text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('personal', 'service')),
  -- The account it acts for, or the service's name.
  owner       text NOT NULL,
  name        text NOT NULL,
  digest      bytea NOT NULL UNIQUE,
  permissions text[] NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  created_by  text NOT NULL,
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz,
  origin      text,
  revoked_at  timestamptz
);
CREATE INDEX token_owner ON identity.token (workspace, kind, owner, created_at);
SELECT identity.secure('identity.token', 'SELECT, INSERT, UPDATE, DELETE');

-- Programs without a browser that wait for somebody to let them in (RFC 8628).
CREATE TABLE identity.device_code (
  digest     bytea PRIMARY KEY,
  user_code  text NOT NULL UNIQUE,
  client     text NOT NULL,
  origin     text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  polled_at  timestamptz,
  -- Who let it in; whether they had shown a second factor.
  account    text REFERENCES identity.account,
  factor     boolean NOT NULL DEFAULT false,
  denied_at  timestamptz,
  used_at    timestamptz
);
CREATE INDEX device_code_old ON identity.device_code (expires_at);
SELECT identity.secure('identity.device_code', 'SELECT, INSERT, UPDATE, DELETE');
