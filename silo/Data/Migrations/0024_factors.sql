-- Second factors: one-time passwords with their recovery codes, and passkeys.
CREATE TABLE identity.totp (
  account      text PRIMARY KEY REFERENCES identity.account,
  -- Encrypted with the servers' keys: a copy of the database makes no codes.
  secret       text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz,
  -- Of the newest code that was taken: none of it or before it is taken again.
  last_step    bigint NOT NULL DEFAULT 0
);
SELECT identity.secure('identity.totp', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE identity.recovery_code (
  account text NOT NULL REFERENCES identity.account,
  digest  bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (account, digest)
);
SELECT identity.secure('identity.recovery_code', 'SELECT, INSERT, UPDATE, DELETE');

-- Wrong codes in a row, of one person on all servers together.
CREATE TABLE identity.factor_attempt (
  account      text PRIMARY KEY REFERENCES identity.account,
  failures     integer NOT NULL DEFAULT 0,
  locked_until timestamptz NOT NULL DEFAULT 'epoch'
);
SELECT identity.secure('identity.factor_attempt', 'SELECT, INSERT, UPDATE');

CREATE TABLE identity.passkey (
  id              bytea PRIMARY KEY,
  account         text NOT NULL REFERENCES identity.account,
  name            text NOT NULL,
  public_key      bytea NOT NULL,
  sign_count      bigint NOT NULL,
  transports      text[] NOT NULL,
  user_verified   boolean NOT NULL,
  backup_eligible boolean NOT NULL,
  backed_up       boolean NOT NULL,
  attestation     bytea NOT NULL,
  client_data     bytea NOT NULL,
  created_at      timestamptz NOT NULL,
  used_at         timestamptz
);
CREATE INDEX passkey_account ON identity.passkey (account, created_at);
SELECT identity.secure('identity.passkey', 'SELECT, INSERT, UPDATE, DELETE');

-- What a browser was asked to sign. Taken once, on whichever server the answer comes in.
CREATE TABLE identity.challenge (
  id         uuid PRIMARY KEY,
  account    text,
  state      text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX challenge_old ON identity.challenge (expires_at);
SELECT identity.secure('identity.challenge', 'SELECT, INSERT, DELETE');

-- Made at the machine itself: lets one person in once, so that the first has a way that needs no provider.
CREATE TABLE identity.enrolment (
  digest        bytea PRIMARY KEY,
  account       text NOT NULL,
  administrator boolean NOT NULL,
  expires_at    timestamptz NOT NULL,
  used_at       timestamptz
);
SELECT identity.secure('identity.enrolment', 'SELECT, INSERT, UPDATE, DELETE');

-- What a workspace asks of those who come into it.
CREATE TABLE identity.policy (
  workspace     text PRIMARY KEY,
  second_factor boolean NOT NULL,
  changed_at    timestamptz NOT NULL DEFAULT now(),
  changed_by    text NOT NULL
);
SELECT identity.secure('identity.policy', 'SELECT, INSERT, UPDATE');
